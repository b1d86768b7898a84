create or replace function internal.clock_words(p_business crm.business, p_language text, p_at timestamptz) returns text
language sql stable set search_path = ''
as $$
    select case when p_business.currency in ('USD', 'CAD') and g.halves is not null
        then to_char(w.at, 'FMHH12:MI ') || g.halves[1 + extract(hour from w.at)::integer / 12]
        else to_char(w.at, 'HH24:MI') end
    from internal.language g, (values (p_at at time zone p_business.time_zone)) w(at)
    where g.language = p_language;
$$;
comment on function internal.clock_words(crm.business, text, timestamptz) is
    'A time of day as this business says it in a language: 9:00 am, or 09:00. Null for no time.';
