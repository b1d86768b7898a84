create or replace function api.contact_consent(p_contact_id uuid, p_consent text) returns crm.contact
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_contact crm.contact;
begin
    perform internal.require('contact_consent');
    update crm.contact c set consent = p_consent,
        consent_at = case when p_consent = c.consent then c.consent_at when p_consent <> 'not_asked' then internal.now() end
    where c.business_id = internal.current_business() and c.id = p_contact_id
    returning * into v_contact;
    if v_contact.id is null then perform internal.not_found('contact'); end if;
    return v_contact;
end $$;
comment on function api.contact_consent(uuid, text) is
    'Note whether a contact wants to hear from the business unasked: given, unsubscribed, or not_asked. Unsubscribing cancels the outreach that is planned. Definer: writes.';
grant execute on function api.contact_consent(uuid, text) to crm_app, crm_support;
