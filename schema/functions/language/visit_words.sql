create or replace function internal.visit_words(p_business crm.business, p_language text, p_ticket crm.ticket) returns text
language sql stable set search_path = ''
as $$
    select case p_ticket.arrival_minutes when 0 then internal.time_words(p_business, p_language, p_ticket.starts_at, p_ticket.ends_at)
        else internal.fill(g.arrival_form, jsonb_build_object(
            'day', internal.day_words(p_business, p_language, p_ticket.starts_at),
            'from', internal.clock_words(p_business, p_language, p_ticket.starts_at),
            'until', internal.clock_words(p_business, p_language, p_ticket.starts_at + make_interval(mins => p_ticket.arrival_minutes)))) end
    from internal.language g where g.language = p_language;
$$;
comment on function internal.visit_words(crm.business, text, crm.ticket) is
    'When a customer is told to expect a visit: from when to when it is, or between which times somebody arrives.';
