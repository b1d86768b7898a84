create or replace function internal.tg_member__membership() returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
begin
    insert into internal.membership (account_id, business_id, member_id, role, active)
    values (new.account_id, new.business_id, new.id, new.role, new.disabled_at is null)
    on conflict (account_id, business_id) do update
    set member_id = excluded.member_id, role = excluded.role, active = excluded.active;
    return null;
end $$;
comment on function internal.tg_member__membership() is 'Keep the index of memberships that sign-in reads. Definer: it stands outside the wall.';
