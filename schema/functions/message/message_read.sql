create or replace function api.message_read(p_message_id uuid)
returns table (
    id uuid, kind text, status text, send_at timestamptz, sent_at timestamptz, reason text, cancel_reason text, last_error text,
    contact_id uuid, name text, email text, ticket_id uuid, subject text, body text, obstacle text)
language plpgsql stable security definer set search_path = ''
as $$
declare
    v_message crm.message;
begin
    perform internal.require('message_read');
    select * into v_message from crm.message m where m.business_id = internal.current_business() and m.id = p_message_id;
    if v_message.id is null then perform internal.not_found('message'); end if;
    return query
        select v_message.id, v_message.kind, v_message.status, v_message.send_at, v_message.sent_at, v_message.reason, v_message.cancel_reason,
               v_message.last_error, c.id, c.name, c.email, v_message.ticket_id,
               case when v_message.status = 'sent' then v_message.subject else t.subject end,
               case when v_message.status = 'sent' then v_message.body else t.body end,
               case when v_message.status in ('pending', 'failed') then internal.message_obstacle(v_message) end
        from crm.contact c, internal.message_text(v_message) t
        where c.business_id = v_message.business_id and c.id = v_message.contact_id;
end $$;
comment on function api.message_read(uuid) is
    'One mail: to whom, when and why, with the words it was sent with, or those it would have now and what is in its way. Definer: makes the words.';
grant execute on function api.message_read(uuid) to crm_app, crm_support;
