create or replace function internal.tg_ticket__waitlist_follows() returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
begin
    update crm.waitlist_entry e set status = 'ended', ended_at = internal.now(), ended_by = internal.current_member(),
        end_reason = case new.status when 'cancelled' then 'The visit was cancelled.' else 'The visit was started.' end
    where e.business_id = new.business_id and e.ticket_id = new.id and e.status = 'waiting';
    return null;
end $$;
comment on function internal.tg_ticket__waitlist_follows() is
    'A visit that is started or cancelled waits for no sooner time. Definer: writes.';
