create or replace function api.contact_merge_undo(p_change_set_id uuid) returns crm.change_set
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_business uuid := internal.current_business();
    v_set crm.change_set;
    v_entry crm.audit_entry;
    v_contacts uuid[];
begin
    perform internal.require('contact_merge_undo');
    select * into v_set from crm.change_set s where s.business_id = v_business and s.id = p_change_set_id and s.kind = 'merge' for update;
    if v_set.id is null then perform internal.not_found('merge'); end if;
    if v_set.undone_at is not null then
        perform internal.refuse('change_set_is_undone_once', 'This merge was undone already.');
    end if;
    v_contacts := array(select distinct e.row_id::uuid from crm.audit_entry e
                        where e.business_id = v_business and e.change_set_id = v_set.id and e.table_name = 'contact');
    v_contacts := v_contacts || array(select distinct (e.new ->> 'merged_into_id')::uuid from crm.audit_entry e
                        where e.business_id = v_business and e.change_set_id = v_set.id and e.table_name = 'contact' and e.new ? 'merged_into_id');
    perform from crm.contact c where c.business_id = v_business and c.id = any (v_contacts) order by c.id for update;
    if exists (select from internal.merge_changes(v_set.id)) then
        perform internal.refuse('change_set_was_changed_since', 'Something was changed since the merge, and would be lost.',
            'Look at what it was, and change by hand what should be otherwise.');
    end if;
    perform set_config('app.change_set', v_set.id::text, true);
    for v_entry in
        select * from crm.audit_entry e where e.business_id = v_business and e.change_set_id = v_set.id order by e.at desc, e.id desc
    loop
        perform internal.merge_entry_undo(v_entry);
    end loop;
    update crm.change_set s set undone_at = internal.now(), undone_by = internal.current_member()
    where s.business_id = v_business and s.id = v_set.id returning * into v_set;
    perform internal.contact_search_refresh(v_contacts);
    perform set_config('app.change_set', '', true);
    return v_set;
end $$;
comment on function api.contact_merge_undo(uuid) is
    'Undo a merge: all of its rows are again as they were before it, from the audit. Refused when somebody changed one of them since, or booked a visit at an address that it copied (see contact_merge_changes). Definer: writes.';
grant execute on function api.contact_merge_undo(uuid) to crm_app, crm_support;
