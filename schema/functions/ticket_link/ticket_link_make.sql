create or replace function internal.ticket_link_make(p_message crm.message, p_token_hash bytea) returns void
language plpgsql volatile set search_path = ''
as $$
declare
    v_ticket crm.ticket;
    v_offer crm.waitlist_offer;
begin
    -- What is sent long after a visit has nothing to do with it any more.
    if p_message.kind <> 'outreach' then
        select * into v_ticket from crm.ticket t where t.business_id = p_message.business_id and t.id = p_message.ticket_id;
    end if;
    select * into v_offer from crm.waitlist_offer o where o.business_id = p_message.business_id and o.message_id = p_message.id;
    insert into crm.ticket_link (message_id, ticket_id, waitlist_offer_id, token_hash, told_starts_at, expires_at)
    values (p_message.id, v_ticket.id, v_offer.id, p_token_hash, v_ticket.starts_at,
            coalesce(coalesce(v_ticket.ends_at, v_offer.ends_at) + interval '1 day', internal.now() + interval '60 days'));
end $$;
comment on function internal.ticket_link_make(crm.message, bytea) is
    'The row of a link that a mail is about to carry. It is good until a day after the visit, or after the time that is offered; one that only unsubscribes, for 60 days.';
