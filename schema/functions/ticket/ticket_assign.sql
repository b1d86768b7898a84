create or replace function internal.ticket_assign(p_ticket crm.ticket, p_member_ids uuid[], p_book_anyway_reason text) returns void
language plpgsql volatile set search_path = ''
as $$
declare
    v_member_id uuid;
begin
    delete from crm.assignment a
    where a.business_id = p_ticket.business_id and a.ticket_id = p_ticket.id and a.member_id <> all (coalesce(p_member_ids, '{}'));
    -- Always in the same order, so that two bookings never wait for each other.
    for v_member_id in select distinct unnest(coalesce(p_member_ids, '{}')) order by 1 loop
        perform internal.assignment_make(p_ticket, v_member_id, p_book_anyway_reason);
    end loop;
end $$;
comment on function internal.ticket_assign(crm.ticket, uuid[], text) is 'Make these, and only these, the technicians of a visit.';
