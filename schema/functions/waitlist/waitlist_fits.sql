create or replace function internal.waitlist_fits(p_slot crm.freed_slot, p_entry_id uuid default null)
returns table (waitlist_entry_id uuid, starts_at timestamptz, ends_at timestamptz, place bigint, reasons text[])
language sql stable rows 10 set search_path = ''
as $$
    with business as (
        select b.time_zone, m.name, (p_slot.starts_at at time zone b.time_zone)::date as day,
            ((p_slot.ends_at - interval '1 second') at time zone b.time_zone)::date as last_day,
            case when b.currency in ('USD', 'CAD') then 'FMMon FMDD' else 'FMDD FMMon' end as day_words
        from crm.business b join crm.member m on m.business_id = b.business_id and m.id = p_slot.member_id
        where b.business_id = p_slot.business_id
    ), free as materialized (
        select r from unnest(internal.freed_time(p_slot)) r
    ), beside as materialized (
        -- Where the technician comes from, and goes to, that day.
        select v.side, a.postcode, a.city
        from business b, (values ('before'), ('after')) v(side)
        cross join lateral (
            select g.ticket_id from crm.assignment g
            where g.business_id = p_slot.business_id and g.member_id = p_slot.member_id and g.blocks_time
              and g.starts_at >= b.day::timestamp at time zone b.time_zone and g.starts_at < (b.day + 1)::timestamp at time zone b.time_zone
              and case v.side when 'before' then g.starts_at < p_slot.starts_at else g.starts_at >= p_slot.ends_at end
            order by case v.side when 'before' then p_slot.starts_at - g.starts_at else g.starts_at - p_slot.ends_at end limit 1
        ) n
        join crm.ticket t on t.business_id = p_slot.business_id and t.id = n.ticket_id
        join crm.address a on a.business_id = p_slot.business_id and a.id = t.address_id
    ), wish as (
        select e as entry, e.id, e.member_id, e.day_part, e.created_at, t.starts_at as sooner_than, a.postcode, a.city, c.email is not null as has_mail,
            internal.waitlist_minutes(e, t) as minutes
        from business b join crm.waitlist_entry e on e.business_id = p_slot.business_id
        join crm.contact c on c.business_id = e.business_id and c.id = e.contact_id and c.archived_at is null
        left join crm.ticket t on t.business_id = e.business_id and t.id = e.ticket_id
        left join lateral (
            select d.postcode, d.city from crm.address d
            where d.business_id = e.business_id and d.id = case when t.id is not null then t.address_id else e.address_id end limit 1) a on true
        left join lateral (
            select true as is_gone from crm.waitlist_entry_service x join crm.service v on v.business_id = x.business_id and v.id = x.service_id
            where x.business_id = e.business_id and x.waitlist_entry_id = e.id and v.archived_at is not null limit 1) gone on true
        where e.status = 'waiting' and (p_entry_id is null or e.id = p_entry_id)
          -- Of a time that goes on after midnight the day is asked again below, of when they would begin.
          and b.last_day >= e.from_on and (e.until_on is null or b.day <= e.until_on)
          and (e.weekdays is null or b.last_day > b.day or extract(isodow from b.day)::smallint = any (e.weekdays))
          and (e.member_id is null or e.member_id = p_slot.member_id)
          -- What is on the list no longer could not be booked, whoever says yes to it.
          and gone.is_gone is null
          -- A visit of two needs both; this is the time of one.
          and (t.id is null or t.status = 'scheduled' and t.starts_at > p_slot.starts_at and (
              select count(*) from crm.assignment g where g.business_id = t.business_id and g.ticket_id = t.id) < 2)
          and not exists (select from crm.waitlist_offer o where o.business_id = e.business_id and o.waitlist_entry_id = e.id
              and (o.status in ('planned', 'held') or o.freed_slot_id = p_slot.id and o.status in ('declined', 'run_out')))
    ), start as (
        select w.id, min(c.at) as at
        from wish w cross join business b cross join free f
        cross join lateral generate_series(0, b.last_day - b.day) later
        cross join lateral (
            select greatest(lower(f.r), (b.day + later + case w.day_part when 'afternoon' then time '12:00' else time '00:00' end) at time zone b.time_zone) as from_at) g
        -- Worked out once, not wherever it is asked of.
        cross join lateral (
            select case when g.from_at = p_slot.starts_at then g.from_at else to_timestamp(ceil(extract(epoch from g.from_at) / 900) * 900) end as at offset 0) c
        where c.at + make_interval(mins => w.minutes) <= upper(f.r) and (w.sooner_than is null or c.at < w.sooner_than)
          and internal.waitlist_entry_suits(w.entry, p_slot.member_id, c.at, b.time_zone)
        group by w.id
    )
    select w.id, s.at, s.at + make_interval(mins => w.minutes),
        row_number() over (order by coalesce(n.near, 0) desc, w.created_at, w.id),
        array_remove(array[
            format('fits %s minutes', w.minutes),
            case n.near when 3 then 'same postcode as the visit ' when 2 then 'same area as the visit ' when 1 then 'same city as the visit ' end || n.side,
            case when w.member_id is not null then format('wants %s', b.name) end,
            'would come sooner than ' || to_char(w.sooner_than at time zone b.time_zone, b.day_words),
            'waits since ' || to_char(w.created_at at time zone b.time_zone, b.day_words),
            case when not w.has_mail then 'has no e-mail address' end], null)
    from start s join wish w on w.id = s.id cross join business b
    left join lateral (
        select o.side, case when upper(btrim(w.postcode)) = upper(btrim(o.postcode)) then 3
            when internal.postcode_area(w.postcode) = internal.postcode_area(o.postcode) then 2
            when lower(btrim(w.city)) = lower(btrim(o.city)) then 1 else 0 end as near
        from beside o order by near desc, o.side desc limit 1
    ) n on true
    order by 4;
$$;
comment on function internal.waitlist_fits(crm.freed_slot, uuid) is
    'Who of the waitlist, or whether this one, fits into what is still free of a freed time, the best first, with the time they would have and the reasons in words. First who is nearest to where the technician is before or after, then who waits longest. Nobody who has an offer, or has had this one and did not take it.';
