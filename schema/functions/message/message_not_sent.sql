create or replace function api.message_not_sent(p_message_id uuid, p_send_at timestamptz, p_error text) returns crm.message
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_message crm.message;
begin
    perform internal.require('message_not_sent');
    update crm.message m set status = 'pending', last_error = left(p_error, 500)
    where m.business_id = internal.current_business() and m.id = p_message_id and m.status = 'sending' and m.send_at = p_send_at
    returning * into v_message;
    return v_message;
end $$;
comment on function api.message_not_sent(uuid, timestamptz, text) is
    'The mail server did not take it: it waits for its job''s next try, and the list says why. Definer: writes.';
grant execute on function api.message_not_sent(uuid, timestamptz, text) to crm_app;
