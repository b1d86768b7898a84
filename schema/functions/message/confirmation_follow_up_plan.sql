create or replace function internal.confirmation_follow_up_plan(p_message crm.message) returns void
language plpgsql volatile set search_path = ''
as $$
declare
    v_business crm.business := (select b from crm.business b where b.business_id = p_message.business_id);
    v_ticket crm.ticket := (select t from crm.ticket t where t.business_id = p_message.business_id and t.id = p_message.ticket_id);
    v_send_at timestamptz := internal.after_quiet_hours(p_message.sent_at + interval '48 hours', v_business.time_zone);
begin
    if v_ticket.status = 'scheduled' and v_ticket.confirmation = 'pending' and v_send_at <= v_ticket.starts_at - interval '24 hours' then
        insert into crm.message (contact_id, ticket_id, ticket_starts_at, kind, asked, send_at, reason)
        values (v_ticket.contact_id, v_ticket.id, v_ticket.starts_at, 'confirmation_follow_up', p_message.asked, v_send_at,
                format('No answer to the mail of %s.', internal.time_words(v_business, 'en', p_message.sent_at)))
        on conflict (business_id, ticket_id, kind, ticket_starts_at, asked) where status <> 'cancelled' do nothing;
    end if;
end $$;
comment on function internal.confirmation_follow_up_plan(crm.message) is
    'Plan to ask once more 48 hours after a mail that asked, unless that is less than a day before the visit.';
