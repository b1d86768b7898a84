create or replace function internal.contact_erase_words(p_contact_ids uuid[]) returns void
language plpgsql volatile set search_path = ''
as $$
declare
    v_business uuid := internal.current_business();
    v_ticket_ids uuid[] := array(select t.id from crm.ticket t where t.business_id = v_business and t.contact_id = any (p_contact_ids));
begin
    perform internal.contact_erase_copies(p_contact_ids);
    delete from crm.file_content c using crm.file f
    where f.business_id = v_business and f.contact_id = any (p_contact_ids) and c.business_id = f.business_id and c.file_id = f.id;
    delete from crm.file f where f.business_id = v_business and f.contact_id = any (p_contact_ids);
    delete from crm.note n where n.business_id = v_business and n.contact_id = any (p_contact_ids);
    delete from crm.attribute a where a.business_id = v_business and a.contact_id = any (p_contact_ids);
    update crm.waitlist_entry e set note = null, address_id = null, status = case e.status when 'waiting' then 'ended' else e.status end,
        ended_at = coalesce(e.ended_at, internal.now()), end_reason = case when e.status in ('waiting', 'ended') then '[erased]' end
    where e.business_id = v_business and e.contact_id = any (p_contact_ids);
    update crm.waitlist_offer o set message_id = null from crm.waitlist_entry e
    where e.business_id = v_business and e.contact_id = any (p_contact_ids) and o.business_id = v_business and o.waitlist_entry_id = e.id and o.message_id is not null;
    delete from crm.ticket_link l using crm.message m
    where m.business_id = v_business and m.contact_id = any (p_contact_ids) and l.business_id = m.business_id and l.message_id = m.id;
    delete from crm.message m where m.business_id = v_business and m.contact_id = any (p_contact_ids);
    delete from crm.task k where k.business_id = v_business and (k.contact_id = any (p_contact_ids) or k.ticket_id = any (v_ticket_ids));
    delete from crm.proposal p where p.business_id = v_business and p.ticket_id = any (v_ticket_ids);
    update crm.gap g set reason = '[erased]' where g.business_id = v_business and g.ticket_id = any (v_ticket_ids);
    update crm.assignment a set book_anyway_reason = case when a.book_anyway_reason is not null then '[erased]' end,
        out_of_hours_reason = case when a.out_of_hours_reason is not null then '[erased]' end
    where a.business_id = v_business and a.ticket_id = any (v_ticket_ids) and num_nonnulls(a.book_anyway_reason, a.out_of_hours_reason) > 0;
    update crm.ticket t set note = null, instructions = null,
        cancel_reason = case when t.cancel_reason is not null then '[erased]' end,
        clock_reason = case when t.clock_reason is not null then '[erased]' end
    where t.business_id = v_business and t.contact_id = any (p_contact_ids);
    update crm.series s set instructions = null, address_id = null, ended_on = coalesce(s.ended_on, internal.series_today(s.time_zone)),
        ended_at = coalesce(s.ended_at, internal.now())
    where s.business_id = v_business and s.contact_id = any (p_contact_ids);
    update crm.payment p set reference = null
    from crm.invoice i
    where i.business_id = v_business and i.contact_id = any (p_contact_ids)
      and p.business_id = i.business_id and p.invoice_id = i.id and p.reference is not null;
    update crm.invoice i set bill_to_address = null, note = null,
        bill_to_name = case when i.bill_to_name is not null then internal.contact_pseudonym(i.contact_id) end,
        void_reason = case when i.void_reason is not null then '[erased]' end
    where i.business_id = v_business and i.contact_id = any (p_contact_ids);
    delete from crm.address a
    where a.business_id = v_business and a.contact_id = any (p_contact_ids)
      and not exists (select from crm.ticket t where t.business_id = v_business and t.address_id = a.id);
    update crm.address a set label = null, street = '[erased]', city = null, region = null, postcode = null, access_note = null
    where a.business_id = v_business and a.contact_id = any (p_contact_ids);
    update crm.contact c set kind = 'person', name = internal.contact_pseudonym(c.id), phone = null, phone_e164 = null,
        other_phone = null, other_e164 = null, email = null, preferred_method = null, preferred_time = null, language = null, referred_by = null,
        note = null, consent = 'unsubscribed', consent_at = internal.now(),
        archived_at = coalesce(c.archived_at, internal.now()), erased_at = internal.now()
    where c.business_id = v_business and c.id = any (p_contact_ids);
end $$;
comment on function internal.contact_erase_words(uuid[]) is
    'Take every word about these contacts out of every table but the audit. Visits, invoices and payments stay, without words, under a pseudonym.';
