create or replace function internal.tg_part__contact_is_not_merged() returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_contact record;
begin
    if tg_op = 'UPDATE' and new.contact_id = old.contact_id then return new; end if;
    -- The lock waits for a merge that is under way, and then sees what came of it.
    select c.name, c.merged_into_id, c.business_id into v_contact from crm.contact c
    where c.business_id = new.business_id and c.id = new.contact_id for key share;
    if v_contact.merged_into_id is not null then
        perform internal.refuse('contact_merged_is_closed', format('“%s” was merged into %s.', v_contact.name, coalesce('“' || (
            select c.name from crm.contact c where c.business_id = v_contact.business_id and c.id = v_contact.merged_into_id) || '”', 'another contact')),
            'Go on there.');
    end if;
    return new;
end $$;
comment on function internal.tg_part__contact_is_not_merged() is
    'Visits, addresses, facts and messages are added to the contact that stays, not to one that was merged into it. Definer: reads and locks the contact.';
