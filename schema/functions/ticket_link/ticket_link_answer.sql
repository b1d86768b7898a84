create or replace function api.ticket_link_answer(
    p_token_hash bytea, p_starts_at timestamptz, p_answer text, p_words text default null, p_wished_at timestamptz default null)
returns text
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_caller constant text := current_setting('app.context');
    v_link crm.ticket_link;
    v_ticket crm.ticket;
begin
    perform internal.require('ticket_link_answer');
    v_link := internal.link_enter(p_token_hash);
    if v_link.ticket_id is null then return internal.link_refused(v_caller); end if;
    if not internal.is_plain_text(p_words, 500) then
        perform internal.refuse('ticket_link_words_are_short', 'Write at most 500 characters.');
    elsif coalesce(p_answer, '') not in ('confirmed', 'declined', 'reschedule_requested') then
        perform internal.refuse('ticket_confirmation_is_known', 'Choose an answer.');
    elsif p_wished_at <= internal.now() or p_wished_at > internal.now() + interval '1 year' then
        perform internal.refuse('ticket_link_wished_at_is_ahead', 'Choose a time within the coming year.');
    end if;
    -- Whoever answers waits for whoever is moving or cancelling it, and then hears what came of that.
    select * into v_ticket from crm.ticket t where t.business_id = v_link.business_id and t.id = v_link.ticket_id for no key update;
    if v_ticket.status <> 'scheduled' or v_ticket.starts_at <= internal.now() then
        perform internal.security_event_record('customer_link_late');
        return internal.back_to(v_caller, 'late');
    elsif v_ticket.starts_at is distinct from p_starts_at then
        return internal.back_to(v_caller, 'moved');
    end if;
    if v_ticket.confirmation = p_answer and p_words is null and p_wished_at is null then
        return internal.back_to(v_caller, 'ok');  -- a double tap
    end if;
    update crm.ticket t set confirmation = p_answer
    where t.business_id = v_ticket.business_id and t.id = v_ticket.id and t.confirmation <> p_answer;
    perform internal.ticket_link_task(v_link, v_ticket, p_answer, p_words, p_wished_at);
    return internal.back_to(v_caller, 'ok');
end $$;
comment on function api.ticket_link_answer(bytea, timestamptz, text, text, timestamptz) is
    'A customer''s answer by their link: confirmed, declined or reschedule_requested, with a reason or a wish. The time is the one that they saw. Outcome ok; late when the visit has begun or is closed, and moved when it has another time by now: then nothing is changed; refused when the link is not good. Returned rather than raised, so that the events stay. Definer: goes on in the business of the link, with the rights of that visit.';
grant execute on function api.ticket_link_answer(bytea, timestamptz, text, text, timestamptz) to crm_app;
