create or replace function api.contact_import_start(p_contact_import_id uuid) returns crm.contact_import
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_import crm.contact_import;
begin
    perform internal.require('contact_import_start');
    select * into v_import from crm.contact_import i
    where i.business_id = internal.current_business() and i.id = p_contact_import_id for update;
    if v_import.id is null then perform internal.not_found('contact_import'); end if;
    -- A double tap starts it once.
    if v_import.state in ('waiting', 'running') then return v_import; end if;
    update crm.contact_import i set state = 'waiting', started_at = internal.now(), change_set_id = internal.change_set_begin('import')
    where i.business_id = v_import.business_id and i.id = v_import.id
    returning * into v_import;
    perform internal.enqueue('contact_import', v_import.id || ':1', jsonb_build_object('contact_import_id', v_import.id));
    return v_import;
end $$;
comment on function api.contact_import_start(uuid) is
    'Take the rows of an import into the book. The worker does it, some hundred rows at a time; contact_import_undo takes all of it back. Definer: writes.';
grant execute on function api.contact_import_start(uuid) to crm_app, crm_support;
