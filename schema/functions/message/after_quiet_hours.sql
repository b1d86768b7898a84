create or replace function internal.after_quiet_hours(p_at timestamptz, p_zone text) returns timestamptz
language sql stable set search_path = ''
as $$
    select case when l.at::time >= '20:00' then ((l.at::date + 1) + time '08:00') at time zone p_zone
                when l.at::time < '08:00' then (l.at::date + time '08:00') at time zone p_zone
                else p_at end
    from (select p_at at time zone p_zone as at) l;
$$;
comment on function internal.after_quiet_hours(timestamptz, text) is
    'That time, or eight in the morning when it lies between eight in the evening and then: nobody is written to at night.';
