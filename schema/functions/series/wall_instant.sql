create or replace function internal.wall_instant(p_on date, p_at time, p_zone text) returns timestamptz
language sql immutable parallel safe set search_path = ''
as $$
    -- What the clock was ahead of UTC a day before and a day after: one of them, unless the clocks change between.
    with wall as (select p_on + p_at as reads), guess as (select w.reads, w.reads at time zone p_zone as near from wall w),
    offsets as (
        select g.reads, (o.near at time zone p_zone) - (o.near at time zone 'UTC') as ahead, o.place
        from guess g, lateral (values (1, g.near - interval '1 day'), (2, g.near + interval '1 day')) o(place, near)
    ), candidate as (
        select o.place, o.reads, (o.reads - o.ahead) at time zone 'UTC' as instant from offsets o
    )
    -- The first of those that read so; where none does, the clock as it was before carries on over the gap.
    select coalesce(min(c.instant) filter (where c.instant at time zone p_zone = c.reads), min(c.instant) filter (where c.place = 1))
    from candidate c;
$$;
comment on function internal.wall_instant(date, time, text) is
    'The instant at which the clock on the wall of a zone reads this. A time that is skipped moves on by what was skipped; of one that exists twice it is the first.';
