create or replace function internal.tg_saved_list__not_too_many() returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
begin
    -- Of two who save the fiftieth at once, the second counts the first one's.
    perform from crm.business b where b.business_id = new.business_id for no key update;
    if (select count(*) from crm.saved_list s where s.business_id = new.business_id
        and lower(s.name collate pg_catalog.pg_c_utf8) <> lower(new.name collate pg_catalog.pg_c_utf8)) >= 50 then
        perform internal.refuse('saved_list_is_one_of_50', 'There are 50 saved lists already.', 'Remove one that nobody opens any more.');
    end if;
    return new;
end $$;
comment on function internal.tg_saved_list__not_too_many() is
    'What is saved can be looked through at a glance. One of the same name is replaced, not added. Definer: counts every list.';
