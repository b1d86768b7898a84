create or replace function internal.contact_search_refresh(p_contact_ids uuid[]) returns void
language plpgsql volatile security definer
-- Many may be new of whom the planner knows nothing yet: a plan that reads all tables for each of them would be made, and kept.
set search_path = '' set enable_seqscan = off
as $$
declare
    v_business uuid := internal.current_business();
    v_key text := internal.search_key(v_business);
    v_context text := current_setting('app.context');
begin
    -- What a contact is found by is the same whoever wrote last, and a technician sees only a part of it.
    perform internal.act_as(v_business, null, 'worker');
    with one as materialized (
        select c.id, nullif(concat_ws(' ', c.phone_digits, c.other_digits), '') as digits, internal.search_words(c.name) as names,
            internal.search_words(concat_ws(' ', c.name, c.email, c.note, c.referred_by,
                (select string_agg(concat_ws(' ', a.label, a.street, a.city, a.region, a.postcode, a.access_note), ' ')
                 from crm.address a where a.business_id = v_business and a.contact_id = c.id and a.archived_at is null),
                (select string_agg(f.value, ' ') from crm.attribute f where f.business_id = v_business and f.contact_id = c.id),
                (select string_agg(b.body, ' ') from (
                    select n.body from crm.note n
                    where n.business_id = v_business and n.contact_id = c.id order by n.created_at desc limit 30) b),
                (select string_agg(t.note, ' ') from (
                    select n.note from crm.ticket n
                    where n.business_id = v_business and n.contact_id = c.id order by n.starts_at desc limit 30) t))) as words
        from crm.contact c where c.business_id = v_business and c.id = any (p_contact_ids)
    )
    insert into internal.contact_search as s (business_id, contact_id, tokens, digits)
    select v_business, o.id, d.tokens, o.digits
    -- Of each in turn: joined as a whole, thousands at once would be compared with each other.
    from one o cross join lateral (
        select array_to_tsvector(array_agg(v_key || t.token)) as tokens
        from (
            select left(w, 24) from unnest(o.words) w
            union all
            select '~' || d from unnest(o.names) w, internal.search_spellings(w) d
            union all
            select '#' || substr(o.digits, n, 3) from generate_series(1, length(o.digits) - 2) n
            union all
            select f.key || '=' || left(w, 24) from crm.attribute f, unnest(internal.search_words(f.value)) w
            where f.business_id = v_business and f.contact_id = o.id
        ) t(token)
    ) d
    where d.tokens is not null
    on conflict on constraint contact_search_pkey do update set tokens = excluded.tokens, digits = excluded.digits
    where (s.tokens, s.digits) is distinct from (excluded.tokens, excluded.digits);
    perform internal.back_to(v_context);
end $$;
comment on function internal.contact_search_refresh(uuid[]) is
    'Write down anew what these contacts can be found by. Definer: the table is nobody else''s.';
