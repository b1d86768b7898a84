create or replace function internal.contact_search_refresh(p_contact_ids uuid[]) returns void
language plpgsql volatile security definer set search_path = ''
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
    ), token as (
        select o.id, left(w, 24) as token from one o, unnest(o.words) w
        union all
        select o.id, '~' || d from one o, unnest(o.names) w, internal.search_spellings(w) d
        union all
        select o.id, '#' || substr(o.digits, n, 3) from one o, generate_series(1, length(o.digits) - 2) n
        union all
        select f.contact_id, f.key || '=' || left(w, 24) from crm.attribute f, unnest(internal.search_words(f.value)) w
        where f.business_id = v_business and f.contact_id = any (p_contact_ids)
    ), document as (
        select t.id, array_to_tsvector(array_agg(v_key || t.token)) as tokens from token t group by t.id
    )
    insert into internal.contact_search as s (business_id, contact_id, tokens, digits)
    select v_business, d.id, d.tokens, o.digits from document d join one o on o.id = d.id
    on conflict on constraint contact_search_pkey do update set tokens = excluded.tokens, digits = excluded.digits
    where (s.tokens, s.digits) is distinct from (excluded.tokens, excluded.digits);
    perform set_config('app.context', v_context, true);
end $$;
comment on function internal.contact_search_refresh(uuid[]) is
    'Write down anew what these contacts can be found by. Definer: the table is nobody else''s.';
