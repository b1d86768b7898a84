create or replace function internal.cancellation_plan(p_ticket crm.ticket) returns void
language plpgsql volatile set search_path = ''
as $$
declare
    -- Ten minutes in which the office can still stop it, and call instead.
    v_send_at timestamptz := internal.after_quiet_hours(internal.now() + interval '10 minutes',
        (select b.time_zone from crm.business b where b.business_id = p_ticket.business_id));
begin
    if v_send_at < p_ticket.starts_at
        and exists (select from crm.contact c where c.business_id = p_ticket.business_id and c.id = p_ticket.contact_id and c.email is not null)
        -- Whoever declined knows; whoever never heard of it need not.
        and (p_ticket.confirmation in ('confirmed', 'reschedule_requested') or p_ticket.confirmation = 'pending' and exists (
            select from crm.message m where m.business_id = p_ticket.business_id and m.ticket_id = p_ticket.id
                and m.kind in ('confirmation', 'confirmation_follow_up', 'reminder') and m.status in ('sent', 'sending')))
    then
        insert into crm.message (contact_id, ticket_id, kind, send_at, reason)
        values (p_ticket.contact_id, p_ticket.id, 'cancellation', v_send_at, 'The visit was cancelled.')
        on conflict (business_id, ticket_id, kind, ticket_starts_at, asked) where status <> 'cancelled' do nothing;
    end if;
end $$;
comment on function internal.cancellation_plan(crm.ticket) is
    'Plan to tell a customer who knows of a visit that it was cancelled, unless that would come too late for it: then somebody has to call.';
