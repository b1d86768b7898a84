create or replace function internal.tg_row__offer_suits() returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_ticket_id constant uuid := to_jsonb(new) ->> tg_argv[0];
begin
    perform internal.waitlist_offer_settle(e.id) from crm.waitlist_entry e
    where e.business_id = new.business_id and e.ticket_id = v_ticket_id and e.status = 'waiting';
    return null;
end $$;
comment on function internal.tg_row__offer_suits() is
    'A visit with another time or length, or that takes two by now, ends the offer that suits it no longer. The argument names the column that says which visit. Definer: writes.';
