create or replace function internal.waitlist_offer_book(p_offer crm.waitlist_offer, p_entry crm.waitlist_entry) returns void
language plpgsql volatile set search_path = ''
as $$
declare
    v_ticket crm.ticket;
begin
    if p_entry.ticket_id is null then
        insert into crm.ticket (contact_id, address_id, confirmation, starts_at, ends_at, busy_until)
        values (p_entry.contact_id, p_entry.address_id, 'confirmed', p_offer.starts_at, p_offer.ends_at, p_offer.ends_at)
        returning * into v_ticket;
    else
        v_ticket := internal.ticket_open(p_entry.ticket_id);
    end if;
    -- From here on the time is no longer held: what follows takes it.
    perform internal.waitlist_offer_finish(p_offer.id, 'claimed', null, v_ticket.id);
    update crm.waitlist_entry e set status = 'booked', ended_at = internal.now(), booked_ticket_id = v_ticket.id
    where e.business_id = p_entry.business_id and e.id = p_entry.id;
    if p_entry.ticket_id is not null then
        delete from crm.assignment a where a.business_id = v_ticket.business_id and a.ticket_id = v_ticket.id and a.member_id <> p_offer.member_id;
        update crm.ticket t set starts_at = p_offer.starts_at, ends_at = p_offer.ends_at where t.business_id = v_ticket.business_id and t.id = v_ticket.id;
        update crm.ticket t set confirmation = 'confirmed' where t.business_id = v_ticket.business_id and t.id = v_ticket.id returning * into v_ticket;
        -- A reason was for the time that it had.
        update crm.assignment a set book_anyway_reason = null, out_of_hours_reason = null
        where a.business_id = v_ticket.business_id and a.ticket_id = v_ticket.id and num_nonnulls(a.book_anyway_reason, a.out_of_hours_reason) > 0;
    end if;
    perform internal.ticket_assign(v_ticket, array[p_offer.member_id], null);
    perform internal.line_item_make(v_ticket.id, s.service_id, 1, null)
    from (select w.service_id from crm.waitlist_entry_service w
          where w.business_id = p_entry.business_id and w.waitlist_entry_id = p_entry.id order by w.position) s;
end $$;
comment on function internal.waitlist_offer_book(crm.waitlist_offer, crm.waitlist_entry) is
    'What a claim does: books a visit that is confirmed, or moves the one that would come sooner, as anybody books, through every rule.';
