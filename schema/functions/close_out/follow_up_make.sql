create or replace function internal.follow_up_make(p_ticket crm.ticket, p_close_out crm.close_out) returns void
language plpgsql volatile set search_path = ''
as $$
declare
    v_zone text := (select b.time_zone from crm.business b where b.business_id = p_ticket.business_id);
    v_next crm.ticket;
begin
    if p_close_out.follow_up = 'message' then
        insert into crm.message (contact_id, ticket_id, kind, send_at, reason)
        values (p_ticket.contact_id, p_ticket.id, 'outreach',
                -- ten in the morning where the business is
                (((internal.now() at time zone v_zone)::date + make_interval(months => p_close_out.follow_up_months))::date + time '10:00') at time zone v_zone,
                format('Asked for at the visit of %s: reach out in %s month%s.',
                       to_char(p_ticket.starts_at at time zone v_zone, 'FMDD Mon YYYY'), p_close_out.follow_up_months,
                       case when p_close_out.follow_up_months = 1 then '' else 's' end));
    elsif p_close_out.follow_up = 'visit' then
        insert into crm.ticket (contact_id, address_id, starts_at, ends_at, busy_until, instructions)
        values (p_ticket.contact_id, p_ticket.address_id, p_close_out.follow_up_starts_at,
                p_close_out.follow_up_starts_at + (p_ticket.ends_at - p_ticket.starts_at),
                p_close_out.follow_up_starts_at + (p_ticket.ends_at - p_ticket.starts_at), p_ticket.instructions)
        returning * into v_next;
        perform internal.ticket_assign(v_next, array(
            select a.member_id from crm.assignment a join crm.member m on m.business_id = a.business_id and m.id = a.member_id
            where a.business_id = p_ticket.business_id and a.ticket_id = p_ticket.id and m.disabled_at is null), null);
        perform internal.line_item_make(v_next.id, l.service_id, l.quantity, null)
        from crm.line_item l join crm.service s on s.business_id = l.business_id and s.id = l.service_id
        where l.business_id = p_ticket.business_id and l.ticket_id = p_ticket.id and s.archived_at is null
        order by l.position;
    end if;
end $$;
comment on function internal.follow_up_make(crm.ticket, crm.close_out) is
    'Carry out what step 3 chose: plan the message, or book the next visit with the same work at today''s prices.';
