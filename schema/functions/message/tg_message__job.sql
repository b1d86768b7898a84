create or replace function internal.tg_message__job() returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_key text := new.id || ' ' || extract(epoch from new.send_at);
    v_payload jsonb := jsonb_build_object('message_id', new.id, 'send_at', new.send_at, 'kind', new.kind);
begin
    -- A job knows the time that it was asked for: one of an earlier time finds another and does nothing.
    if internal.enqueue('message', v_key, v_payload, new.send_at) is null
       and not exists (select from crm.job j where j.business_id = new.business_id and j.kind = 'message' and j.key = v_key and j.state = 'ready')
    then
        perform internal.enqueue('message', v_key || ' ' || gen_random_uuid(), v_payload, new.send_at);
    end if;
    return null;
end $$;
comment on function internal.tg_message__job() is 'A mail that waits has a job for its time. Definer: asks for work.';
