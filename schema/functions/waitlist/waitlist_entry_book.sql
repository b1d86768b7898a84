create or replace function api.waitlist_entry_book(p_waitlist_entry_id uuid, p_ticket_id uuid) returns crm.waitlist_entry
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_entry crm.waitlist_entry;
    v_ticket crm.ticket;
begin
    perform internal.require('waitlist_entry_book');
    v_ticket := internal.ticket_open(p_ticket_id);
    v_entry := internal.waitlist_entry_open(p_waitlist_entry_id);
    update crm.waitlist_entry e set status = 'booked', ended_at = internal.now(), ended_by = internal.current_member(), booked_ticket_id = v_ticket.id
    where e.business_id = v_entry.business_id and e.id = v_entry.id
    returning * into v_entry;
    return v_entry;
end $$;
comment on function api.waitlist_entry_book(uuid, uuid) is
    'What somebody waited for is booked with this visit of theirs: they are off the waitlist, and what they are offered just now is withdrawn. Definer: writes.';
grant execute on function api.waitlist_entry_book(uuid, uuid) to crm_app, crm_support;
