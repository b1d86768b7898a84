create or replace function internal.audit_erase_words(p_contact_ids uuid[]) returns void
language plpgsql volatile set search_path = ''
as $$
declare
    v_business uuid := internal.current_business();
    v_ticket_ids text[] := array(select t.id::text from crm.ticket t where t.business_id = v_business and t.contact_id = any (p_contact_ids));
    v_payment_ids text[] := array(
        select p.id::text from crm.invoice i join crm.payment p on p.business_id = i.business_id and p.invoice_id = i.id
        where i.business_id = v_business and i.contact_id = any (p_contact_ids));
begin
    update crm.audit_entry e set old = internal.erased_words(e.old), new = internal.erased_words(e.new), reasoning = null
    where e.business_id = v_business and e.contact_id = any (p_contact_ids);
    -- What a merge carried over to somebody else, and back again.
    update crm.audit_entry e set old = internal.erased_words(e.old), new = internal.erased_words(e.new), reasoning = null
    where e.business_id = v_business and e.change_set_id = any (array(
        select distinct m.change_set_id from crm.audit_entry m join crm.change_set s on s.business_id = m.business_id and s.id = m.change_set_id
        where m.business_id = v_business and m.contact_id = any (p_contact_ids) and s.kind = 'merge'));
    update crm.audit_entry e set old = internal.erased_words(e.old), new = internal.erased_words(e.new), reasoning = null
    where e.business_id = v_business and e.table_name in ('gap', 'task') and e.row_id = any (v_ticket_ids);
    update crm.audit_entry e set old = internal.erased_words(e.old), new = internal.erased_words(e.new), reasoning = null
    where e.business_id = v_business and e.table_name = 'payment' and e.row_id = any (v_payment_ids);
end $$;
comment on function internal.audit_erase_words(uuid[]) is
    'Take the words about these contacts out of the audit as well; who changed which columns, and when, stays.';
