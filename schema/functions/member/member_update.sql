create or replace function api.member_update(p_member_id uuid, p_name text, p_role text) returns crm.member
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_member crm.member;
begin
    perform internal.require('member_update');
    update crm.member m set name = p_name, role = p_role
    where m.business_id = internal.current_business() and m.id = p_member_id
    returning * into v_member;
    if v_member.id is null then perform internal.not_found('member'); end if;
    perform internal.security_event_record('member_changed', p_role);
    return v_member;
end $$;
comment on function api.member_update(uuid, text, text) is
    'Change a colleague''s name or role. A changed role ends their sign-ins. Definer: writes.';
grant execute on function api.member_update(uuid, text, text) to crm_app, crm_support;
