create or replace function internal.tg_ticket__offer_suits() returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
begin
    perform internal.waitlist_offer_settle(e.id) from crm.waitlist_entry e
    where e.business_id = new.business_id and e.ticket_id = new.id and e.status = 'waiting';
    return null;
end $$;
comment on function internal.tg_ticket__offer_suits() is
    'A visit with another time or length ends the offer that suits it no longer. Definer: writes.';
