create or replace function internal.waitlist_offer_plan(p_slot crm.freed_slot, p_entry_id uuid, p_reason text) returns crm.waitlist_offer
language plpgsql volatile set search_path = ''
as $$
declare
    v_business crm.business := (select b from crm.business b where b.business_id = p_slot.business_id);
    v_entry crm.waitlist_entry;
    v_fit record;
    v_send_at timestamptz := internal.after_quiet_hours(internal.now(), v_business.time_zone);
    v_message_id uuid;
    v_offer crm.waitlist_offer;
begin
    -- Whoever books takes a share of the technician: either the visit is seen here, or the offer is seen there.
    perform from crm.member m where m.business_id = p_slot.business_id and m.id = p_slot.member_id for no key update;
    -- A merge has the contact first, then what hangs on them.
    perform from crm.contact c where c.business_id = p_slot.business_id and c.id = (
        select e.contact_id from crm.waitlist_entry e where e.business_id = p_slot.business_id and e.id = p_entry_id) for key share;
    select * into v_entry from crm.waitlist_entry e where e.business_id = p_slot.business_id and e.id = p_entry_id for share;
    -- What has run out is over, whether its job has come by or not; another time than this one still goes to the next.
    perform internal.waitlist_offer_finish(o.id, 'run_out', null, null, o.freed_slot_id <> p_slot.id) from crm.waitlist_offer o
    where o.business_id = p_slot.business_id and o.member_id = p_slot.member_id and o.status = 'held' and o.held_until <= internal.now();
    if exists (select from crm.waitlist_offer o where o.business_id = p_slot.business_id and o.freed_slot_id = p_slot.id and o.status in ('planned', 'held')) then
        perform internal.refuse('waitlist_offer_is_the_slots_only_one', 'This time is offered to somebody already.', 'Wait for their answer, or stop that offer.');
    end if;
    select * into v_fit from internal.waitlist_fits(p_slot, p_entry_id);
    if not found then
        perform internal.refuse('waitlist_offer_fits', 'This time does not fit them any more.', 'Somebody was booked then, or they were asked already: look at the list again.');
    elsif not exists (select from crm.contact c where c.business_id = v_entry.business_id and c.id = v_entry.contact_id and c.email is not null) then
        perform internal.refuse('message_has_an_address', 'They have no e-mail address, so no mail can be sent.', 'Call them.');
    elsif v_send_at + interval '20 minutes' > v_fit.starts_at then
        perform internal.refuse('waitlist_offer_is_in_time', case when v_send_at > internal.now()
            then 'Nobody is written to between eight in the evening and eight in the morning, and then it is too late.'
            else 'It begins too soon for a mail.' end, 'Call them.');
    end if;
    insert into crm.message (contact_id, kind, send_at, reason) values (v_entry.contact_id, 'waitlist_offer', v_send_at, p_reason)
    returning id into v_message_id;
    insert into crm.waitlist_offer (freed_slot_id, waitlist_entry_id, member_id, message_id, starts_at, ends_at, busy_until)
    values (p_slot.id, p_entry_id, p_slot.member_id, v_message_id, v_fit.starts_at, v_fit.ends_at,
            v_fit.ends_at + make_interval(mins => v_business.travel_buffer_minutes))
    returning * into v_offer;
    return v_offer;
end $$;
comment on function internal.waitlist_offer_plan(crm.freed_slot, uuid, text) is
    'Offer a freed time to one customer: plans the mail, now or in the morning, and holds the time. Refused when it does not fit, is offered already, or comes too late.';
