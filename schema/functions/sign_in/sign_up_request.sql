create or replace function api.sign_up_request(
    p_email text, p_browser_hash bytea, p_name text, p_business_name text, p_time_zone text, p_currency text)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_email text := lower(btrim(p_email));
begin
    perform internal.require('sign_up_request');
    if v_email is null or not internal.is_email(v_email) then
        perform internal.refuse('account_email_is_an_address', 'Enter one e-mail address, such as name@example.com.');
    elsif p_name is null or not internal.is_one_line(p_name, 80) then
        perform internal.refuse('member_name_is_given', 'Enter a name of at most 80 characters.');
    elsif p_business_name is null or not internal.is_one_line(p_business_name, 120) then
        perform internal.refuse('business_name_is_given', 'Give the business a name of at most 120 characters.');
    elsif coalesce(p_currency, '') !~ '^[A-Z]{3}$' then
        perform internal.refuse('business_currency_is_iso_4217', 'Choose a currency by its three-letter code, such as USD.');
    end if;
    perform internal.require_time_zone(p_time_zone);
    perform internal.sign_in_link_make(v_email, p_browser_hash, jsonb_build_object(
        'name', p_name, 'business_name', p_business_name, 'time_zone', p_time_zone, 'currency', p_currency));
end $$;
comment on function api.sign_up_request(text, bytea, text, text, text, text) is
    'Ask for a new business. Nothing is made until the mail''s link or code comes back. Definer: the link table is reached by functions only.';
grant execute on function api.sign_up_request(text, bytea, text, text, text, text) to crm_app;
