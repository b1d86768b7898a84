create or replace function internal.tg_message__outreach_is_welcome() returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
begin
    if exists (select from crm.contact c where c.business_id = new.business_id and c.id = new.contact_id and c.consent = 'unsubscribed') then
        perform internal.refuse('message_outreach_is_welcome', 'They asked not to be written to.', 'Book the next visit, or choose no follow-up.');
    end if;
    return new;
end $$;
comment on function internal.tg_message__outreach_is_welcome() is 'Nothing is planned to be sent unasked to who has unsubscribed. Definer: reads the contact.';
