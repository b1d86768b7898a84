create or replace function internal.series_fill(p_series crm.series) returns integer
language plpgsql volatile set search_path = ''
as $$
declare
    v_on date;
    v_made integer := 0;
begin
    perform internal.series_writes(true);
    for v_on in
        select d from internal.series_days(p_series.first_on, p_series.every, p_series.unit, p_series.weekdays, p_series.monthly_by, p_series.nth,
            p_series.until_on, p_series.count, internal.series_today(p_series.time_zone), internal.series_horizon(p_series.time_zone)) d
        where not internal.series_has_break(p_series, d)
          and not exists (select from crm.series_skip s where s.business_id = p_series.business_id and s.series_id = p_series.id and s.occurrence_on = d)
          and not exists (select from crm.ticket t where t.business_id = p_series.business_id and t.series_id = p_series.id and t.occurrence_on = d)
        order by d
    loop
        perform internal.series_make(p_series, v_on);
        v_made := v_made + 1;
    end loop;
    perform internal.series_writes(false);
    return v_made;
end $$;
comment on function internal.series_fill(crm.series) is
    'Make the visits of a series that there are not yet, from today to the horizon; returns how many. A day that had its visit, whatever became of it, is left alone.';
