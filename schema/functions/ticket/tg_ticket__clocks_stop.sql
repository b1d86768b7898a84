create or replace function internal.tg_ticket__clocks_stop() returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
begin
    update crm.assignment a set clocked_out_at = greatest(new.clocked_out_at, a.clocked_in_at + interval '1 second')
    where a.business_id = new.business_id and a.ticket_id = new.id and a.clocked_in_at is not null and a.clocked_out_at is null;
    return new;
end $$;
comment on function internal.tg_ticket__clocks_stop() is
    'On a visit that is closed nobody''s clock runs on. Definer: writes.';
