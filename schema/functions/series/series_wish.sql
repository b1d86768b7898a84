create or replace function internal.series_wish(p_series crm.series, p_rrule text) returns crm.series
language plpgsql stable set search_path = ''
as $$
declare
    v_day integer := extract(day from p_series.first_on);
begin
    if internal.is_sane_date(p_series.first_on) is not true then perform internal.series_check(p_series); end if;
    if p_rrule is not null then
        p_series := internal.series_of_rrule(p_series, p_rrule);
    end if;
    -- What is not said is that of the first day.
    case p_series.unit
        when 'day' then
            p_series.weekdays := null;
        when 'week' then
            p_series.weekdays := coalesce(nullif((select array_agg(distinct w order by w) from unnest(p_series.weekdays) w), '{}'),
                array[extract(isodow from p_series.first_on)]::smallint[]);
        when 'month', 'year' then
            p_series.monthly_by := coalesce(p_series.monthly_by, 'day');
            p_series.weekdays := case when p_series.monthly_by = 'nth_weekday' then
                coalesce(nullif(p_series.weekdays, '{}'), array[extract(isodow from p_series.first_on)]::smallint[]) end;
            p_series.nth := coalesce(p_series.nth, case when p_series.monthly_by = 'day' then v_day when v_day > 28 then -1 else (v_day + 6) / 7 end);
        else null;
    end case;
    if p_series.unit in ('day', 'week') then
        p_series.monthly_by := null;
        p_series.nth := null;
    end if;
    perform internal.series_check(p_series);
    p_series.first_on := (select d from internal.series_days(p_series.first_on, 1, p_series.unit, p_series.weekdays, p_series.monthly_by,
        p_series.nth, null, null, p_series.first_on, p_series.first_on + 800) d limit 1);
    perform internal.series_check(p_series);
    return p_series;
end $$;
comment on function internal.series_wish(crm.series, text) is
    'A series as somebody wishes it, made whole: the rule of RFC 5545 taken over, what was not said taken from its first day, and the first day the first of the rule. Refused when the rule cannot be.';
