create or replace function internal.tg_part__contact_is_open() returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_closed record;
begin
    if tg_op = 'INSERT' then
        -- The foreign key has locked the contacts, and so waited for a merge or an erasure that was under way.
        select c.name, c.erased_at, c.business_id, c.merged_into_id into v_closed from crm.contact c
        where c.business_id = any (array(select n.business_id from new_rows n)) and c.id = any (array(select n.contact_id from new_rows n))
          and (c.erased_at is not null or c.merged_into_id is not null and tg_argv[0] = 'merged') limit 1;
    else
        select c.name, c.erased_at, c.business_id, c.merged_into_id into v_closed from crm.contact c
        where c.business_id = new.business_id and c.id = new.contact_id
          and (c.erased_at is not null or c.merged_into_id is not null and tg_argv[0] = 'merged') for key share;
    end if;
    if v_closed.erased_at is not null then
        perform internal.refuse('contact_erased_stays_erased', 'The data of this contact was erased.', 'Add a new contact.');
    elsif v_closed.merged_into_id is not null then
        perform internal.refuse('contact_merged_is_closed', format('“%s” was merged into %s.', v_closed.name, coalesce('“' || (
            select c.name from crm.contact c where c.business_id = v_closed.business_id and c.id = v_closed.merged_into_id) || '”', 'another contact')),
            'Go on there.');
    end if;
    return new;
end $$;
comment on function internal.tg_part__contact_is_open() is
    'Nothing more is written about somebody whose data was erased, and with the argument merged, nothing is added to a contact that was merged into another. Added rows are looked at once for a statement, however many they are. Definer: reads and locks the contact.';
