create or replace function internal.series_follow_day(p_was crm.series, p_becomes crm.series) returns crm.series
language plpgsql immutable set search_path = ''
as $$
declare
    v_day integer := extract(day from p_becomes.first_on);
    v_weekday smallint := extract(isodow from p_becomes.first_on);
begin
    if (p_was.unit, p_was.weekdays, p_was.monthly_by, p_was.nth) is distinct from
       (p_becomes.unit, p_becomes.weekdays, p_becomes.monthly_by, p_becomes.nth) then
        return p_becomes;  -- the days were chosen anew: they count
    end if;
    if p_becomes.unit = 'week' and cardinality(p_becomes.weekdays) = 1 then
        p_becomes.weekdays := array[v_weekday];
    elsif p_becomes.monthly_by = 'day' and v_day <> least(p_becomes.nth,
            extract(day from date_trunc('month', p_becomes.first_on::timestamp) + interval '1 month - 1 day')) then
        p_becomes.nth := v_day;
    elsif p_becomes.monthly_by = 'nth_weekday' and (p_becomes.weekdays[1] <> v_weekday
            or p_becomes.nth > 0 and (v_day + 6) / 7 <> p_becomes.nth
            or p_becomes.nth = -1 and extract(month from p_becomes.first_on + 7) = extract(month from p_becomes.first_on)) then
        p_becomes.weekdays := array[v_weekday];
        p_becomes.nth := case when v_day > 28 then -1 else (v_day + 6) / 7 end;
    end if;
    return p_becomes;
end $$;
comment on function internal.series_follow_day(crm.series, crm.series) is
    'Who moves a visit from Tuesday to Wednesday and says nothing else of the rule means Wednesdays from then on.';
