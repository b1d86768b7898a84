create or replace function api.series_read(p_series_id uuid, p_from date default null)
returns table (series crm.series, rrule text, today date, count_left integer, followed_by_id uuid)
language plpgsql stable security definer set search_path = ''
as $$
begin
    perform internal.require('series_read');
    return query
    select s, internal.series_rrule(s), internal.series_today(s.time_zone),
        -- Of so many visits, those that are still to come.
        s.count - (select count(*) from internal.series_days(s.first_on, s.every, s.unit, s.weekdays, s.monthly_by, s.nth, null, s.count,
            s.first_on, coalesce(p_from, internal.series_today(s.time_zone)) - 1))::integer,
        (select f.id from crm.series f where f.business_id = s.business_id and f.follows_id = s.id)
    from crm.series s where s.business_id = internal.current_business() and s.id = p_series_id;
end $$;
comment on function api.series_read(uuid, date) is
    'A series with its rule as RFC 5545 text, the day that it is there, how many of a counted number of visits are to come from a day on (today when none is given), and the series that goes on for it. Definer: works the days out.';
grant execute on function api.series_read(uuid, date) to crm_app, crm_support;
