create or replace trigger _200_business_keeps_an_owner before update or delete on crm.member
    for each row execute function internal.tg_member__business_keeps_an_owner();
create or replace trigger _500_membership after insert or update on crm.member
    for each row execute function internal.tg_member__membership();
create or replace trigger _510_feeds_end after update of disabled_at, role on crm.member
    for each row when (new.disabled_at is not null or new.role = 'technician') execute function internal.tg_member__feeds_end();
