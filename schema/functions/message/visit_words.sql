create or replace function internal.visit_words(p_business crm.business, p_ticket crm.ticket) returns text
language sql stable set search_path = ''
as $$
    select case p_ticket.arrival_minutes when 0 then internal.time_words(p_business, p_ticket.starts_at, p_ticket.ends_at)
        else format('%s, between %s and %s', regexp_replace(internal.time_words(p_business, p_ticket.starts_at), ', [^,]*$', ''),
            internal.clock_words(p_business, p_ticket.starts_at),
            internal.clock_words(p_business, p_ticket.starts_at + make_interval(mins => p_ticket.arrival_minutes))) end;
$$;
comment on function internal.visit_words(crm.business, crm.ticket) is
    'When a customer is told to expect a visit: from when to when it is, or between which times somebody arrives.';
