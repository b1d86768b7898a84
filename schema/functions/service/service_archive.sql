create or replace function api.service_archive(p_service_id uuid, p_archived boolean) returns crm.service
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_service crm.service;
begin
    perform internal.require('service_archive');
    update crm.service s set archived_at = case when p_archived then coalesce(s.archived_at, internal.now()) end
    where s.business_id = internal.current_business() and s.id = p_service_id
    returning * into v_service;
    if v_service.id is null then perform internal.not_found('service'); end if;
    return v_service;
end $$;
comment on function api.service_archive(uuid, boolean) is 'Take a service out of the catalogue, or put it back. Definer: writes.';
grant execute on function api.service_archive(uuid, boolean) to crm_app, crm_support;
