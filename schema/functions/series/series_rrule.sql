create or replace function internal.series_rrule(p_series crm.series) returns text
language sql stable set search_path = ''
as $$
    select concat_ws(';',
        'FREQ=' || case p_series.unit when 'day' then 'DAILY' when 'week' then 'WEEKLY' when 'month' then 'MONTHLY' else 'YEARLY' end,
        case when p_series.every > 1 then 'INTERVAL=' || p_series.every end,
        case when p_series.unit = 'year' then 'BYMONTH=' || extract(month from p_series.first_on) end,
        case when p_series.weekdays is not null then 'BYDAY=' || (
            select string_agg(coalesce(p_series.nth::text, '') || (array['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'])[w], ',' order by w)
            from unnest(p_series.weekdays) w) end,
        -- A shorter month has its last day: the last that there is of those from the 28th on.
        case when p_series.monthly_by = 'day' then 'BYMONTHDAY=' || case when p_series.nth <= 28 then p_series.nth::text
            else (select string_agg(d::text, ',' order by d) from generate_series(28, p_series.nth) d) || ';BYSETPOS=-1' end end,
        case when coalesce(p_series.until_on, p_series.ended_on) is not null then 'UNTIL=' || to_char(internal.wall_instant(
            least(p_series.until_on, p_series.ended_on - 1), p_series.starts_at_wall, p_series.time_zone) at time zone 'UTC', 'YYYYMMDD"T"HH24MISS"Z"')
        else 'COUNT=' || p_series.count end);
$$;
comment on function internal.series_rrule(crm.series) is
    'The rule as RFC 5545 writes it, so that other programs get the same days. It goes with DTSTART on first_on at the wall time, in the zone of the series.';
