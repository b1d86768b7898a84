create or replace function internal.freed_time(p_slot crm.freed_slot) returns tstzmultirange
language sql stable set search_path = ''
as $$
    with slot as (
        select greatest(p_slot.starts_at, internal.now()) as starts_at, p_slot.ends_at, b.time_zone, make_interval(mins => b.travel_buffer_minutes) as buffer
        from crm.business b join crm.member m on m.business_id = b.business_id and m.id = p_slot.member_id and m.disabled_at is null
        where b.business_id = p_slot.business_id and p_slot.ends_at > internal.now()
    )
    select coalesce((
        select tstzmultirange(tstzrange(s.starts_at, s.ends_at))
            -- Who has never said when they work is never out of hours.
            * case when exists (select from crm.working_hours w where w.business_id = p_slot.business_id and (w.member_id = p_slot.member_id or w.member_id is null))
                then coalesce((select range_agg(tstzrange(w.starts_at, w.ends_at))
                    from internal.at_work(p_slot.business_id, array[p_slot.member_id], (p_slot.starts_at at time zone s.time_zone)::date, 2) w), '{}')
                else '{(,)}'::tstzmultirange end
            - coalesce((select range_agg(tstzrange(o.starts_at, o.ends_at)) from crm.time_off o
                where o.business_id = p_slot.business_id and (o.member_id = p_slot.member_id or o.member_id is null)
                  and o.starts_at < s.ends_at and o.ends_at > s.starts_at), '{}')
            - coalesce((select range_agg(tstzrange(a.starts_at - s.buffer, a.busy_until)) from crm.assignment a
                where a.business_id = p_slot.business_id and a.member_id = p_slot.member_id and a.blocks_time
                  and a.starts_at < s.ends_at + s.buffer and a.busy_until > s.starts_at and a.starts_at > s.starts_at - interval '2 days'), '{}')
            - coalesce((select range_agg(tstzrange(o.starts_at - s.buffer, o.busy_until)) from crm.waitlist_offer o
                where o.business_id = p_slot.business_id and o.member_id = p_slot.member_id and o.starts_at < s.ends_at + s.buffer and o.busy_until > s.starts_at
                  and o.status in ('planned', 'held') and (o.status = 'planned' or o.held_until > internal.now())), '{}')
        from slot s), '{}');
$$;
comment on function internal.freed_time(crm.freed_slot) is
    'What of a freed time is free now and still to come: at work, beside the visits with their travel buffers, not in time off, not offered to somebody.';
