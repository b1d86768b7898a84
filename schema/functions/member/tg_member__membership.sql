create or replace function internal.tg_member__membership() returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
begin
    delete from internal.membership m
    where m.business_id = new.business_id and m.member_id = new.id and m.account_id <> new.account_id;
    insert into internal.membership as membership (account_id, business_id, member_id, role, active, joined)
    values (new.account_id, new.business_id, new.id, new.role, new.disabled_at is null, new.joined_at is not null)
    on conflict (account_id, business_id) do update
    set member_id = excluded.member_id, role = excluded.role, active = excluded.active, joined = excluded.joined,
        since = case when (membership.role, membership.active) is distinct from (excluded.role, excluded.active) then internal.now() else membership.since end;
    return null;
end $$;
comment on function internal.tg_member__membership() is 'Keep the index of memberships that sign-in reads. Definer: it stands outside the wall.';
