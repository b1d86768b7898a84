create or replace function internal.time_words(p_business crm.business, p_at timestamptz, p_until timestamptz default null) returns text
language sql stable set search_path = ''
as $$
    select case when p_business.currency in ('USD', 'CAD')
        then to_char(p_at at time zone p_business.time_zone, 'FMDay, FMMonth FMDD, FMHH12:MI am')
            || coalesce(to_char(p_until at time zone p_business.time_zone, ' "to" FMHH12:MI am'), '')
        else to_char(p_at at time zone p_business.time_zone, 'FMDay FMDD FMMonth, HH24:MI')
            || coalesce(to_char(p_until at time zone p_business.time_zone, ' "to" HH24:MI'), '') end;
$$;
comment on function internal.time_words(crm.business, timestamptz, timestamptz) is
    'A time, or a span of it, as customers of this business read it: Tuesday, November 24, 9:00 am to 10:30 am, or Tuesday 24 November, 09:00 to 10:30.';
