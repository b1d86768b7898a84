create or replace function internal.series_of_rrule(p_series crm.series, p_rrule text) returns crm.series
language plpgsql stable set search_path = ''
as $$
declare
    v_rule text := regexp_replace(upper(btrim(p_rrule)), '^RRULE:', '');
    v_part text[];
    v_known jsonb := '{}';
    v_days text[];
    v_month_days integer[];
    v_position integer;
begin
    for v_part in select regexp_match(part, '^([A-Z]+)=([A-Z0-9,+:-]+)$') from string_to_table(v_rule, ';') part loop
        if v_part is null or v_known ? v_part[1] then perform internal.refuse_rrule('This is not a rule as calendars write it.'); end if;
        v_known := v_known || jsonb_build_object(v_part[1], v_part[2]);
    end loop;
    if v_known - '{FREQ,INTERVAL,COUNT,UNTIL,BYDAY,BYMONTHDAY,BYSETPOS,BYMONTH,WKST}'::text[] <> '{}' then
        perform internal.refuse_rrule(format('%s is not kept.', (select string_agg(k, ', ') from jsonb_object_keys(
            v_known - '{FREQ,INTERVAL,COUNT,UNTIL,BYDAY,BYMONTHDAY,BYSETPOS,BYMONTH,WKST}'::text[]) k)));
    elsif v_known ->> 'INTERVAL' !~ '^\d{1,3}$' or v_known ->> 'COUNT' !~ '^\d{1,4}$' or v_known ->> 'BYSETPOS' !~ '^(-1|[1-4])$'
        or v_known ->> 'BYMONTHDAY' !~ '^(-1|[1-9]\d?(,[1-9]\d?){0,3})$' or v_known ->> 'BYMONTH' !~ '^\d{1,2}$'
        or v_known ->> 'BYDAY' !~ '^([+-]?[1-5])?(MO|TU|WE|TH|FR|SA|SU)(,(MO|TU|WE|TH|FR|SA|SU))*$' then
        perform internal.refuse_rrule('One of its parts is not kept.');
    end if;
    p_series.unit := case v_known ->> 'FREQ' when 'DAILY' then 'day' when 'WEEKLY' then 'week' when 'MONTHLY' then 'month' when 'YEARLY' then 'year' end;
    if p_series.unit is null then perform internal.refuse_rrule('It must repeat by days, weeks, months or years.'); end if;
    p_series.every := coalesce((v_known ->> 'INTERVAL')::integer, 1);
    p_series.count := (v_known ->> 'COUNT')::integer;
    p_series.until_on := internal.until_of_rrule(p_series, v_known ->> 'UNTIL');
    v_days := string_to_array(v_known ->> 'BYDAY', ',');
    v_month_days := string_to_array(v_known ->> 'BYMONTHDAY', ',')::integer[];
    v_position := (v_known ->> 'BYSETPOS')::integer;
    if p_series.unit in ('day', 'week') and v_known ?| '{BYMONTHDAY,BYSETPOS,BYMONTH}' or p_series.unit = 'month' and v_known ? 'BYMONTH'
        or p_series.unit = 'day' and v_known ? 'BYDAY' or v_known ? 'BYDAY' and v_known ? 'BYMONTHDAY'
        or (v_known ->> 'BYMONTH')::integer <> extract(month from p_series.first_on) and p_series.unit = 'year'
        or p_series.unit = 'year' and v_known ?| '{BYDAY,BYMONTHDAY,BYSETPOS}' and not v_known ? 'BYMONTH'
        -- With several days every second week and more, the weeks must begin on Mondays as ours do.
        or coalesce(v_known ->> 'WKST', 'MO') <> 'MO' and p_series.unit = 'week' and p_series.every > 1 and cardinality(v_days) > 1 then
        perform internal.refuse_rrule('These parts are not kept together.');
    end if;
    p_series.weekdays := null;
    p_series.monthly_by := null;
    p_series.nth := null;
    if p_series.unit = 'week' then
        p_series.weekdays := coalesce((select array_agg(distinct p order by p) from unnest(v_days) d,
            lateral (select array_position(array['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'], d)::smallint) n(p)),
            array[extract(isodow from p_series.first_on)::smallint]);
        if array_position(p_series.weekdays, null) is not null then perform internal.refuse_rrule('In weeks, weekdays are not counted.'); end if;
    elsif v_days is not null then
        p_series.monthly_by := 'nth_weekday';
        p_series.weekdays := array[array_position(array['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'], right(v_days[1], 2))::smallint];
        p_series.nth := coalesce(nullif(left(v_days[1], -2), '')::integer, v_position);
        if cardinality(v_days) > 1 or p_series.nth is null or p_series.nth not in (1, 2, 3, 4, -1)
            or v_position is not null and length(v_days[1]) > 2 then
            perform internal.refuse_rrule('Of a month we keep the first to fourth or the last of one weekday.');
        end if;
    elsif p_series.unit in ('month', 'year') then
        p_series.monthly_by := 'day';
        p_series.nth := case when v_month_days = '{-1}' then 31 when v_position = -1 then v_month_days[cardinality(v_month_days)]
            else coalesce(v_month_days[1], extract(day from p_series.first_on)::integer) end;
        if not coalesce(case v_position
                when -1 then p_series.nth between 28 and 31 and v_month_days = array(select generate_series(28, p_series.nth))
                else v_month_days = '{-1}' or coalesce(cardinality(v_month_days), 1) = 1 and (p_series.nth <= 28
                    or p_series.unit = 'year' and p_series.nth <= extract(day from make_date(2001, extract(month from p_series.first_on)::integer, 1) + interval '1 month - 1 day'))
                end and (v_position is null or v_position = -1), true) then
            perform internal.refuse_rrule('It would leave out months that are shorter.',
                format('We take their last day instead. Write BYMONTHDAY=%s;BYSETPOS=-1 for that.',
                    (select string_agg(d::text, ',' order by d) from generate_series(28, greatest(29, least(p_series.nth, 31))) d)));
        end if;
    end if;
    return p_series;
end $$;
comment on function internal.series_of_rrule(crm.series, text) is
    'A series with the rule that RFC 5545 writes so, beginning on its first_on. Refused with a sentence: what we do not keep, and what would leave out short months.';
