create or replace function api.time_off_remove(p_time_off_id uuid) returns crm.time_off
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_off crm.time_off;
begin
    perform internal.require('time_off_remove');
    delete from crm.time_off o where o.business_id = internal.current_business() and o.id = p_time_off_id
    returning * into v_off;
    if v_off.id is null then perform internal.not_found('time_off'); end if;
    return v_off;
end $$;
comment on function api.time_off_remove(uuid) is 'Take time off back. Definer: writes.';
grant execute on function api.time_off_remove(uuid) to crm_app, crm_support;
