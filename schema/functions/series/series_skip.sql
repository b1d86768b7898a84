create or replace function api.series_skip(p_ticket_id uuid) returns crm.change_set
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_ticket crm.ticket;
    v_set crm.change_set;
begin
    perform internal.require('series_skip');
    -- The series before its visit, as whoever changes it does.
    perform from crm.series s where s.business_id = internal.current_business() and s.id = (
        select t.series_id from crm.ticket t where t.business_id = internal.current_business() and t.id = p_ticket_id) for update;
    v_ticket := internal.ticket_open(p_ticket_id);
    if v_ticket.series_id is null then
        perform internal.refuse('series_skip_is_of_a_series', 'This visit does not repeat.', 'Cancel it.');
    elsif v_ticket.status <> 'scheduled' then
        perform internal.refuse('ticket_of_a_series_is_open', 'This visit is under way.', 'Close it out, or cancel it.');
    end if;
    v_set.id := internal.change_set_begin('series');
    insert into crm.series_skip (series_id, occurrence_on) values (v_ticket.series_id, v_ticket.occurrence_on) on conflict do nothing;
    update crm.ticket t set status = 'cancelled', cancelled_at = internal.now(), cancelled_by = internal.current_member(), cancel_reason = 'Left out this once.'
    where t.business_id = v_ticket.business_id and t.id = v_ticket.id;
    perform set_config('app.change_set', '', true);
    select * into v_set from crm.change_set s where s.business_id = v_ticket.business_id and s.id = v_set.id;
    return v_set;
end $$;
comment on function api.series_skip(uuid) is
    'Leave one visit of a series out: it is cancelled, and the series goes on. Returns the change set by which series_undo takes it back. Definer: writes.';
grant execute on function api.series_skip(uuid) to crm_app, crm_support;
