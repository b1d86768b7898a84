create or replace function api.contact_import_cancel(p_contact_import_id uuid) returns crm.contact_import
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_import crm.contact_import;
begin
    perform internal.require('contact_import_cancel');
    update crm.contact_import i set state = 'cancelled', finished_at = internal.now()
    where i.business_id = internal.current_business() and i.id = p_contact_import_id
    returning * into v_import;
    if v_import.id is null then perform internal.not_found('contact_import'); end if;
    -- Of a file that nobody imported nothing is kept.
    delete from crm.contact_import_row r
    where r.business_id = v_import.business_id and r.contact_import_id = v_import.id and r.outcome = 'waiting';
    return v_import;
end $$;
comment on function api.contact_import_cancel(uuid) is
    'Take in no further row of an import. What was taken in until then stays, and can be undone. Definer: writes.';
grant execute on function api.contact_import_cancel(uuid) to crm_app, crm_support;
