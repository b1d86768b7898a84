create or replace function internal.told_otherwise(p_ticket crm.ticket, p_since timestamptz) returns boolean
language sql stable set search_path = ''
as $$
    select exists (
        select from crm.message m
        where m.business_id = p_ticket.business_id and m.ticket_id = p_ticket.id and m.status in ('sending', 'sent')
          and coalesce(m.sent_at, internal.now()) >= p_since
          and (m.kind = 'cancellation'
               or m.kind in ('confirmation', 'confirmation_follow_up', 'reminder') and m.ticket_starts_at <> p_ticket.starts_at));
$$;
comment on function internal.told_otherwise(crm.ticket, timestamptz) is
    'Whether a customer was told by mail, since then, that a visit is at another time than this or is cancelled.';
