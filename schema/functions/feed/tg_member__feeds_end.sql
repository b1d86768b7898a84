create or replace function internal.tg_member__feeds_end() returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
begin
    delete from crm.feed f
    where f.business_id = new.business_id and f.member_id = new.id
      and (new.disabled_at is not null or f.kind = 'business' and new.role = 'technician');
    return null;
end $$;
comment on function internal.tg_member__feeds_end() is
    'Who is shut out has no calendar of ours any more, also after they are let in again; who leaves the desk, none of all visits. Definer: deletes.';
