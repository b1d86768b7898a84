create or replace function api.member_invite(p_name text, p_email text, p_role text) returns crm.member
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_email text := lower(btrim(p_email));
    v_account_id uuid;
    v_member crm.member;
begin
    perform internal.require('member_invite');
    if v_email is null or not internal.is_email(v_email) then
        perform internal.refuse('member_email_is_an_address', 'Enter one e-mail address, such as name@example.com.');
    end if;
    insert into crm.account (email) values (v_email) on conflict on constraint account_email_is_unique do nothing;
    select account_id into v_account_id from crm.account where email = v_email;
    insert into crm.member (account_id, name, email, role) values (v_account_id, p_name, v_email, p_role)
    returning * into v_member;
    perform internal.enqueue('invitation_mail', v_member.id::text, jsonb_build_object('member_id', v_member.id));
    perform internal.security_event_record('member_invited', p_role);
    return v_member;
end $$;
comment on function api.member_invite(text, text, text) is
    'Invite somebody by e-mail as owner, office or technician. They sign in with that address; a mail tells them so. Definer: writes.';
grant execute on function api.member_invite(text, text, text) to crm_app, crm_support;
