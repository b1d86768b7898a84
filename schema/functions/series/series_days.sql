create or replace function internal.series_days(
    p_first_on date, p_every integer, p_unit text, p_weekdays smallint[], p_monthly_by text, p_nth integer,
    p_until_on date, p_count integer, p_from date, p_to date)
returns setof date
language sql immutable parallel safe set search_path = ''
as $$
    -- A period is a day, a week from Monday, or a month; a year is twelve of them.
    with step as (
        select case p_unit when 'year' then 12 else 1 end * p_every as size,
            case p_unit when 'day' then p_first_on when 'week' then date_trunc('week', p_first_on::timestamp)::date
                 else date_trunc('month', p_first_on::timestamp)::date end as start,
            case p_unit when 'day' then 1 when 'week' then 7 else 28 end as shortest,
            case p_unit when 'day' then 1 when 'week' then 7 else 31 end as longest,
            least(p_to, p_until_on) as stop
    ), period as (
        select case when p_unit in ('day', 'week') then s.start + n * s.size * s.shortest
                    else (s.start + make_interval(months => n * s.size))::date end as start
        from step s, generate_series(
            -- What is counted is counted from the first day on; else nothing is looked at long before p_from.
            case when p_count is null then greatest(0, (p_from - s.start) / (s.size * s.longest) - 1) else 0 end,
            least((s.stop - s.start) / (s.size * s.shortest), coalesce(p_count, 2147483647))) n
    ), month as (
        select p.start, (p.start + interval '1 month - 1 day')::date as stop from period p
    ), day as (
        select p.start as d from period p where p_unit = 'day'
        union all
        select p.start + w - 1 from period p, unnest(p_weekdays) w where p_unit = 'week'
        union all
        select least(m.start + p_nth - 1, m.stop) from month m where p_unit in ('month', 'year') and p_monthly_by = 'day'
        union all
        select case when p_nth > 0 then m.start + (p_weekdays[1] - extract(isodow from m.start)::integer + 7) % 7 + 7 * (p_nth - 1)
                    else m.stop - (extract(isodow from m.stop)::integer - p_weekdays[1] + 7) % 7 end
        from month m where p_unit in ('month', 'year') and p_monthly_by = 'nth_weekday'
    ), counted as (
        select d.d, row_number() over (order by d.d) as number from day d, step s where d.d >= p_first_on and d.d <= s.stop
    )
    select c.d from counted c where c.d >= p_from and (p_count is null or c.number <= p_count) order by c.d;
$$;
comment on function internal.series_days(date, integer, text, smallint[], text, integer, date, integer, date, date) is
    'The days of a rule from p_from to p_to: the arithmetic of the calendar and nothing else. A month without a 29th, 30th or 31st has its last day instead, so every period has its visit; RFC 5545 would leave it out.';
