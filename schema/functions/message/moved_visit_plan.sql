create or replace function internal.moved_visit_plan(p_ticket crm.ticket) returns void
language plpgsql volatile set search_path = ''
as $$
declare
    v_reason constant text := 'The visit was moved.';  -- by which it knows its own mails again
    -- Whoever drags a visit twice is done ten minutes later: until then the mail goes along.
    v_send_at timestamptz := internal.after_quiet_hours(internal.now() + interval '10 minutes',
        (select b.time_zone from crm.business b where b.business_id = p_ticket.business_id));
    v_told crm.message;
begin
    select * into v_told from crm.message m
    where m.business_id = p_ticket.business_id and m.ticket_id = p_ticket.id and m.kind in ('confirmation', 'confirmation_follow_up', 'reminder', 'cancellation')
        and m.status in ('sent', 'sending')
    order by m.sent_at desc nulls first limit 1;
    if v_told.id is null then return; end if;
    if v_told.kind <> 'cancellation' and v_told.ticket_starts_at = p_ticket.starts_at then
        update crm.message m set status = 'cancelled', cancelled_at = internal.now(), cancel_reason = 'They know of that time already.'
        where m.business_id = p_ticket.business_id and m.ticket_id = p_ticket.id and m.kind = 'confirmation' and m.status = 'pending'
          and m.reason = v_reason;
    elsif v_send_at < p_ticket.starts_at and p_ticket.confirmation = 'pending'
        and exists (select from crm.contact c where c.business_id = p_ticket.business_id and c.id = p_ticket.contact_id and c.email is not null)
        and not exists (select from crm.message m where m.business_id = p_ticket.business_id and m.ticket_id = p_ticket.id
            and m.kind = 'confirmation' and m.status in ('pending', 'sending'))
    then
        insert into crm.message (contact_id, ticket_id, kind, asked, send_at, reason)
        select p_ticket.contact_id, p_ticket.id, 'confirmation', coalesce(max(m.asked), 0) + 1, v_send_at,
            case when v_told.kind = 'cancellation' then 'The visit is on again.' else v_reason end
        from crm.message m where m.business_id = p_ticket.business_id and m.ticket_id = p_ticket.id and m.kind = 'confirmation';
    end if;
end $$;
comment on function internal.moved_visit_plan(crm.ticket) is
    'Plan to tell a customer who was written to about a visit that it has another time by now, or is on again, and to ask whether that suits them; nothing more once it is back where they know of.';
