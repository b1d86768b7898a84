create or replace function api.data_export_remove(p_data_export_id uuid) returns crm.data_export
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_export crm.data_export;
begin
    perform internal.require('data_export_remove');
    delete from crm.data_export_part p where p.business_id = internal.current_business() and p.data_export_id = p_data_export_id;
    delete from crm.data_export e where e.business_id = internal.current_business() and e.id = p_data_export_id returning * into v_export;
    if v_export.id is null then perform internal.not_found('data_export'); end if;
    return v_export;
end $$;
comment on function api.data_export_remove(uuid) is
    'Throw an export away, ready or not. By itself that happens after a week. Definer: writes.';
grant execute on function api.data_export_remove(uuid) to crm_app, crm_support;
