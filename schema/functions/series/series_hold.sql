create or replace function internal.series_hold(p_change_set_id uuid) returns void
language plpgsql volatile set search_path = ''
as $$
declare
    v_business uuid := internal.current_business();
    v_series uuid[] := array(select distinct e.row_id::uuid from crm.audit_entry e
        where e.business_id = v_business and e.change_set_id = p_change_set_id and e.table_name = 'series');
begin
    perform from crm.series s where s.business_id = v_business and s.id = any (v_series) order by s.id for update;
    -- Visits before those who go there, as whoever moves one does.
    perform from crm.ticket t where t.business_id = v_business and t.id in (
        select e.row_id::uuid from crm.audit_entry e where e.business_id = v_business and e.change_set_id = p_change_set_id and e.table_name = 'ticket')
        order by t.id for no key update;
    perform from crm.member m where m.business_id = v_business and m.id in (
        select sm.member_id from crm.series_member sm where sm.business_id = v_business and sm.series_id = any (v_series)) order by m.id for no key update;
end $$;
comment on function internal.series_hold(uuid) is 'Lock the series that a change is about, with their visits and technicians.';
