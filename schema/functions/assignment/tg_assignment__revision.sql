create or replace function internal.tg_assignment__revision() returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
begin
    -- A visit that is being booked in this very transaction is in no calendar yet.
    update crm.ticket t set revision = t.revision + 1
    where t.business_id = coalesce(new.business_id, old.business_id) and t.id = coalesce(new.ticket_id, old.ticket_id)
      and t.created_at < internal.now();
    return null;
end $$;
comment on function internal.tg_assignment__revision() is
    'Who comes is part of a visit: other technicians are a change of it. Definer: writes.';
