create or replace function api.contact_erase(p_contact_id uuid, p_name text) returns setof crm.erasure
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_business uuid := internal.current_business();
    v_contact crm.contact;
    v_ids uuid[];
begin
    perform internal.require('contact_erase');
    select * into v_contact from crm.contact c where c.business_id = v_business and c.id = p_contact_id for update;
    if v_contact.id is null then perform internal.not_found('contact'); end if;
    if v_contact.merged_into_id is not null then
        perform internal.refuse('contact_merged_is_erased_with_the_other', 'This contact was merged into another.', 'Erase that one: both go together.');
    elsif lower(btrim(coalesce(p_name, ''))) <> lower(v_contact.name) then
        perform internal.refuse('contact_name_is_confirmed', 'This is not their name.', 'Type it as it stands above, to be sure that it is them.');
    end if;
    v_ids := array(select c.id from crm.contact c where c.business_id = v_business and (c.id = p_contact_id or c.merged_into_id = p_contact_id));
    if exists (select from crm.ticket t where t.business_id = v_business and t.contact_id = any (v_ids) and t.status in ('scheduled', 'in_progress')) then
        perform internal.refuse('contact_erased_has_no_open_visit', 'They have a visit that is not closed.', 'Close it out, or cancel it.');
    elsif exists (select from crm.invoice i where i.business_id = v_business and i.contact_id = any (v_ids) and i.status in ('draft', 'sent', 'partial')) then
        perform internal.refuse('contact_erased_has_no_open_invoice', 'They have an invoice that is not paid.', 'Take the payment, or void it.');
    end if;
    return query select * from internal.contact_erase_all(p_contact_id);
end $$;
comment on function api.contact_erase(uuid, text) is
    'Erase what is known of a contact, for good: name, numbers, addresses, facts, notes, files, words on visits, and all of it in the audit. Visits, invoices and payments stay under a pseudonym. The name must be given to confirm. Definer: writes.';
grant execute on function api.contact_erase(uuid, text) to crm_app, crm_support;
