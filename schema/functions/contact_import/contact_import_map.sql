create or replace function api.contact_import_map(p_contact_import_id uuid, p_mapping text[], p_duplicates text) returns crm.contact_import
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_import crm.contact_import;
begin
    perform internal.require('contact_import_map');
    select * into v_import from crm.contact_import i
    where i.business_id = internal.current_business() and i.id = p_contact_import_id for update;
    if v_import.id is null then perform internal.not_found('contact_import'); end if;
    -- A double tap says the same again.
    if (p_mapping, coalesce(p_duplicates, v_import.duplicates)) is not distinct from (v_import.mapping, v_import.duplicates) then return v_import; end if;
    if v_import.state <> 'mapping' then
        perform internal.refuse('contact_import_mapping_comes_first', 'This import has begun: its columns stay where they are.', 'Undo it, then import the file again.');
    end if;
    update crm.contact_import i set mapping = p_mapping, duplicates = coalesce(p_duplicates, i.duplicates)
    where i.business_id = v_import.business_id and i.id = v_import.id
    returning * into v_import;
    return v_import;
end $$;
comment on function api.contact_import_map(uuid, text[], text) is
    'Say for each column of an import where it goes, and what becomes of customers who are known: skip, update, create. Definer: writes.';
grant execute on function api.contact_import_map(uuid, text[], text) to crm_app, crm_support;
