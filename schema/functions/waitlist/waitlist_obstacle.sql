create or replace function internal.waitlist_obstacle(p_message crm.message) returns text
language plpgsql stable set search_path = ''
as $$
declare
    v_offer crm.waitlist_offer;
    v_slot crm.freed_slot;
begin
    select * into v_offer from crm.waitlist_offer o where o.business_id = p_message.business_id and o.message_id = p_message.id;
    select * into v_slot from crm.freed_slot s where s.business_id = v_offer.business_id and s.id = v_offer.freed_slot_id;
    return case
        when v_offer.status is distinct from 'planned' then 'The offer is over.'
        when exists (select from crm.waitlist_entry e join crm.contact c on c.business_id = e.business_id and c.id = e.contact_id
                     where e.business_id = v_offer.business_id and e.id = v_offer.waitlist_entry_id and c.archived_at is not null) then 'They are archived.'
        when exists (select from crm.waitlist_entry_service x join crm.service s on s.business_id = x.business_id and s.id = x.service_id
                     where x.business_id = v_offer.business_id and x.waitlist_entry_id = v_offer.waitlist_entry_id and s.archived_at is not null)
            then 'What they wait for is not on the list any more.'
        when v_offer.starts_at < internal.now() + interval '20 minutes' then 'The time is too near by now.'
        when exists (select from crm.member m where m.business_id = v_offer.business_id and m.id = v_offer.member_id and m.disabled_at is not null)
            or internal.away_because(v_offer.business_id, v_offer.member_id, v_offer.starts_at, v_offer.ends_at) is not null then 'The technician is not at work then.'
        when internal.is_busy(v_offer.business_id, v_offer.member_id, null, v_offer.starts_at, v_offer.ends_at) then 'The time was taken.' end;
end $$;
comment on function internal.waitlist_obstacle(crm.message) is
    'Why the mail of an offer would not be sent now, in a sentence; null when nothing is in its way. Whoever waits no longer has no offer any more.';
