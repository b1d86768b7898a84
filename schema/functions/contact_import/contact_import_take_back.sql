create or replace function api.contact_import_take_back(p_contact_import_id uuid) returns crm.contact_import
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_import crm.contact_import;
    v_contacts uuid[];
    v_left boolean;
begin
    perform internal.require('contact_import_take_back');
    select * into v_import from crm.contact_import i
    where i.business_id = internal.current_business() and i.id = p_contact_import_id for update;
    if v_import.id is null then perform internal.not_found('contact_import'); end if;
    if v_import.state <> 'undoing' then return v_import; end if;
    -- What refers to a contact is looked for with plans made for what the planner knows, which may be nothing of so new rows.
    if v_import.undone + v_import.kept = 0
        and (select c.reltuples from pg_catalog.pg_class c where c.oid = 'crm.address'::regclass) < v_import.total_rows then
        analyze crm.contact, crm.address, crm.attribute, crm.contact_import_row;
    end if;
    -- The whole of what the import did to a contact is taken back at once, whichever rows it came from.
    v_contacts := array(select r.contact_id from crm.contact_import_row r
        where r.business_id = v_import.business_id and r.contact_import_id = v_import.id and r.outcome in ('created', 'updated')
        order by r.number limit 250);
    perform internal.contact_import_restore(v_import, array(select distinct c from unnest(v_contacts) c));
    select exists (select from crm.contact_import_row r
        where r.business_id = v_import.business_id and r.contact_import_id = v_import.id and r.outcome in ('created', 'updated')) into v_left;
    update crm.contact_import i
    set undone = n.undone, kept = n.kept, state = case when v_left then 'undoing' else 'undone' end,
        finished_at = case when not v_left then internal.now() end
    from (select count(*) filter (where r.outcome = 'undone') as undone, count(*) filter (where r.outcome = 'kept') as kept
          from crm.contact_import_row r where r.business_id = v_import.business_id and r.contact_import_id = v_import.id) n
    where i.business_id = v_import.business_id and i.id = v_import.id
    returning i.* into v_import;
    if v_left then
        perform internal.enqueue('contact_import_undo', v_import.id || ':' || v_import.undone + v_import.kept,
            jsonb_build_object('contact_import_id', v_import.id));
        return v_import;
    end if;
    -- Names that the import brought along go with the last fact that has them.
    delete from crm.attribute_key k
    where k.business_id = v_import.business_id
      and not exists (select from crm.attribute a where a.business_id = k.business_id and a.key = k.key)
      and exists (select from crm.audit_entry e where e.business_id = k.business_id and e.table_name = 'attribute_key' and e.row_id = k.id::text
                  and e.operation = 'insert' and e.change_set_id = v_import.change_set_id)
      and not exists (select from crm.audit_entry e where e.business_id = k.business_id and e.table_name = 'attribute_key' and e.row_id = k.id::text
                      and e.change_set_id is distinct from v_import.change_set_id);
    return v_import;
end $$;
comment on function api.contact_import_take_back(uuid) is
    'Undo some hundred rows of an import that is being undone, and ask for the next ones. Definer: writes.';
grant execute on function api.contact_import_take_back(uuid) to crm_app;
