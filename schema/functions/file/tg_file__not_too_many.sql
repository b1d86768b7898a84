create or replace function internal.tg_file__not_too_many() returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
begin
    if (select count(*) from crm.file f where f.business_id = new.business_id and f.contact_id = new.contact_id) > 500 then
        perform internal.refuse('file_not_too_many', 'A contact has at most 500 photos and documents.', 'Remove some that are old.');
    end if;
    return null;
end $$;
comment on function internal.tg_file__not_too_many() is 'Pages stay light and disks are not filled by mistake. Definer: counts all, not only what the caller sees.';
