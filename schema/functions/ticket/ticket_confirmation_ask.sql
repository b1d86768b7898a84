create or replace function api.ticket_confirmation_ask(p_ticket_id uuid) returns crm.message
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_ticket crm.ticket;
    v_contact crm.contact;
    v_message crm.message;
    v_send_at timestamptz;
begin
    perform internal.require('ticket_confirmation_ask');
    v_ticket := internal.ticket_open(p_ticket_id);
    select * into v_contact from crm.contact c where c.business_id = v_ticket.business_id and c.id = v_ticket.contact_id;
    v_send_at := internal.after_quiet_hours(internal.now(), (select b.time_zone from crm.business b where b.business_id = v_ticket.business_id));
    if v_ticket.status <> 'scheduled' or v_ticket.starts_at <= internal.now() then
        perform internal.refuse('ticket_confirmation_is_asked_before', 'This visit has begun, or should have: there is nothing to ask any more.');
    elsif v_ticket.confirmation <> 'pending' then
        perform internal.refuse('ticket_confirmation_is_asked_once', format('They have answered: %s.', replace(v_ticket.confirmation, '_', ' ')),
            'When the visit is moved, they can be asked again.');
    elsif v_contact.email is null then
        perform internal.refuse('message_has_an_address', 'They have no e-mail address, so no mail can be sent.', 'Add one to the contact, or call them.');
    elsif v_send_at >= v_ticket.starts_at then
        perform internal.refuse('message_is_sent_by_day', 'Nobody is written to between eight in the evening and eight in the morning, and then it is too late.', 'Call them.');
    end if;
    -- A double tap asks once; so does a second thought before the first mail has gone out.
    select * into v_message from crm.message m
    where m.business_id = v_ticket.business_id and m.ticket_id = v_ticket.id and m.kind = 'confirmation'
      and (m.status in ('pending', 'sending') or (m.status = 'sent' and m.ticket_starts_at = v_ticket.starts_at and m.sent_at > internal.now() - interval '10 minutes'))
    limit 1;
    if v_message.id is not null then return v_message; end if;
    update crm.message m set status = 'cancelled', cancelled_at = internal.now(), cancel_reason = 'They were asked again.'
    where m.business_id = v_ticket.business_id and m.ticket_id = v_ticket.id and m.kind in ('confirmation', 'confirmation_follow_up') and m.status in ('pending', 'failed');
    insert into crm.message (contact_id, ticket_id, kind, asked, send_at, reason)
    select v_ticket.contact_id, v_ticket.id, 'confirmation', coalesce(max(m.asked), 0) + 1, v_send_at,
           'Asked for by ' || coalesce((select p.name from crm.member p where p.business_id = v_ticket.business_id and p.id = internal.current_member()), 'the business') || '.'
    from crm.message m where m.business_id = v_ticket.business_id and m.ticket_id = v_ticket.id and m.kind = 'confirmation'
    returning * into v_message;
    return v_message;
end $$;
comment on function api.ticket_confirmation_ask(uuid) is
    'Ask the customer by mail whether a visit suits them: plans a mail with a link, now or in the morning, and asks once more two days later if there is no answer. May be asked again later; refused when they have answered or have no e-mail address. Definer: writes.';
grant execute on function api.ticket_confirmation_ask(uuid) to crm_app, crm_support;
