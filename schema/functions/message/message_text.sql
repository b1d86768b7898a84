create or replace function internal.message_text(
    p_message crm.message, p_link text default '(a link for them alone)', out subject text, out body text)
language plpgsql stable set search_path = ''
as $$
declare
    v_business crm.business := (select b from crm.business b where b.business_id = p_message.business_id);
    v_contact crm.contact := (select c from crm.contact c where c.business_id = p_message.business_id and c.id = p_message.contact_id);
    v_offer crm.waitlist_offer := (select o from crm.waitlist_offer o where o.business_id = p_message.business_id and o.message_id = p_message.id);
    v_entry crm.waitlist_entry := (select e from crm.waitlist_entry e where e.business_id = p_message.business_id and e.id = v_offer.waitlist_entry_id);
    -- Worked out before they are looked for: a coalesce behind a row policy finds no index.
    v_ticket_id uuid := coalesce(p_message.ticket_id, v_entry.ticket_id);
    v_ticket crm.ticket := (select t from crm.ticket t where t.business_id = p_message.business_id and t.id = v_ticket_id);
    v_address_id uuid := coalesce(v_ticket.address_id, v_entry.address_id);
    v_language text := internal.contact_language(v_business, v_contact);
    v_kind text := case when p_message.kind = 'confirmation' and internal.message_tells_of_a_move(p_message, v_ticket) then 'confirmation_moved'
        else p_message.kind end;
    v_fields jsonb;
begin
    v_fields := jsonb_build_object(
        'name', v_contact.name, 'business', v_business.name, 'phone', v_business.phone, 'email', v_business.email, 'link', p_link,
        'day', internal.day_words(v_business, v_language, coalesce(v_offer.starts_at, v_ticket.starts_at)),
        'when', case when v_offer.id is null then internal.visit_words(v_business, v_language, v_ticket)
            else internal.time_words(v_business, v_language, v_offer.starts_at, v_offer.ends_at) end,
        'instead_of', case when v_offer.id is not null then internal.time_words(v_business, v_language, v_ticket.starts_at) end,
        'until', internal.clock_words(v_business, v_language, case when v_offer.id is not null then
            coalesce(v_offer.held_until, least(greatest(p_message.send_at, internal.now()) + interval '20 minutes', v_offer.starts_at)) end),
        'what', coalesce(
            (select string_agg(l.name, ', ' order by l.position, l.id) from crm.line_item l
             where l.business_id = p_message.business_id and l.ticket_id = v_ticket_id),
            (select string_agg(s.name, ', ' order by w.position) from crm.waitlist_entry_service w
             join crm.service s on s.business_id = w.business_id and s.id = w.service_id
             where w.business_id = p_message.business_id and w.waitlist_entry_id = v_entry.id)),
        'where', (select concat_ws(', ', a.street, a.city) from crm.address a
            where a.business_id = p_message.business_id and a.id = v_address_id),
        'who', case when v_offer.id is null then (
                select string_agg(m.name, ', ' order by m.name) from crm.assignment s join crm.member m on m.business_id = s.business_id and m.id = s.member_id
                where s.business_id = p_message.business_id and s.ticket_id = v_ticket_id)
            else (select m.name from crm.member m where m.business_id = p_message.business_id and m.id = v_offer.member_id) end);
    select left(internal.fill(t.subject, v_fields), 250), internal.fill(t.body, v_fields) || E'\n' into subject, body
    from internal.mail_template t where t.language = v_language and t.kind = v_kind;
end $$;
comment on function internal.message_text(crm.message, text) is
    'Subject and words of a mail as they are now, in the language of whom it is for, with everything filled in: what is shown beforehand is what is sent, but for the link, which only the mail holds.';
