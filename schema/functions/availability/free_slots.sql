create or replace function internal.free_slots(
    p_business_id uuid, p_member_ids uuid[], p_from timestamptz, p_days integer, p_minutes integer, p_limit integer, p_every interval default null,
    p_together boolean default false, p_postcode text default null)
returns table (member_id uuid, starts_at timestamptz, ends_at timestamptz)
language sql stable set search_path = ''
begin atomic
    with span as materialized (
        select s.member_id, greatest(s.starts_at, p_from) as starts_at, s.ends_at
        from crm.business b, internal.at_work(p_business_id, p_member_ids, (p_from at time zone b.time_zone)::date, p_days) s
        where b.business_id = p_business_id and s.ends_at > p_from
    ), busy as materialized (
        -- A visit that is still to be booked wants its own way to the next one, as the one before it does.
        select a.member_id, tstzrange(a.starts_at - w.way, greatest(a.busy_until, t.ends_at + w.way)) as taken
        from crm.business b
        join crm.assignment a on a.business_id = b.business_id
        left join crm.ticket t on p_postcode is not null and t.business_id = a.business_id and t.id = a.ticket_id
        left join crm.address d on d.business_id = t.business_id and d.id = t.address_id
        cross join lateral (select make_interval(mins => internal.travel_minutes(b, p_postcode, d.postcode)) as way) w
        where b.business_id = p_business_id and a.member_id = any (p_member_ids) and a.blocks_time
          and a.starts_at < p_from + make_interval(days => least(p_days, 400) + 1) and a.starts_at > p_from - interval '2 days' and a.busy_until > p_from
        union all
        -- What is offered to somebody on the waitlist is taken for as long as it is held.
        select h.member_id, tstzrange(h.starts_at - make_interval(mins => b.travel_buffer_minutes), h.busy_until)
        from crm.business b, crm.waitlist_offer h
        where b.business_id = p_business_id and h.business_id = p_business_id and h.member_id = any (p_member_ids) and h.busy_until > p_from
          and h.status in ('planned', 'held') and (h.status = 'planned' or h.held_until > internal.now())
        union all
        select m.id, tstzrange(o.starts_at, o.ends_at)
        from crm.time_off o, unnest(p_member_ids) m(id)
        where o.business_id = p_business_id and (o.member_id = m.id or o.member_id is null) and o.ends_at > p_from
    ), free as (
        select s.member_id, range_agg(tstzrange(s.starts_at, s.ends_at))
            - coalesce((select range_agg(b.taken) from busy b where b.member_id = s.member_id), '{}') as free
        from span s where s.ends_at > s.starts_at group by s.member_id
    ), gap as (
        select f.member_id, unnest(f.free) as free from free f where not p_together
        union all
        select null, unnest(t.free) from (select range_intersect_agg(f.free) as free from free f having count(*) = cardinality(p_member_ids)) t where p_together
    ), start as (
        -- On the quarter of an hour: nobody books at 9:07.
        select g.member_id, g.free, to_timestamp(ceil(extract(epoch from lower(g.free)) / 900) * 900) as first from gap g
    )
    select s.member_id, t.at, t.at + make_interval(mins => p_minutes)
    from start s cross join lateral (
        select s.first as at where p_every is null
        union all
        select at from generate_series(s.first, upper(s.free), p_every) at where p_every is not null
    ) t
    where t.at + make_interval(mins => p_minutes) <= upper(s.free)
    order by t.at, array_position(p_member_ids, s.member_id)
    limit least(p_limit, 500);
end;
comment on function internal.free_slots(uuid, uuid[], timestamptz, integer, integer, integer, interval, boolean, text) is
    'When these members have so many minutes, soonest first: within their working hours, beside what is offered to somebody and their visits, with the way from and to a place with this postcode, not in time off. The first time of each gap, or one every so often in it. Together: when all of them have, of nobody in particular.';
