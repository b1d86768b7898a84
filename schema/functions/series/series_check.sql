create or replace function internal.series_check(p_series crm.series) returns void
language plpgsql stable set search_path = ''
as $$
declare
    v_rule text := case
        when p_series.first_on is null or internal.is_sane_date(p_series.first_on) is not true then 'series_first_on_is_sane'
        when p_series.starts_at_wall is null or p_series.starts_at_wall = time '24:00'
            or date_trunc('minute', p_series.starts_at_wall::interval) <> p_series.starts_at_wall::interval then 'series_starts_at_wall_is_a_minute'
        when (p_series.minutes between 1 and 720) is not true then 'series_minutes_are_sane'
        when (p_series.every between 1 and 365) is not true then 'series_every_is_sane'
        when (p_series.unit in ('day', 'week', 'month', 'year')) is not true then 'series_unit_is_known'
        when p_series.monthly_by not in ('day', 'nth_weekday') then 'series_monthly_by_is_known'
        when p_series.unit <> 'day' and (p_series.unit = 'week' or p_series.monthly_by = 'nth_weekday')
            and (p_series.weekdays <@ '{1,2,3,4,5,6,7}' and cardinality(p_series.weekdays) between 1 and 7) is not true then 'series_weekdays_are_days'
        when p_series.unit in ('month', 'year') and case p_series.monthly_by when 'day' then p_series.nth between 1 and 31
            else cardinality(p_series.weekdays) = 1 and p_series.nth in (1, 2, 3, 4, -1) end is not true then 'series_rule_is_whole'
        when internal.is_sane_date(p_series.until_on) is not true or p_series.until_on < p_series.first_on then 'series_until_on_is_not_before_it_starts'
        when p_series.count not between 1 and 1000 then 'series_count_is_sane'
        when num_nonnulls(p_series.until_on, p_series.count) = 2 then 'series_until_or_count'
        when internal.is_plain_text(p_series.instructions, 2000) is not true then 'series_instructions_are_not_too_long' end;
begin
    if v_rule is not null then
        perform internal.refuse(v_rule, (select obj_description(c.oid, 'pg_constraint') from pg_catalog.pg_constraint c
            where c.conrelid = 'crm.series'::regclass and c.conname = v_rule));
    end if;
end $$;
comment on function internal.series_check(crm.series) is
    'Refuse what the constraints of the table would refuse, before the days of its rule are looked for. A preview writes nothing, so it meets no constraint.';
