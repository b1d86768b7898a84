create or replace function internal.tg_message__visit() returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
begin
    new.ticket_starts_at := (select t.starts_at from crm.ticket t where t.business_id = new.business_id and t.id = new.ticket_id);
    return new;
end $$;
comment on function internal.tg_message__visit() is
    'A mail about a visit speaks of the time that the visit has when it is planned. Definer: reads the visit.';
