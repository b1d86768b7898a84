create or replace function api.message_list(p_after_at timestamptz default null, p_after_id uuid default null)
returns table (
    id uuid, kind text, status text, send_at timestamptz, reason text, last_error text, contact_id uuid, name text, email text,
    ticket_id uuid, subject text, body text, obstacle text)
language plpgsql stable security definer set search_path = ''
as $$
begin
    perform internal.require('message_list');
    return query
        select (w.message).id, (w.message).kind, (w.message).status, (w.message).send_at, (w.message).reason, (w.message).last_error,
               c.id, c.name, c.email, (w.message).ticket_id, t.subject, t.body, internal.message_obstacle(w.message)
        from (
            select m as message from crm.message m
            where m.business_id = internal.current_business() and m.status in ('pending', 'sending', 'failed')
              and (m.send_at, m.id) > (coalesce(p_after_at, '-infinity'), coalesce(p_after_id, internal.house()))
            order by m.send_at, m.id limit 13
        ) w
        cross join lateral internal.message_text(w.message) t
        join crm.contact c on c.business_id = (w.message).business_id and c.id = (w.message).contact_id
        order by (w.message).send_at, (w.message).id;
end $$;
comment on function api.message_list(timestamptz, uuid) is
    'The mails that wait to be sent or could not be, the next first, with the words they would have now and what is in their way. A page of 12 and the first of the next, after the given time and id. Definer: makes the words.';
grant execute on function api.message_list(timestamptz, uuid) to crm_app, crm_support;
