create or replace function internal.tg_message__outreach_is_welcome() returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
begin
    perform internal.refuse_unwelcome_outreach(new.business_id, new.contact_id);
    return new;
end $$;
comment on function internal.tg_message__outreach_is_welcome() is 'Nothing is planned to be sent unasked to who has unsubscribed. Definer: reads the contact.';
