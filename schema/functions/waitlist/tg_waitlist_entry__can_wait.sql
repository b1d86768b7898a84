create or replace function internal.tg_waitlist_entry__can_wait() returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
begin
    if tg_op = 'INSERT' then
        if exists (select from crm.contact c where c.business_id = new.business_id and c.id = new.contact_id and c.archived_at is not null and c.merged_into_id is null) then
            perform internal.refuse('waitlist_entry_contact_is_on_the_list', 'This contact is archived.', 'Put them back on the list first.');
        elsif exists (select from crm.ticket t where t.business_id = new.business_id and t.id = new.ticket_id
                      and (t.status <> 'scheduled' or t.starts_at <= internal.now())) then
            perform internal.refuse('waitlist_entry_visit_is_ahead', 'This visit is not ahead any more, so it cannot come sooner.');
        end if;
    end if;
    if new.until_on < internal.series_today((select b.time_zone from crm.business b where b.business_id = new.business_id)) then
        perform internal.refuse('waitlist_entry_until_on_is_ahead', 'This day is past.', 'Choose the last day on which it would still be good, or none.');
    end if;
    return new;
end $$;
comment on function internal.tg_waitlist_entry__can_wait() is
    'Only who is on the list waits, for a day that is still to come; only a visit that is ahead comes sooner. Definer: reads the contact, the visit and the business.';
