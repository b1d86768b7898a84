create or replace function internal.tg_contact__erased_stays_erased() returns trigger
language plpgsql volatile set search_path = ''
as $$
begin
    perform internal.refuse('contact_erased_stays_erased', 'The data of this contact was erased.', 'Add a new contact.');
    return null;
end $$;
comment on function internal.tg_contact__erased_stays_erased() is 'Nothing is written about somebody whose data was erased.';
