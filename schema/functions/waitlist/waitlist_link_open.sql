create or replace function api.waitlist_link_open(p_token_hash bytea, p_languages text[] default '{}')
returns table (
    business text, phone text, email text, language text, time_zone text, currency text, state text, day text, expected text, held_until text,
    ticket_id uuid, starts_at timestamptz, ends_at timestamptz, status text, confirmation text, updated_at timestamptz, revision integer,
    name text, street text, city text, postcode text, services text, who text, instead_of text)
language plpgsql stable security definer set search_path = ''
as $$
declare
    v_caller constant text := current_setting('app.context');
    v_offer crm.waitlist_offer;
begin
    perform internal.require('waitlist_link_open');
    v_offer := internal.waitlist_link_enter(p_token_hash);
    if v_offer.id is null then
        perform internal.back_to(v_caller);
        return;
    end if;
    return query
        select b.name, b.phone, b.email, g.language, b.time_zone, b.currency,
            case when d.status = 'cancelled' then 'cancelled' when v_offer.status in ('claimed', 'declined') then v_offer.status
                when v_offer.status = 'withdrawn' then 'taken'
                when v_offer.status = 'run_out' or v_offer.held_until <= internal.now() or v_offer.starts_at <= internal.now() then 'late' else 'open' end,
            internal.day_words(b, g.language, coalesce(d.starts_at, v_offer.starts_at)),
            case when d.id is null then internal.time_words(b, g.language, v_offer.starts_at, v_offer.ends_at) else internal.visit_words(b, g.language, d) end,
            internal.clock_words(b, g.language, v_offer.held_until),
            d.id, d.starts_at, d.ends_at, d.status, d.confirmation, d.updated_at, d.revision,
            c.name, a.street, a.city, a.postcode,
            case when t.id is not null then (select string_agg(l.name, ', ' order by l.position, l.id) from crm.line_item l where l.business_id = t.business_id and l.ticket_id = t.id)
                else (select string_agg(s.name, ', ' order by w.position) from crm.waitlist_entry_service w
                      join crm.service s on s.business_id = w.business_id and s.id = w.service_id
                      where w.business_id = e.business_id and w.waitlist_entry_id = e.id) end,
            m.name, case when v_offer.status in ('planned', 'held') then internal.time_words(b, g.language, t.starts_at) end
        from crm.waitlist_entry e
        join crm.business b on b.business_id = e.business_id
        join crm.contact c on c.business_id = e.business_id and c.id = e.contact_id
        cross join internal.contact_language(b, c, p_languages) g(language)
        join crm.member m on m.business_id = e.business_id and m.id = v_offer.member_id
        left join crm.ticket d on d.business_id = e.business_id and d.id = v_offer.ticket_id
        left join crm.ticket t on t.business_id = e.business_id and t.id = e.ticket_id
        left join crm.address a on a.business_id = e.business_id and a.id = case when t.id is not null then t.address_id else e.address_id end
        where e.business_id = v_offer.business_id and e.id = v_offer.waitlist_entry_id;
    perform internal.back_to(v_caller);
end $$;
comment on function api.waitlist_link_open(bytea, text[]) is
    'The time that a customer''s link offers, by the hash of the link, with its times in words of their language as ticket_link_open chooses it, of the visit that came of it what a calendar wants to know, and what has become of it: open, claimed, declined, late, taken or cancelled. No row when the link is not known, withdrawn, too old or about something else. Changes nothing. Definer: goes on in the business of the link.';
grant execute on function api.waitlist_link_open(bytea, text[]) to crm_app;
