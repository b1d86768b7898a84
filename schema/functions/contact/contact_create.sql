create or replace function api.contact_create(
    p_kind text, p_name text, p_phone text default null, p_email text default null,
    p_preferred_method text default null, p_note text default null)
returns crm.contact
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_contact crm.contact;
begin
    perform internal.require('contact_create');
    insert into crm.contact (kind, name, phone, email, preferred_method, note)
    values (coalesce(p_kind, 'person'), p_name, p_phone, lower(p_email), p_preferred_method, p_note)
    returning * into v_contact;
    return v_contact;
end $$;
comment on function api.contact_create(text, text, text, text, text, text) is
    'Add a person or organisation. Phone is kept as typed; e-mail in lower case. Definer: writes.';
grant execute on function api.contact_create(text, text, text, text, text, text) to crm_app, crm_support;
