create or replace function internal.contact_erase_all(p_contact_id uuid) returns setof crm.erasure
language plpgsql volatile set search_path = ''
as $$
declare
    v_business uuid := internal.current_business();
    v_ids uuid[] := array(
        select c.id from crm.contact c
        where c.business_id = v_business and (c.id = p_contact_id or c.merged_into_id = p_contact_id) and c.erased_at is null
        for update);
    v_file_ids uuid[] := array(
        select f.id from crm.file f where f.business_id = v_business and f.contact_id = any (v_ids) and f.kept_in = 'folder');
begin
    insert into crm.erasure (contact_id) select unnest(v_ids);
    perform internal.contact_erase_words(v_ids);
    perform internal.audit_erase_words(v_ids);
    if v_file_ids <> '{}' then
        perform internal.enqueue('file_removal', p_contact_id::text, jsonb_build_object('file_ids', v_file_ids));
    end if;
    return query select * from crm.erasure e
        where e.business_id = v_business and e.contact_id = any (v_ids) and e.transaction_id = pg_current_xact_id();
end $$;
comment on function internal.contact_erase_all(uuid) is
    'Erase a contact and those merged into it, whatever is open; once more is nothing more. Returns what goes into the journal.';
