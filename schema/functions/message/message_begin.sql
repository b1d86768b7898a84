create or replace function api.message_begin(p_message_id uuid, p_send_at timestamptz, p_token_hash bytea, p_link text)
returns table (email text, sender text, reply_to text, subject text, body text, kind text)
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_business crm.business;
    v_message crm.message;
    v_text record;
    v_obstacle text;
    v_from timestamptz;
begin
    perform internal.require('message_begin');
    -- The visit first, as whoever moves or cancels it does: then it stays as it is until this mail is on its way.
    perform from crm.ticket t where t.business_id = internal.current_business()
        and t.id = (select m.ticket_id from crm.message m where m.business_id = internal.current_business() and m.id = p_message_id) for share;
    -- So does an offer, as whoever withdraws it has it first.
    perform from crm.waitlist_offer o where o.business_id = internal.current_business() and o.message_id = p_message_id for no key update;
    select * into v_message from crm.message m where m.business_id = internal.current_business() and m.id = p_message_id for update;
    if v_message.id is null or v_message.status not in ('pending', 'sending') or v_message.send_at is distinct from p_send_at then
        return;  -- sent, cancelled, or another job's by now
    end if;
    v_obstacle := coalesce(internal.message_obstacle(v_message), internal.message_overtaken_because(v_message));
    if v_obstacle is not null then
        update crm.message m set status = 'cancelled', cancelled_at = internal.now(), cancel_reason = v_obstacle
        where m.business_id = v_message.business_id and m.id = v_message.id;
        return;
    end if;
    select * into v_business from crm.business b where b.business_id = v_message.business_id;
    v_from := greatest(v_message.send_at, case when v_message.kind = 'on_my_way' then internal.now()
        else internal.after_quiet_hours(internal.now(), v_business.time_zone) end);
    if v_from > internal.now() then
        update crm.message m set status = 'pending', send_at = v_from where m.business_id = v_message.business_id and m.id = v_message.id;
        -- A job that came early ends now, so it leaves another one behind.
        if v_from = v_message.send_at then
            perform internal.enqueue('message', v_message.id || ' ' || gen_random_uuid(),
                jsonb_build_object('message_id', v_message.id, 'send_at', v_from, 'kind', v_message.kind), v_from);
        end if;
        return;
    end if;
    select * into v_text from internal.message_text(v_message);
    -- A try that died, or found no mail server, may have had another time of the visit.
    update crm.message m set status = 'sending', subject = v_text.subject, body = v_text.body,
        ticket_starts_at = (select t.starts_at from crm.ticket t where t.business_id = m.business_id and t.id = m.ticket_id)
    where m.business_id = v_message.business_id and m.id = v_message.id;
    perform internal.ticket_link_make(v_message, p_token_hash);
    return query
        select c.email, v_business.name, v_business.email, t.subject, t.body, v_message.kind
        from crm.contact c, internal.message_text(v_message, p_link) t
        where c.business_id = v_message.business_id and c.id = v_message.contact_id;
end $$;
comment on function api.message_begin(uuid, timestamptz, bytea, text) is
    'Take a mail that is due, just before it is sent: its address, kind, and words with this link, whose hash is kept. No row when it was sent, cancelled or moved meanwhile, when its reason is gone (it is cancelled then), or at night (it waits for the morning). Definer: writes.';
grant execute on function api.message_begin(uuid, timestamptz, bytea, text) to crm_app;
