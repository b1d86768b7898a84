create or replace function internal.require_time_zone(p_zone text) returns void
language plpgsql stable set search_path = ''
as $$
begin
    if not coalesce(internal.is_time_zone(p_zone), false) or not exists (select from pg_catalog.pg_timezone_names z where z.name = p_zone) then
        perform internal.refuse('business_time_zone_is_known', 'Choose a time zone from the list, such as America/Chicago.');
    end if;
end $$;
comment on function internal.require_time_zone(text) is 'Refuse what is not the exact name of a time zone.';
