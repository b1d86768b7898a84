create or replace function internal.series_has_break(p_series crm.series, p_on date) returns boolean
language sql immutable set search_path = ''
return coalesce(p_on between p_series.paused_from and coalesce(p_series.paused_until, date 'infinity') or p_on >= p_series.ended_on, false);
comment on function internal.series_has_break(crm.series, date) is 'Whether the series is paused on this day, or has ended by then.';
