create or replace function api.member_disable(p_member_id uuid, p_disabled boolean) returns crm.member
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_member crm.member;
begin
    perform internal.require('member_disable');
    update crm.member m set disabled_at = case when p_disabled then coalesce(m.disabled_at, internal.now()) end
    where m.business_id = internal.current_business() and m.id = p_member_id
    returning * into v_member;
    if v_member.id is null then perform internal.not_found('member'); end if;
    perform internal.security_event_record(case when p_disabled then 'member_disabled' else 'member_enabled' end);
    return v_member;
end $$;
comment on function api.member_disable(uuid, boolean) is
    'Shut a colleague out at once, or let them in again. Their work stays theirs. Definer: writes.';
grant execute on function api.member_disable(uuid, boolean) to crm_app, crm_support;
