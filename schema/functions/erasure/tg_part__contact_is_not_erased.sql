create or replace function internal.tg_part__contact_is_not_erased() returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_erased_at timestamptz;
begin
    -- The lock waits for an erasure that is under way, and then sees that there is nobody left to write about.
    select c.erased_at into v_erased_at from crm.contact c
    where c.business_id = new.business_id and c.id = new.contact_id for key share;
    if v_erased_at is not null then
        perform internal.refuse('contact_erased_stays_erased', 'The data of this contact was erased.', 'Add a new contact.');
    end if;
    return new;
end $$;
comment on function internal.tg_part__contact_is_not_erased() is
    'Nothing more is written about somebody whose data was erased. Definer: reads and locks the contact.';
