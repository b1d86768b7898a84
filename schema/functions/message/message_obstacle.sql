create or replace function internal.message_obstacle(p_message crm.message) returns text
language plpgsql stable set search_path = ''
as $$
declare
    v_contact crm.contact;
    v_ticket crm.ticket;
    v_now timestamptz := internal.now();
begin
    select * into v_contact from crm.contact c where c.business_id = p_message.business_id and c.id = p_message.contact_id;
    if v_contact.email is null then return 'They have no e-mail address.'; end if;
    if p_message.kind = 'outreach' then
        return case
            when v_contact.consent = 'unsubscribed' then 'They asked not to be written to.'
            when v_contact.archived_at is not null then 'They are archived.'
            when exists (select from crm.ticket t where t.business_id = p_message.business_id and t.contact_id = p_message.contact_id
                         and t.status in ('scheduled', 'in_progress') and t.starts_at > v_now) then 'They have a visit ahead already.' end;
    end if;
    if p_message.kind = 'waitlist_offer' then return internal.waitlist_obstacle(p_message); end if;
    select * into v_ticket from crm.ticket t where t.business_id = p_message.business_id and t.id = p_message.ticket_id;
    if p_message.kind = 'cancellation' then
        return case when v_ticket.status <> 'cancelled' then 'The visit is on again.' when v_ticket.starts_at <= v_now then 'The visit should have begun.' end;
    end if;
    return case
        when v_ticket.status <> 'scheduled' then format('The visit is %s.', replace(v_ticket.status, '_', ' '))
        when p_message.kind = 'on_my_way' then case when v_now > p_message.send_at + interval '30 minutes' then 'It is too late by now.' end
        when v_ticket.starts_at <= v_now then 'The visit should have begun.'
        when p_message.kind = 'reminder' then case v_ticket.confirmation
            when 'declined' then 'They declined.' when 'reschedule_requested' then 'They asked for another time.' end
        when v_ticket.confirmation <> 'pending' then 'They have answered.'
        when p_message.kind = 'confirmation_follow_up' and v_now > v_ticket.starts_at - interval '24 hours' then 'The visit is too near by now.' end;
end $$;
comment on function internal.message_obstacle(crm.message) is
    'Why a mail would not be sent now, in a sentence; null when nothing is in its way. Asked when it is listed, and again when it is sent.';
