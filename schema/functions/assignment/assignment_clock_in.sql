create or replace function internal.assignment_clock_in(p_ticket crm.ticket, p_at timestamptz) returns void
language plpgsql volatile set search_path = ''
as $$
begin
    -- Whoever is not on the visit themselves starts it for those who are.
    update crm.assignment a set clocked_in_at = p_at
    where a.business_id = p_ticket.business_id and a.ticket_id = p_ticket.id and a.clocked_in_at is null
      and (a.member_id = internal.current_member() or not exists (
          select from crm.assignment o where o.business_id = p_ticket.business_id and o.ticket_id = p_ticket.id and o.member_id = internal.current_member()));
end $$;
comment on function internal.assignment_clock_in(crm.ticket, timestamptz) is
    'Start the clock of the caller on a visit, or, of a caller who is not on it, the clocks of all who are. What runs already keeps its time.';
