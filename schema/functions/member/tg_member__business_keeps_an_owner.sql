create or replace function internal.tg_member__business_keeps_an_owner() returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
begin
    if old.role = 'owner' and old.disabled_at is null
       and (tg_op = 'DELETE' or new.role <> 'owner' or new.disabled_at is not null) then
        -- Two owners demoting each other at once meet at this lock.
        perform from crm.business b where b.business_id = old.business_id for no key update;
        if not exists (select from crm.member m where m.business_id = old.business_id
                       and m.id <> old.id and m.role = 'owner' and m.disabled_at is null) then
            perform internal.refuse('business_keeps_an_owner', 'A business needs at least one owner.',
                'Make somebody else an owner first.');
        end if;
    end if;
    return case when tg_op = 'DELETE' then old else new end;
end $$;
comment on function internal.tg_member__business_keeps_an_owner() is
    'The last owner can neither be disabled nor demoted nor removed. Definer: must see every member.';
