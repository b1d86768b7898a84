create or replace function internal.close_out_open(p_ticket_id uuid) returns crm.ticket
language plpgsql volatile set search_path = ''
as $$
declare
    v_ticket crm.ticket := internal.ticket_open(p_ticket_id);
begin
    if v_ticket.status <> 'in_progress' then
        perform internal.refuse('close_out_needs_clock_in', 'This visit has not been started.', 'Start it first.');
    end if;
    return v_ticket;
end $$;
comment on function internal.close_out_open(uuid) is 'The visit, locked, for a step of its close-out: it must be under way.';
