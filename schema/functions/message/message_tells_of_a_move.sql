create or replace function internal.message_tells_of_a_move(p_message crm.message, p_ticket crm.ticket) returns boolean
language sql stable set search_path = ''
as $$
    select exists (
        select from crm.message m
        where m.business_id = p_ticket.business_id and m.ticket_id = p_ticket.id and m.id <> p_message.id
          and m.kind in ('confirmation', 'confirmation_follow_up', 'reminder') and m.status = 'sent'
          and m.ticket_starts_at <> p_ticket.starts_at and m.sent_at <= coalesce(p_message.sent_at, m.sent_at));
$$;
comment on function internal.message_tells_of_a_move(crm.message, crm.ticket) is
    'Whether whoever gets this mail was told another time of the visit before.';
