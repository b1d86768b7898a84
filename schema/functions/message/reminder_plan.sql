create or replace function internal.reminder_plan(p_ticket crm.ticket) returns void
language plpgsql volatile set search_path = ''
as $$
declare
    v_zone text := (select b.time_zone from crm.business b where b.business_id = p_ticket.business_id);
    v_send_at timestamptz := (((p_ticket.starts_at at time zone v_zone)::date - 1) + time '17:00') at time zone v_zone;
begin
    -- Whoever books for tomorrow in the evening has just been spoken to.
    if v_send_at > internal.now() and exists (
        select from crm.contact c where c.business_id = p_ticket.business_id and c.id = p_ticket.contact_id and c.email is not null)
    then
        insert into crm.message (contact_id, ticket_id, ticket_starts_at, kind, send_at, reason)
        values (p_ticket.contact_id, p_ticket.id, p_ticket.starts_at, 'reminder', v_send_at, 'The day before the visit.')
        on conflict (business_id, ticket_id, kind, ticket_starts_at, asked) where status <> 'cancelled' do nothing;
    end if;
end $$;
comment on function internal.reminder_plan(crm.ticket) is
    'Plan the reminder of a visit for five in the afternoon of the day before, if that is still ahead and there is an address to write to.';
