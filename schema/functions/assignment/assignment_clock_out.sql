create or replace function internal.assignment_clock_out(p_ticket crm.ticket, p_at timestamptz) returns boolean
language plpgsql volatile set search_path = ''
as $$
begin
    update crm.assignment a set clocked_out_at = greatest(p_at, a.clocked_in_at + interval '1 second')
    where a.business_id = p_ticket.business_id and a.ticket_id = p_ticket.id and a.clocked_in_at is not null and a.clocked_out_at is null
      and (a.member_id = internal.current_member() or not exists (
          select from crm.assignment o where o.business_id = p_ticket.business_id and o.ticket_id = p_ticket.id and o.member_id = internal.current_member()));
    return not exists (
        select from crm.assignment a where a.business_id = p_ticket.business_id and a.ticket_id = p_ticket.id
          and a.clocked_in_at is not null and a.clocked_out_at is null);
end $$;
comment on function internal.assignment_clock_out(crm.ticket, timestamptz) is
    'Stop the clock of the caller on a visit, or, of a caller who is not on it, the clocks of all who are. Whether none runs any more.';
