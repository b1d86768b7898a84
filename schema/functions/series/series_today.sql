create or replace function internal.series_today(p_zone text) returns date
language sql stable set search_path = ''
return (internal.now() at time zone p_zone)::date;
comment on function internal.series_today(text) is 'What day it is on the wall of a zone.';
