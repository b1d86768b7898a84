create or replace function api.message_sent(p_message_id uuid, p_send_at timestamptz) returns crm.message
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_message crm.message;
    v_ticket crm.ticket;
begin
    perform internal.require('message_sent');
    -- The visit first, as whoever moves it does: a move is either seen below, or sees that this mail was sent.
    perform from crm.ticket t where t.business_id = internal.current_business()
        and t.id = (select m.ticket_id from crm.message m where m.business_id = internal.current_business() and m.id = p_message_id) for share;
    update crm.message m set status = 'sent', sent_at = internal.now(), last_error = null
    where m.business_id = internal.current_business() and m.id = p_message_id and m.status = 'sending' and m.send_at = p_send_at
    returning * into v_message;
    select * into v_ticket from crm.ticket t where t.business_id = v_message.business_id and t.id = v_message.ticket_id;
    if v_ticket.starts_at <> v_message.ticket_starts_at then
        perform internal.moved_visit_plan(v_ticket);  -- it was moved while the mail was on its way
    elsif v_message.kind = 'confirmation' then
        perform internal.confirmation_follow_up_plan(v_message);
    end if;
    return v_message;
end $$;
comment on function api.message_sent(uuid, timestamptz) is
    'The mail server has it. After a mail that asks for an answer, asking once more is planned; of a visit that was moved meanwhile, telling them. Definer: writes.';
grant execute on function api.message_sent(uuid, timestamptz) to crm_app;
