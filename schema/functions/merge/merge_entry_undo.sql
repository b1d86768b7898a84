create or replace function internal.merge_entry_undo(p_entry crm.audit_entry) returns void
language plpgsql volatile set search_path = ''
as $$
declare
    v_business uuid := p_entry.business_id;
    v_id uuid := p_entry.row_id::uuid;
    v_contact crm.contact;
    v_attribute crm.attribute;
    v_ticket crm.ticket;
    v_series crm.series;
    v_message crm.message;
    v_waiting crm.waitlist_entry;
    v_task crm.task;
    v_invoice crm.invoice;
begin
    case p_entry.table_name || ' ' || p_entry.operation
    when 'address insert' then delete from crm.address a where a.business_id = v_business and a.id = v_id;
    when 'attribute insert' then delete from crm.attribute a where a.business_id = v_business and a.id = v_id;
    when 'note insert' then delete from crm.note n where n.business_id = v_business and n.id = v_id;
    when 'contact update' then
        select (jsonb_populate_record(c, p_entry.old)).* into v_contact from crm.contact c where c.business_id = v_business and c.id = v_id;
        update crm.contact c set name = v_contact.name, kind = v_contact.kind, phone = v_contact.phone, phone_e164 = v_contact.phone_e164,
            other_phone = v_contact.other_phone, other_e164 = v_contact.other_e164, email = v_contact.email,
            preferred_method = v_contact.preferred_method, preferred_time = v_contact.preferred_time, language = v_contact.language, referred_by = v_contact.referred_by,
            note = v_contact.note, consent = v_contact.consent, consent_at = v_contact.consent_at,
            merged_into_id = v_contact.merged_into_id, archived_at = v_contact.archived_at
        where c.business_id = v_business and c.id = v_id;
    when 'attribute update' then
        select (jsonb_populate_record(a, p_entry.old)).* into v_attribute from crm.attribute a where a.business_id = v_business and a.id = v_id;
        update crm.attribute a set value = v_attribute.value, source = v_attribute.source, words = v_attribute.words, ticket_id = v_attribute.ticket_id
        where a.business_id = v_business and a.id = v_id;
    when 'ticket update' then
        select (jsonb_populate_record(t, p_entry.old)).* into v_ticket from crm.ticket t where t.business_id = v_business and t.id = v_id;
        update crm.ticket t set contact_id = v_ticket.contact_id, address_id = v_ticket.address_id where t.business_id = v_business and t.id = v_id;
    when 'series update' then
        select (jsonb_populate_record(s, p_entry.old)).* into v_series from crm.series s where s.business_id = v_business and s.id = v_id;
        update crm.series s set contact_id = v_series.contact_id, address_id = v_series.address_id where s.business_id = v_business and s.id = v_id;
    when 'waitlist_entry update' then
        select (jsonb_populate_record(w, p_entry.old)).* into v_waiting from crm.waitlist_entry w where w.business_id = v_business and w.id = v_id;
        update crm.waitlist_entry w set contact_id = v_waiting.contact_id, address_id = v_waiting.address_id
        where w.business_id = v_business and w.id = v_id and w.ticket_id is null;
    when 'message update' then
        select (jsonb_populate_record(m, p_entry.old)).* into v_message from crm.message m where m.business_id = v_business and m.id = v_id;
        update crm.message m set contact_id = v_message.contact_id, status = v_message.status, cancelled_at = v_message.cancelled_at,
            cancel_reason = v_message.cancel_reason
        where m.business_id = v_business and m.id = v_id;
    when 'task update' then
        select (jsonb_populate_record(t, p_entry.old)).* into v_task from crm.task t where t.business_id = v_business and t.id = v_id;
        update crm.task t set contact_id = v_task.contact_id where t.business_id = v_business and t.id = v_id;
    when 'invoice update' then
        select (jsonb_populate_record(i, p_entry.old)).* into v_invoice from crm.invoice i where i.business_id = v_business and i.id = v_id;
        update crm.invoice i set contact_id = v_invoice.contact_id where i.business_id = v_business and i.id = v_id;
    -- The technicians, notes and photos of a visit follow it by their foreign keys.
    when 'assignment update', 'note update', 'file update' then null;
    else perform internal.refuse('change_set_was_changed_since', 'This merge has more in it than a merge does, and cannot be undone.');
    end case;
end $$;
comment on function internal.merge_entry_undo(crm.audit_entry) is
    'Undo one audit entry of a merge: what was added is removed, what was changed has its old values again.';
