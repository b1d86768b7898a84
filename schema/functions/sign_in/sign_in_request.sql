create or replace function api.sign_in_request(p_email text, p_browser_hash bytea) returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_email text := lower(btrim(p_email));
begin
    perform internal.require('sign_in_request');
    if v_email is null or not internal.is_email(v_email) then
        perform internal.refuse('account_email_is_an_address', 'Enter one e-mail address, such as name@example.com.');
    end if;
    perform internal.sign_in_link_make(v_email, p_browser_hash, null);
end $$;
comment on function api.sign_in_request(text, bytea) is
    'Ask for a sign-in link by mail. The answer is the same whether or not anybody has this address: the worker finds out. Definer: the link table is reached by functions only.';
grant execute on function api.sign_in_request(text, bytea) to crm_app;
