create or replace function internal.message_overtaken_because(p_message crm.message) returns text
language sql stable set search_path = ''
as $$
    select 'Another mail speaks of the new time.'
    from crm.ticket t
    join crm.message o on o.business_id = t.business_id and o.ticket_id = t.id and o.ticket_starts_at = t.starts_at
        and o.kind = p_message.kind and o.asked = p_message.asked and o.status <> 'cancelled'
    where t.business_id = p_message.business_id and t.id = p_message.ticket_id and t.starts_at <> p_message.ticket_starts_at;
$$;
comment on function internal.message_overtaken_because(crm.message) is
    'Why a mail that was being sent while its visit was moved is not tried again, in a sentence: the move planned another one. Null when it goes on, with the new time.';
