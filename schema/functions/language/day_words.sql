create or replace function internal.day_words(p_business crm.business, p_language text, p_at timestamptz) returns text
language sql stable set search_path = ''
as $$
    select internal.fill(
        case when p_business.currency in ('USD', 'CAD') then g.american_day_form else g.day_form end,
        jsonb_build_object(
            'weekday', g.weekdays[extract(isodow from w.at)::integer], 'month', g.months[extract(month from w.at)::integer],
            'day', case extract(day from w.at) when 1 then g.first_of_month else extract(day from w.at)::text end))
    from internal.language g, (values (p_at at time zone p_business.time_zone)) w(at)
    where g.language = p_language and p_at is not null;
$$;
comment on function internal.day_words(crm.business, text, timestamptz) is
    'A day as this business says it in a language: Tuesday, November 24, or Dienstag, 24. November. Null for no time.';
