create or replace function internal.series_horizon(p_zone text) returns date
language sql stable set search_path = ''
return ((internal.now() at time zone p_zone) + interval '12 months')::date;
comment on function internal.series_horizon(text) is 'The last day for which visits of a series are made: twelve months ahead.';
