create or replace function api.sign_in_verify(p_token_hash bytea, p_browser_hash bytea)
returns table (outcome text, account_id uuid, email text)
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_link crm.sign_in_link;
begin
    perform internal.require('sign_in_verify');
    -- One atomic statement decides who of fifty is first.
    update crm.sign_in_link l set used_at = internal.now()
    where l.token_hash = p_token_hash and l.used_at is null and l.expires_at > internal.now()
      and (l.browser_hash is null or l.browser_hash = p_browser_hash)
    returning * into v_link;
    if v_link.id is not null then
        return query select 'ok', a.account_id, v_link.email from internal.sign_in_account(v_link) a(account_id);
    elsif exists (select from crm.sign_in_link l
                  where l.token_hash = p_token_hash and l.used_at is null and l.expires_at > internal.now()) then
        perform internal.security_event_record('sign_in_in_another_browser');
        return query select 'other_browser', null::uuid, null::text;
    else
        perform internal.security_event_record('sign_in_link_refused');
        return query select 'expired', null::uuid, null::text;
    end if;
end $$;
comment on function api.sign_in_verify(bytea, bytea) is
    'Spend a link. Outcome ok with the account; other_browser when it was asked for elsewhere (nothing is spent); expired when it is used, too old or not the newest. Definer: the link table is reached by functions only.';
grant execute on function api.sign_in_verify(bytea, bytea) to crm_app;
