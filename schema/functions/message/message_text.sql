create or replace function internal.message_text(
    p_message crm.message, p_link text default '(a link for them alone)', out subject text, out body text)
language plpgsql stable set search_path = ''
as $$
declare
    v_business crm.business;
    v_contact crm.contact;
    v_ticket crm.ticket;
    v_day text;
    v_what text;
    v_who text;
    v_where text;
    v_reach text;
    v_moved boolean;
    v_offer crm.waitlist_offer;
    v_entry crm.waitlist_entry;
begin
    select * into v_business from crm.business b where b.business_id = p_message.business_id;
    select * into v_contact from crm.contact c where c.business_id = p_message.business_id and c.id = p_message.contact_id;
    select * into v_offer from crm.waitlist_offer o where o.business_id = p_message.business_id and o.message_id = p_message.id;
    select * into v_entry from crm.waitlist_entry e where e.business_id = p_message.business_id and e.id = v_offer.waitlist_entry_id;
    select * into v_ticket from crm.ticket t where t.business_id = p_message.business_id and t.id = coalesce(p_message.ticket_id, v_entry.ticket_id);
    select coalesce(string_agg(l.name, ', ' order by l.position, l.id), (
        select string_agg(s.name, ', ' order by w.position) from crm.waitlist_entry_service w join crm.service s on s.business_id = w.business_id and s.id = w.service_id
        where w.business_id = p_message.business_id and w.waitlist_entry_id = v_entry.id)) into v_what from crm.line_item l
    where l.business_id = p_message.business_id and l.ticket_id = v_ticket.id;
    select string_agg(m.name, ' and ' order by m.name) into v_who from crm.assignment s
    join crm.member m on m.business_id = s.business_id and m.id = s.member_id
    where s.business_id = p_message.business_id and s.ticket_id = v_ticket.id;
    if v_offer.id is not null then
        v_who := (select m.name from crm.member m where m.business_id = p_message.business_id and m.id = v_offer.member_id);
    end if;
    select concat_ws(', ', a.street, a.city) into v_where from crm.address a
    where a.business_id = p_message.business_id and a.id = coalesce(v_ticket.address_id, v_entry.address_id);
    v_day := regexp_replace(internal.time_words(v_business, v_ticket.starts_at), ', [^,]*$', '');
    v_moved := exists (
        select from crm.message m where m.business_id = p_message.business_id and m.ticket_id = p_message.ticket_id and m.id <> p_message.id
            and m.kind in ('confirmation', 'confirmation_follow_up', 'reminder') and m.status = 'sent' and m.ticket_starts_at <> v_ticket.starts_at and m.sent_at <= coalesce(p_message.sent_at, m.sent_at));
    v_reach := case when v_business.phone is not null and v_business.email is not null then format('You can also answer this mail or call us: %s', v_business.phone)
        when v_business.phone is not null then format('You can also call us: %s', v_business.phone)
        when v_business.email is not null then 'You can also answer this mail.' end;
    subject := left(v_business.name || ': ' || case p_message.kind
        when 'confirmation' then 'does ' || v_day || ' suit you?'
        when 'confirmation_follow_up' then 'is ' || v_day || ' all right?'
        when 'reminder' then 'we come on ' || v_day
        when 'on_my_way' then 'we are on our way'
        when 'waitlist_offer' then 'we could come on ' || regexp_replace(internal.time_words(v_business, v_offer.starts_at), ', [^,]*$', '')
        else 'is it time again?' end, 250);
    body := concat_ws(E'\n\n', 'Hello ' || v_contact.name || ',',
        case p_message.kind
            when 'confirmation' then case when v_moved then 'your visit has another time. We would now like to come on ' else 'we would like to come on ' end || internal.visit_words(v_business, v_ticket) || '.'
            when 'confirmation_follow_up' then 'we have not heard yet whether this suits you: ' || internal.visit_words(v_business, v_ticket) || '.'
            when 'reminder' then 'this is to remind you that we come on ' || internal.visit_words(v_business, v_ticket) || '.'
            when 'on_my_way' then coalesce(v_who, 'somebody') || case when v_who like '% and %' then ' are' else ' is' end || ' on the way to you.'
            when 'waitlist_offer' then 'a time has become free: we could come on ' || internal.time_words(v_business, v_offer.starts_at, v_offer.ends_at)
                || coalesce(', instead of ' || internal.time_words(v_business, v_ticket.starts_at), '') || '.'
            else 'it is a while since we were with you' || coalesce(' for this: ' || v_what, '') || '. Would you like us to come again?' end,
        case when p_message.kind <> 'outreach' then
            concat_ws(E'\n', 'What: ' || v_what, 'Where: ' || nullif(v_where, ''), case when p_message.kind <> 'on_my_way' then 'Who comes: ' || v_who end) end,
        case p_message.kind
            when 'outreach' then null
            when 'on_my_way' then E'Everything about the visit:\n' || p_link
            when 'waitlist_offer' then E'We hold it for you for 20 minutes from when this mail was sent. Yes or no, please tell us here:\n' || p_link
            when 'reminder' then E'If it does not suit you, please tell us here:\n' || p_link
            else E'Please tell us here whether it suits you, or ask for another time:\n' || p_link end,
        case when p_message.kind <> 'outreach' then v_reach
            else coalesce(case when v_business.email is not null then 'Just answer this mail' || coalesce(' or call us: ' || v_business.phone, '.') end, 'Just call us: ' || v_business.phone) end,
        v_business.name,
        case when p_message.kind = 'outreach' then E'You would rather not get such mails? Here you can say so:\n' || p_link end) || E'\n';
end $$;
comment on function internal.message_text(crm.message, text) is
    'Subject and words of a mail as they are now, with everything filled in: what is shown beforehand is what is sent, but for the link, which only the mail holds.';
