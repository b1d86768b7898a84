create or replace function internal.tg_contact__erased_is_in_the_journal() returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
begin
    if not internal.is_erasing(new.id) then
        perform internal.refuse('contact_erased_is_in_the_journal', 'This erasure is not in the journal: a backup would bring the contact back.',
            'Use api.contact_erase, which writes there first and leaves no word behind.');
    end if;
    return new;
end $$;
comment on function internal.tg_contact__erased_is_in_the_journal() is
    'Nobody is marked as erased but in the transaction that writes its line into the journal. Definer: reads the journal.';
