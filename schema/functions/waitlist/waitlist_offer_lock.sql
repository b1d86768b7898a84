create or replace function internal.waitlist_offer_lock(p_offer crm.waitlist_offer) returns void
language plpgsql volatile set search_path = ''
as $$
declare
    v_entry crm.waitlist_entry := (
        select e from crm.waitlist_entry e where e.business_id = p_offer.business_id and e.id = p_offer.waitlist_entry_id);
begin
    -- In the order of everybody: a merge begins with the contact, a move with the visit and its technicians.
    perform from crm.contact c where c.business_id = v_entry.business_id and c.id = v_entry.contact_id for key share;
    perform from crm.ticket t where t.business_id = v_entry.business_id and t.id = v_entry.ticket_id for no key update;
    perform from crm.member m where m.business_id = v_entry.business_id and (m.id = p_offer.member_id or m.id in (
        select a.member_id from crm.assignment a where a.business_id = v_entry.business_id and a.ticket_id = v_entry.ticket_id))
        order by m.id for no key update;
    perform from crm.waitlist_entry e where e.business_id = v_entry.business_id and e.id = v_entry.id for no key update;
    perform from crm.waitlist_offer o where o.business_id = p_offer.business_id and o.id = p_offer.id for no key update;
end $$;
comment on function internal.waitlist_offer_lock(crm.waitlist_offer) is
    'Hold an offer and all that its claim changes: the contact, the visit that would move, the technicians, the entry, the offer.';
