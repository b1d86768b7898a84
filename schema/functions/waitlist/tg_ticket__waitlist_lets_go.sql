create or replace function internal.tg_ticket__waitlist_lets_go() returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
begin
    update crm.freed_slot s set ticket_id = null where s.business_id = old.business_id and s.ticket_id = old.id;
    update crm.waitlist_entry e set ticket_id = null, status = 'ended', ended_at = coalesce(e.ended_at, internal.now()),
        end_reason = coalesce(e.end_reason, 'The visit is not there any more.')
    where e.business_id = old.business_id and e.ticket_id = old.id and e.status <> 'booked';
    return old;
end $$;
comment on function internal.tg_ticket__waitlist_lets_go() is
    'A visit that goes because a change of its series is undone is waited for by nobody. Definer: writes.';
