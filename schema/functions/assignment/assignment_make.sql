create or replace function internal.assignment_make(p_ticket crm.ticket, p_member_id uuid, p_anyway_reason text) returns void
language plpgsql volatile set search_path = ''
as $$
declare
    v_away text;
begin
    perform from crm.member m where m.business_id = p_ticket.business_id and m.id = p_member_id and m.disabled_at is null;
    if not found then perform internal.not_found('member'); end if;
    if p_anyway_reason is not null then
        perform internal.waitlist_give_way(p_ticket.business_id, p_member_id, p_ticket.starts_at, p_ticket.busy_until);
        v_away := internal.away_because(p_ticket.business_id, p_member_id, p_ticket.starts_at, p_ticket.ends_at);
    end if;
    -- `do nothing` waits for whoever is booking the same time and then gives way: no deadlock, no stall.
    insert into crm.assignment (ticket_id, member_id, contact_id, starts_at, busy_until, blocks_time, out_of_hours_reason)
    select p_ticket.id, p_member_id, p_ticket.contact_id, p_ticket.starts_at, t.busy_until, true, case when v_away is not null then p_anyway_reason end
    from crm.ticket t where t.business_id = p_ticket.business_id and t.id = p_ticket.id
    on conflict do nothing;
    if found or exists (select from crm.assignment a where a.business_id = p_ticket.business_id
                        and a.ticket_id = p_ticket.id and a.member_id = p_member_id) then
        return;
    end if;
    if p_anyway_reason is null then
        perform internal.refuse_double_booking(p_ticket.business_id, p_member_id, p_ticket.starts_at, p_ticket.ends_at);
    end if;
    insert into crm.assignment (ticket_id, member_id, contact_id, starts_at, busy_until, blocks_time, book_anyway_reason, out_of_hours_reason)
    select p_ticket.id, p_member_id, p_ticket.contact_id, p_ticket.starts_at, t.busy_until, true, p_anyway_reason, case when v_away is not null then p_anyway_reason end
    from crm.ticket t where t.business_id = p_ticket.business_id and t.id = p_ticket.id;
end $$;
comment on function internal.assignment_make(crm.ticket, uuid, text) is
    'Put a technician on a visit, or refuse because they have another one then, are not at work, or the time is offered to somebody. A reason to book anyway is kept only for what it was needed for, so that a visit without a clash stays protected from the next one.';
