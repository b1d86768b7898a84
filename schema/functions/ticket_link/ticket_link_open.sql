create or replace function api.ticket_link_open(p_token_hash bytea, p_offers boolean default false, p_languages text[] default '{}')
returns table (
    business text, phone text, email text, language text, time_zone text, currency text, ticket_id uuid, status text, confirmation text,
    starts_at timestamptz, ends_at timestamptz, day text, expected text, told_starts_at timestamptz, name text, street text, city text, postcode text,
    services text, who text, updated_at timestamptz, revision integer, now timestamptz, free_at timestamptz[], free_words text[])
language plpgsql stable security definer set search_path = ''
as $$
declare
    v_caller constant text := current_setting('app.context');
    v_link crm.ticket_link;
    v_business crm.business;
    v_member_ids uuid[];
begin
    perform internal.require('ticket_link_open');
    v_link := internal.link_enter(p_token_hash);
    if v_link.ticket_id is null then
        perform internal.back_to(v_caller);
        return;
    end if;
    select * into v_business from crm.business b where b.business_id = v_link.business_id;
    select b.name, b.phone, b.email, g.language, b.time_zone, b.currency, t.id, t.status, t.confirmation, t.starts_at, t.ends_at,
           internal.day_words(b, g.language, t.starts_at), internal.visit_words(b, g.language, t), v_link.told_starts_at, c.name, a.street, a.city, a.postcode,
           (select string_agg(l.name, ', ' order by l.position, l.id) from crm.line_item l
            where l.business_id = t.business_id and l.ticket_id = t.id),
           s.names, s.ids, t.updated_at, t.revision, internal.now(), '{}', '{}'
    into business, phone, email, language, time_zone, currency, ticket_id, status, confirmation, starts_at, ends_at, day, expected, told_starts_at, name, street, city, postcode,
        services, who, v_member_ids, updated_at, revision, now, free_at, free_words
    from crm.ticket t
    join crm.business b on b.business_id = t.business_id
    join crm.contact c on c.business_id = t.business_id and c.id = t.contact_id
    cross join internal.contact_language(b, c, p_languages) g(language)
    left join crm.address a on a.business_id = t.business_id and a.id = t.address_id
    cross join lateral (
        select string_agg(m.name, ', ' order by m.name) as names, array_agg(m.id order by m.id) as ids from crm.assignment g
        join crm.member m on m.business_id = g.business_id and m.id = g.member_id
        where g.business_id = t.business_id and g.ticket_id = t.id) s
    where t.business_id = v_link.business_id and t.id = v_link.ticket_id;
    if p_offers and status = 'scheduled' and starts_at > now then
        free_at := internal.ticket_link_offers(v_link, v_member_ids, ends_at - starts_at);
        free_words := array(select internal.time_words(v_business, language, f) from unnest(free_at) with ordinality u(f, place) order by place);
    end if;
    perform internal.back_to(v_caller);
    return next;
end $$;
comment on function api.ticket_link_open(bytea, boolean, text[]) is
    'The visit that a customer''s link leads to, as it is now, by the hash of the link; with when to expect it in words of their language, which is their own, else the first of p_languages that we speak, else that of the business; with p_offers also up to six other times at which it could be done. No row when the link is not known, withdrawn, too old or about no visit. Changes nothing. Definer: goes on in the business of the link, with the rights of that visit.';
grant execute on function api.ticket_link_open(bytea, boolean, text[]) to crm_app;
