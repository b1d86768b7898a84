create or replace function internal.waitlist_offer_settle(p_entry_id uuid) returns void
language plpgsql volatile set search_path = ''
as $$
begin
    perform internal.waitlist_offer_finish(o.id, 'withdrawn', 'It is not what they wait for any more.') from crm.waitlist_offer o
    where o.business_id = internal.current_business() and o.waitlist_entry_id = p_entry_id and o.status in ('planned', 'held')
      and not internal.waitlist_offer_suits(o);
end $$;
comment on function internal.waitlist_offer_settle(uuid) is
    'Withdraw what is offered to somebody when it is not what they wait for any more: a claim would book something else than they want.';
