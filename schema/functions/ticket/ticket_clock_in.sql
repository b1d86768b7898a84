create or replace function api.ticket_clock_in(p_ticket_id uuid, p_action_id uuid default null, p_happened_at timestamptz default null) returns crm.ticket
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_ticket crm.ticket;
    v_at timestamptz;
begin
    perform internal.require('ticket_clock_in');
    v_at := internal.action_begin(p_action_id, 'ticket_clock_in', p_ticket_id, p_happened_at);
    if v_at is null then return internal.ticket_seen(p_ticket_id); end if;
    v_ticket := internal.ticket_open(p_ticket_id);
    if v_ticket.status <> 'in_progress' then
        update crm.ticket t set status = 'in_progress', clocked_in_at = v_at, clock_reason = internal.sent_later(v_at)
        where t.business_id = v_ticket.business_id and t.id = v_ticket.id
        returning * into v_ticket;
        insert into crm.close_out (ticket_id) values (v_ticket.id);
    end if;
    perform internal.assignment_clock_in(v_ticket, v_at);
    return v_ticket;
end $$;
comment on function api.ticket_clock_in(uuid, uuid, timestamptz) is 'Start a visit now, or when a phone without a connection says it was started. Starting it twice is starting it once; of several technicians each has a clock of their own. Definer: writes.';
grant execute on function api.ticket_clock_in(uuid, uuid, timestamptz) to crm_app, crm_support;
