create or replace function internal.sign_in_account(p_link crm.sign_in_link) returns uuid
language plpgsql volatile set search_path = ''
as $$
declare
    v_account_id uuid;
begin
    insert into crm.account (email) select p_link.email where p_link.purpose = 'sign_up'
    on conflict on constraint account_email_is_unique do nothing;
    select a.account_id into v_account_id from crm.account a where a.email = p_link.email;
    if p_link.purpose = 'sign_up' then
        perform internal.business_make(v_account_id, p_link.email, p_link.sign_up);
    end if;
    perform internal.security_event_record('sign_in');
    return v_account_id;
end $$;
comment on function internal.sign_in_account(crm.sign_in_link) is
    'The account of a link that was just spent; for a sign-up the account and its business are made here.';
