create or replace function api.series_extend(p_after_id uuid default null) returns integer
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_business uuid := internal.current_business();
    v_ids uuid[];
    v_series crm.series;
    v_made integer := 0;
begin
    perform internal.require('series_extend');
    -- Locked in order, so that two at once go one after the other and make nothing twice.
    v_ids := array(select s.id from crm.series s where s.business_id = v_business and s.ended_at is null and s.id > coalesce(p_after_id, internal.house())
                   order by s.id limit 50);
    perform from crm.series s where s.business_id = v_business and s.id = any (v_ids) order by s.id for update;
    perform from crm.member m where m.business_id = v_business and m.id in (
        select sm.member_id from crm.series_member sm where sm.business_id = v_business and sm.series_id = any (v_ids)) order by m.id for no key update;
    for v_series in
        select s.* from crm.series s join crm.contact c on c.business_id = s.business_id and c.id = s.contact_id
        where s.business_id = v_business and s.id = any (v_ids) and s.ended_at is null and c.archived_at is null order by s.id
    loop
        v_made := v_made + internal.series_fill(v_series);
    end loop;
    if cardinality(v_ids) = 50 then
        perform internal.enqueue('series_horizon', internal.series_today('UTC') || ':' || v_ids[50], jsonb_build_object('after_id', v_ids[50]));
    elsif exists (select from crm.series s where s.business_id = v_business and s.ended_at is null) then
        perform internal.enqueue('series_horizon', (internal.series_today('UTC') + 1)::text, '{}', internal.now() + interval '1 day');
    end if;
    return v_made;
end $$;
comment on function api.series_extend(uuid) is
    'Make the visits that have come within a year since yesterday, for fifty series after this id, and ask for the next ones, or for tomorrow. Returns how many were made. Definer: writes.';
grant execute on function api.series_extend(uuid) to crm_app;
