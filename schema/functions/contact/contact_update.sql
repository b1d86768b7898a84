create or replace function api.contact_update(
    p_contact_id uuid, p_kind text, p_name text, p_phone text, p_email text, p_preferred_method text, p_note text,
    p_phone_e164 text default null, p_other_phone text default null, p_other_e164 text default null,
    p_preferred_time text default null, p_referred_by text default null, p_language text default null)
returns crm.contact
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_contact crm.contact;
begin
    perform internal.require('contact_update');
    update crm.contact c set kind = p_kind, name = p_name, phone = p_phone, phone_e164 = p_phone_e164, other_phone = p_other_phone,
        other_e164 = p_other_e164, email = lower(p_email), preferred_method = p_preferred_method, preferred_time = p_preferred_time,
        language = p_language, referred_by = p_referred_by, note = p_note
    where c.business_id = internal.current_business() and c.id = p_contact_id
    returning * into v_contact;
    if v_contact.id is null then perform internal.not_found('contact'); end if;
    return v_contact;
end $$;
comment on function api.contact_update(uuid, text, text, text, text, text, text, text, text, text, text, text, text) is
    'Change what is known of a contact; what is left out is emptied. Definer: writes.';
grant execute on function api.contact_update(uuid, text, text, text, text, text, text, text, text, text, text, text, text) to crm_app, crm_support;
