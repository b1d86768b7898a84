create or replace function api.ticket_clock_in(p_ticket_id uuid) returns crm.ticket
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_ticket crm.ticket;
begin
    perform internal.require('ticket_clock_in');
    v_ticket := internal.ticket_open(p_ticket_id);
    if v_ticket.status = 'in_progress' then
        return v_ticket;  -- a double tap
    end if;
    update crm.ticket t set status = 'in_progress', clocked_in_at = internal.now()
    where t.business_id = v_ticket.business_id and t.id = v_ticket.id
    returning * into v_ticket;
    insert into crm.close_out (ticket_id) values (v_ticket.id);
    return v_ticket;
end $$;
comment on function api.ticket_clock_in(uuid) is 'Start a visit now. Starting it twice is starting it once. Definer: writes.';
grant execute on function api.ticket_clock_in(uuid) to crm_app, crm_support;
