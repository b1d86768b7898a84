create or replace function internal.member_is_active() returns boolean
language plpgsql stable security definer set search_path = ''
as $$
declare
    v_actor record := internal.context();
begin
    return v_actor.member_id is null or exists (
        select from internal.membership m
        where m.business_id = v_actor.business_id and m.member_id = v_actor.member_id and m.role = v_actor.role and m.active);
end $$;
comment on function internal.member_is_active() is
    'Whether the signed member is still active in the signed role. Definer: the index of memberships stands outside the wall.';
grant execute on function internal.member_is_active() to crm_support;
