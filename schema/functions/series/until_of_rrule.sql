create or replace function internal.until_of_rrule(p_series crm.series, p_until text) returns date
language plpgsql stable set search_path = ''
as $$
declare
    v_wall timestamp;
begin
    if p_until is null then return null; end if;
    if p_until !~ '^(19|2[01])\d{6}(T\d{6}Z?)?$' or not pg_input_is_valid(replace(rtrim(p_until, 'Z'), 'T', ' '), 'timestamp') then
        perform internal.refuse_rrule('Its end cannot be read.');
    end if;
    if length(p_until) = 8 then return p_until::date; end if;
    v_wall := replace(rtrim(p_until, 'Z'), 'T', ' ')::timestamp;
    if p_until like '%Z' then v_wall := v_wall at time zone 'UTC' at time zone p_series.time_zone; end if;
    -- Its time counts: a visit later on that day is past the end.
    return v_wall::date - case when v_wall::time < p_series.starts_at_wall then 1 else 0 end;
end $$;
comment on function internal.until_of_rrule(crm.series, text) is 'The last day of a rule whose end RFC 5545 writes so: a date, a local time, or a time in UTC.';
