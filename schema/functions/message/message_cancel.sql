create or replace function api.message_cancel(p_message_id uuid) returns crm.message
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_message crm.message;
begin
    perform internal.require('message_cancel');
    perform from crm.waitlist_offer o where o.business_id = internal.current_business() and o.message_id = p_message_id for no key update;
    update crm.message m set status = 'cancelled', cancelled_at = internal.now(), cancel_reason = 'Somebody of the business cancelled it.'
    where m.business_id = internal.current_business() and m.id = p_message_id and m.status in ('pending', 'failed')
    returning * into v_message;
    if v_message.id is null then perform internal.not_found('message'); end if;
    return v_message;
end $$;
comment on function api.message_cancel(uuid) is 'Cancel a planned message before it is sent, or one that could not be. Definer: writes.';
grant execute on function api.message_cancel(uuid) to crm_app, crm_support;
