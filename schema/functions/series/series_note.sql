create or replace function internal.series_note(p_series crm.series, p_on date) returns text
language sql immutable set search_path = ''
as $$
    select nullif(concat_ws(' ',
        case when p_series.monthly_by = 'day' and extract(day from p_on) < p_series.nth then
            format('This month has no %s: it is its last day.', to_char(make_date(2000, 1, p_series.nth), 'FMDDth')) end,
        internal.wall_note(p_on, p_series.starts_at_wall, p_series.time_zone)), '');
$$;
comment on function internal.series_note(crm.series, date) is 'What there is to say of this day of a series: a short month, clocks that change; null mostly.';
