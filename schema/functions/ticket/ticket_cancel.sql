create or replace function api.ticket_cancel(p_ticket_id uuid, p_reason text) returns crm.ticket
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_ticket crm.ticket;
begin
    perform internal.require('ticket_cancel');
    v_ticket := internal.ticket_open(p_ticket_id);
    if p_reason is null then
        perform internal.refuse('ticket_cancel_reason_is_given', 'Say why the visit is cancelled, in at most 300 characters.');
    end if;
    update crm.ticket t set status = 'cancelled', cancelled_at = internal.now(), cancelled_by = internal.current_member(), cancel_reason = p_reason
    where t.business_id = v_ticket.business_id and t.id = v_ticket.id
    returning * into v_ticket;
    return v_ticket;
end $$;
comment on function api.ticket_cancel(uuid, text) is 'Cancel a visit that has not been closed, with a reason. Its time is free again, and a customer who knows of it is told by mail ten minutes later. Definer: writes.';
grant execute on function api.ticket_cancel(uuid, text) to crm_app, crm_support;
