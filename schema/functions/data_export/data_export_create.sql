create or replace function api.data_export_create() returns crm.data_export
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_export crm.data_export;
begin
    perform internal.require('data_export_create');
    insert into crm.data_export (noun, total_rows) values ((internal.data_export_nouns())[1], internal.data_export_count()) returning * into v_export;
    perform internal.enqueue('data_export', v_export.id || ' 0', jsonb_build_object('data_export_id', v_export.id));
    return v_export;
end $$;
comment on function api.data_export_create() is
    'Begin to write out everything the business owns. One at a time; it is ready in a while and kept for a week. Definer: writes.';
grant execute on function api.data_export_create() to crm_app, crm_support;
