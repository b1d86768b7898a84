create or replace function api.waitlist_offer_next(p_freed_slot_id uuid) returns crm.waitlist_offer
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_slot crm.freed_slot;
    v_send_at timestamptz;
    v_entry_id uuid;
begin
    perform internal.require('waitlist_offer_next');
    select * into v_slot from crm.freed_slot s where s.business_id = internal.current_business() and s.id = p_freed_slot_id;
    if v_slot.id is null or not v_slot.offers_next then return null; end if;
    perform from crm.member m where m.business_id = v_slot.business_id and m.id = v_slot.member_id for no key update;
    v_send_at := internal.after_quiet_hours(internal.now(), (select b.time_zone from crm.business b where b.business_id = v_slot.business_id));
    -- Nobody hears of the same time twice by themselves, whatever became of it the first time.
    select f.waitlist_entry_id into v_entry_id
    from internal.waitlist_fits(v_slot) f
    join crm.waitlist_entry e on e.business_id = v_slot.business_id and e.id = f.waitlist_entry_id
    join crm.contact c on c.business_id = e.business_id and c.id = e.contact_id and c.email is not null
    where f.starts_at >= v_send_at + interval '20 minutes'
      and not exists (select from crm.waitlist_offer o where o.business_id = v_slot.business_id and o.freed_slot_id = v_slot.id
                      and (o.waitlist_entry_id = e.id or o.status in ('planned', 'held')))
    order by f.place limit 1;
    if v_entry_id is null then return null; end if;
    return internal.waitlist_offer_plan(v_slot, v_entry_id, 'Offered by itself: the one before did not take it.');
end $$;
comment on function api.waitlist_offer_next(uuid) is
    'Offer a freed time to the next who fits and has not been asked, unless that is switched off, somebody has the offer, or it is too late. Null when there is nobody. Definer: writes.';
grant execute on function api.waitlist_offer_next(uuid) to crm_app;
