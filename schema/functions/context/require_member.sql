create or replace function internal.require_member(p_business_id uuid, p_member_id uuid, p_role text) returns void
language plpgsql stable security definer set search_path = ''
as $$
begin
    if (p_member_id is not null or p_role in ('owner', 'office', 'technician')) and not exists (
        select from internal.membership m
        where m.business_id = p_business_id and m.member_id = p_member_id and m.role = p_role and m.active
    ) then
        raise insufficient_privilege using constraint = 'session_is_over',
            message = 'Your sign-in is no longer valid.', hint = 'Sign in again.';
    end if;
end $$;
comment on function internal.require_member(uuid, uuid, text) is
    'The signed member must still be active and still have the signed role: a sign-in dies with the change, not with its expiry. Definer: the index of memberships stands outside the wall.';
