create or replace function api.contact_create(
    p_kind text, p_name text, p_phone text default null, p_email text default null,
    p_preferred_method text default null, p_note text default null, p_phone_e164 text default null,
    p_other_phone text default null, p_other_e164 text default null, p_preferred_time text default null, p_referred_by text default null,
    p_language text default null)
returns crm.contact
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_contact crm.contact;
begin
    perform internal.require('contact_create');
    insert into crm.contact (kind, name, phone, phone_e164, other_phone, other_e164, email, preferred_method, preferred_time, language, referred_by, note)
    values (coalesce(p_kind, 'person'), p_name, p_phone, p_phone_e164, p_other_phone, p_other_e164, lower(p_email),
            p_preferred_method, p_preferred_time, p_language, p_referred_by, p_note)
    returning * into v_contact;
    return v_contact;
end $$;
comment on function api.contact_create(text, text, text, text, text, text, text, text, text, text, text, text) is
    'Add a person or organisation. Phone numbers are kept as typed, beside them in international form (E.164) where it is known; e-mail in lower case. Definer: writes.';
grant execute on function api.contact_create(text, text, text, text, text, text, text, text, text, text, text, text) to crm_app, crm_support;
