create or replace function api.message_send(p_message_id uuid) returns crm.message
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_message crm.message;
    v_obstacle text;
begin
    perform internal.require('message_send');
    select * into v_message from crm.message m
    where m.business_id = internal.current_business() and m.id = p_message_id and m.status in ('pending', 'failed') for update;
    if v_message.id is null then perform internal.not_found('message'); end if;
    v_obstacle := internal.message_obstacle(v_message);
    if v_obstacle is not null then
        perform internal.refuse('message_can_be_sent', format('This mail would not be sent: %s', lower(left(v_obstacle, 1)) || substr(v_obstacle, 2)));
    elsif internal.after_quiet_hours(internal.now(), (select b.time_zone from crm.business b where b.business_id = v_message.business_id)) > internal.now() then
        perform internal.refuse('message_is_sent_by_day', 'Nobody is written to between eight in the evening and eight in the morning.', 'It is sent in the morning by itself when it is due by then.');
    end if;
    update crm.message m set status = 'pending', send_at = internal.now(), last_error = null
    where m.business_id = v_message.business_id and m.id = v_message.id
    returning * into v_message;
    return v_message;
end $$;
comment on function api.message_send(uuid) is
    'Send a planned mail now rather than at its time, or try one again that failed. Refused at night and when its reason is gone. Definer: writes.';
grant execute on function api.message_send(uuid) to crm_app, crm_support;
