create or replace function api.sign_in_link_issue(p_link_id uuid, p_token_hash bytea, p_code text)
returns table (email text, purpose text, expires_at timestamptz)
language plpgsql volatile security definer set search_path = ''
as $$
begin
    perform internal.require('sign_in_link_issue');
    -- Nobody at this address: no row comes back and no mail is sent.
    return query
        update crm.sign_in_link l
        set token_hash = p_token_hash, code_hash = sha256(convert_to(l.id || ':' || p_code, 'UTF8'))
        where l.id = p_link_id and l.used_at is null and l.expires_at > internal.now()
          and (l.purpose = 'sign_up' or exists (
              select from crm.account a join internal.membership m using (account_id)
              where a.email = l.email and m.active))
        returning l.email, l.purpose, l.expires_at;
end $$;
comment on function api.sign_in_link_issue(uuid, bytea, text) is
    'Give a link its secret at the moment of sending: hash of the token, six-digit code. Returns the envelope, or no row when there is nobody to write to or it is too late. Definer: the link table is reached by functions only.';
grant execute on function api.sign_in_link_issue(uuid, bytea, text) to crm_app;
