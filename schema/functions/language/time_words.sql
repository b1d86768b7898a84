create or replace function internal.time_words(p_business crm.business, p_language text, p_at timestamptz, p_until timestamptz default null) returns text
language sql stable set search_path = ''
as $$
    select internal.fill(
        case when p_until is null then g.at_form else g.span_form end,
        jsonb_build_object(
            'day', internal.day_words(p_business, p_language, p_at), 'from', internal.clock_words(p_business, p_language, p_at),
            'until', internal.clock_words(p_business, p_language, p_until)))
    from internal.language g where g.language = p_language;
$$;
comment on function internal.time_words(crm.business, text, timestamptz, timestamptz) is
    'A time, or a span of it, as this business says it in a language: Tuesday, November 24, 9:00 am to 10:30 am, or Dienstag, 24. November, 09:00 bis 10:30 Uhr. Null for no time.';
