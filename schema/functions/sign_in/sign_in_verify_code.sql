create or replace function api.sign_in_verify_code(p_code text, p_browser_hash bytea)
returns table (outcome text, account_id uuid, email text)
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_link crm.sign_in_link;
begin
    perform internal.require('sign_in_verify_code');
    -- A try is counted before the code is looked at, and stays counted.
    update crm.sign_in_link l set tries = l.tries + 1
    where l.id = (select n.id from crm.sign_in_link n where n.browser_hash = p_browser_hash
                  order by n.requested_at desc, n.id desc limit 1)
      and l.used_at is null and l.expires_at > internal.now() and l.code_hash is not null and l.tries < 5
    returning * into v_link;
    if v_link.id is null then
        perform internal.security_event_record('sign_in_code_refused');
        return query select 'expired', null::uuid, null::text;
    elsif v_link.code_hash <> sha256(convert_to(v_link.id || ':' || regexp_replace(coalesce(p_code, ''), '\s', '', 'g'), 'UTF8')) then
        perform internal.security_event_record('sign_in_code_wrong');
        return query select 'wrong', null::uuid, null::text;
    else
        update crm.sign_in_link l set used_at = internal.now() where l.id = v_link.id and l.used_at is null;
        return query select 'ok', a.account_id, v_link.email from internal.sign_in_account(v_link) a(account_id);
    end if;
end $$;
comment on function api.sign_in_verify_code(text, bytea) is
    'Spend the six-digit code in the browser that asked: five tries for a link. Outcome ok, wrong or expired; returned rather than raised, so that the try stays counted. Definer: the link table is reached by functions only.';
grant execute on function api.sign_in_verify_code(text, bytea) to crm_app;
