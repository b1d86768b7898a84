create or replace function internal.ticket_put(
    p_ticket crm.ticket, p_address_id uuid, p_starts_at timestamptz, p_ends_at timestamptz, p_member_ids uuid[],
    p_instructions text, p_book_anyway_reason text, p_arrival_minutes integer)
returns crm.ticket
language plpgsql volatile set search_path = ''
as $$
declare
    v_ticket crm.ticket := p_ticket;
    v_moved constant boolean := (v_ticket.starts_at, v_ticket.ends_at) is distinct from (p_starts_at, p_ends_at);
begin
    -- Moving is an update, which cannot give way as an insert can: whoever moves holds the technicians.
    perform from crm.member m where m.business_id = v_ticket.business_id
        and (m.id = any (p_member_ids) or m.id in (
            select a.member_id from crm.assignment a where a.business_id = v_ticket.business_id and a.ticket_id = v_ticket.id))
        order by m.id for no key update;
    if p_book_anyway_reason is not null then
        perform internal.waitlist_give_way(v_ticket.business_id, m.id, p_starts_at, p_ends_at + (v_ticket.busy_until - v_ticket.ends_at))
        from unnest(p_member_ids) m(id);
    end if;
    delete from crm.assignment a
    where a.business_id = v_ticket.business_id and a.ticket_id = v_ticket.id and a.member_id <> all (coalesce(p_member_ids, '{}'));
    begin
        -- A reason to book anyway is kept only for what it is needed for: a visit that is there already, a time off.
        if p_book_anyway_reason is not null then
            update crm.assignment a set book_anyway_reason = case when n.clashes then p_book_anyway_reason else a.book_anyway_reason end,
                out_of_hours_reason = case when n.away then p_book_anyway_reason else a.out_of_hours_reason end
            from (
                select b.member_id, internal.away_because(b.business_id, b.member_id, p_starts_at, p_ends_at) is not null as away,
                    internal.is_busy(b.business_id, b.member_id, v_ticket.id, p_starts_at, p_ends_at) as clashes
                from crm.assignment b where b.business_id = v_ticket.business_id and b.ticket_id = v_ticket.id
            ) n
            where a.business_id = v_ticket.business_id and a.ticket_id = v_ticket.id and a.member_id = n.member_id and (n.clashes or n.away);
        end if;
        update crm.ticket t set address_id = p_address_id, starts_at = p_starts_at, ends_at = p_ends_at, instructions = p_instructions,
            arrival_minutes = coalesce(p_arrival_minutes, t.arrival_minutes),
            confirmation = case when t.starts_at = p_starts_at and t.ends_at = p_ends_at then t.confirmation else 'pending' end
        where t.business_id = v_ticket.business_id and t.id = v_ticket.id
        returning * into v_ticket;
        -- A reason is for one time: another time asks anew whether the technician is free and at work.
        if v_moved then
            update crm.assignment a
            set book_anyway_reason = case when internal.is_busy(a.business_id, a.member_id, a.ticket_id, p_starts_at, p_ends_at) then p_book_anyway_reason end,
                out_of_hours_reason = case when internal.away_because(a.business_id, a.member_id, p_starts_at, p_ends_at) is not null then p_book_anyway_reason end
            where a.business_id = v_ticket.business_id and a.ticket_id = v_ticket.id and (a.book_anyway_reason is not null or a.out_of_hours_reason is not null);
        end if;
    exception when exclusion_violation then
        perform internal.refuse_double_booking(v_ticket.business_id, b.member_id, p_starts_at, p_ends_at)
        from crm.assignment b join crm.assignment o on o.business_id = b.business_id and o.member_id = b.member_id
            and o.ticket_id <> b.ticket_id and o.blocks_time and o.starts_at < p_ends_at and o.busy_until > p_starts_at
        where b.business_id = v_ticket.business_id and b.ticket_id = v_ticket.id limit 1;
        perform internal.refuse('assignment_is_not_double_booked', 'A technician already has a visit then.');
    end;
    perform internal.ticket_assign(v_ticket, p_member_ids, p_book_anyway_reason);
    return v_ticket;
end $$;
comment on function internal.ticket_put(crm.ticket, uuid, timestamptz, timestamptz, uuid[], text, text, integer) is
    'When, where and by whom an open visit, locked, is done from now on.';
