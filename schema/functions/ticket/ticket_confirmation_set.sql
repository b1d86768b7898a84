create or replace function api.ticket_confirmation_set(p_ticket_id uuid, p_confirmation text) returns crm.ticket
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_ticket crm.ticket;
begin
    perform internal.require('ticket_confirmation_set');
    v_ticket := internal.ticket_open(p_ticket_id);
    if p_confirmation is null then
        perform internal.refuse('ticket_confirmation_is_known', 'Choose an answer.');
    end if;
    update crm.ticket t set confirmation = p_confirmation
    where t.business_id = v_ticket.business_id and t.id = v_ticket.id
    returning * into v_ticket;
    return v_ticket;
end $$;
comment on function api.ticket_confirmation_set(uuid, text) is
    'Write down what the customer said about a visit that is still to come: confirmed, declined or reschedule_requested. Definer: writes.';
grant execute on function api.ticket_confirmation_set(uuid, text) to crm_app, crm_support;
