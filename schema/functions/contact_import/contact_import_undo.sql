create or replace function api.contact_import_undo(p_contact_import_id uuid) returns crm.contact_import
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_import crm.contact_import;
begin
    perform internal.require('contact_import_undo');
    select * into v_import from crm.contact_import i
    where i.business_id = internal.current_business() and i.id = p_contact_import_id for update;
    if v_import.id is null then perform internal.not_found('contact_import'); end if;
    -- A double tap undoes it once.
    if v_import.state in ('undoing', 'undone') then return v_import; end if;
    if v_import.created + v_import.updated = 0 then
        perform internal.refuse('contact_import_undo_has_something', 'This import changed nothing, so there is nothing to undo.');
    end if;
    update crm.contact_import i set state = 'undoing', finished_at = null
    where i.business_id = v_import.business_id and i.id = v_import.id
    returning * into v_import;
    update crm.change_set s set undone_at = internal.now(), undone_by = internal.current_member()
    where s.business_id = v_import.business_id and s.id = v_import.change_set_id;
    perform internal.enqueue('contact_import_undo', v_import.id || ':0', jsonb_build_object('contact_import_id', v_import.id));
    return v_import;
end $$;
comment on function api.contact_import_undo(uuid) is
    'Undo an import: contacts that it added vanish, and what it changed is as it was before. Whom somebody has changed since, and who has a visit, an invoice or a note, stays as they are. The worker does it. Definer: writes.';
grant execute on function api.contact_import_undo(uuid) to crm_app, crm_support;
