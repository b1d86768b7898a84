create or replace function internal.refuse_unwelcome_outreach(p_business_id uuid, p_contact_id uuid) returns void
language plpgsql volatile set search_path = ''
as $$
begin
    if exists (select from crm.contact c where c.business_id = p_business_id and c.id = p_contact_id and c.consent = 'unsubscribed') then
        perform internal.refuse('message_outreach_is_welcome', 'They asked not to be written to.', 'Book the next visit, or choose no follow-up.');
    end if;
end $$;
comment on function internal.refuse_unwelcome_outreach(uuid, uuid) is
    'Who has unsubscribed is not written to unasked: said when it is chosen, and held to when it is planned.';
