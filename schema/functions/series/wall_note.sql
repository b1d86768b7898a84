create or replace function internal.wall_note(p_on date, p_at time, p_zone text) returns text
language sql immutable parallel safe set search_path = ''
as $$
    with i as (
        select internal.wall_instant(p_on, p_at, p_zone) as at
    ), o as (
        select i.at, ((i.at - interval '1 day') at time zone p_zone - (i.at - interval '1 day') at time zone 'UTC')
                   - ((i.at + interval '1 day') at time zone p_zone - (i.at + interval '1 day') at time zone 'UTC') as back
        from i
    )
    select case
        when o.at at time zone p_zone <> p_on + p_at then 'The clocks go forward then: this time is skipped, and the visit starts by as much later.'
        when o.back > interval '0' and (o.at + o.back) at time zone p_zone = p_on + p_at then 'The clocks go back then: of the two times it is the first.' end
    from o;
$$;
comment on function internal.wall_note(date, time, text) is
    'What there is to say of a wall time on a day when the clocks change: that it is skipped, or there twice; null on other days.';
