create or replace function internal.tg_ticket__links_follow() returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
begin
    update crm.ticket_link l set expires_at = new.ends_at + interval '1 day'
    where l.business_id = new.business_id and l.ticket_id = new.id;
    return null;
end $$;
comment on function internal.tg_ticket__links_follow() is
    'A link is good until a day after its visit, wherever that is moved to. Definer: writes.';
