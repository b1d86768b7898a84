create or replace function api.ticket_clock_out(p_ticket_id uuid) returns crm.ticket
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_ticket crm.ticket;
begin
    perform internal.require('ticket_clock_out');
    v_ticket := internal.ticket_open(p_ticket_id);
    if v_ticket.status <> 'in_progress' then
        perform internal.refuse('ticket_clock_out_needs_clock_in', 'This visit has not been started.', 'Start it first.');
    end if;
    if not internal.assignment_clock_out(v_ticket, internal.now()) then
        return v_ticket;  -- somebody else is still at work
    end if;
    update crm.ticket t set clocked_out_at = greatest(internal.now(), t.clocked_in_at + interval '1 second')
    where t.business_id = v_ticket.business_id and t.id = v_ticket.id and t.clocked_out_at is null
    returning * into v_ticket;
    if v_ticket.id is null then
        select * into v_ticket from crm.ticket t where t.business_id = internal.current_business() and t.id = p_ticket_id;
    end if;
    return v_ticket;
end $$;
comment on function api.ticket_clock_out(uuid) is 'Stop the caller''s clock on a visit now, and with the last one the visit''s. Close-out still follows. Definer: writes.';
grant execute on function api.ticket_clock_out(uuid) to crm_app, crm_support;
