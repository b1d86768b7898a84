create or replace function api.contact_duplicates(p_name text, p_phone text default null, p_email text default null, p_street text default null)
returns table (contact_id uuid, reasons text[])
language plpgsql stable security definer
set search_path = '' set enable_seqscan = off set gin_fuzzy_search_limit = 3000
as $$
declare
    v_business uuid := internal.current_business();
    v_digits text := right(ltrim(regexp_replace(p_phone, '\D', '', 'g'), '0'), 9);
    -- Made beforehand: a collation named beside the column would keep its index out.
    v_name text := lower(btrim(p_name) collate pg_catalog.pg_c_utf8);
    v_place tsquery := internal.search_query(p_name, true)
        && internal.search_query(array_to_string((internal.search_words(p_street))[1:2], ' '), false);
begin
    perform internal.require('contact_duplicates');
    if length(v_digits) < 7 then v_digits := null; end if;
    return query
        with same_phone as materialized (
            select h.id from internal.contact_search_hits(internal.search_query(v_digits, false), v_digits, 20) h(id)
        ), same_place as materialized (
            select h.id from internal.contact_search_hits(v_place, null, 20) h(id)
        ), likely (id, weight, reason) as (
            select c.id, 3, 'the same e-mail address' from crm.contact c where c.business_id = v_business and c.email = lower(btrim(p_email))
            union all select p.id, 3, 'the same phone number' from same_phone p
            union all select p.id, 2, 'a similar name at this street' from same_place p
            union all (
                select c.id, 1, 'the same name' from crm.contact c
                where c.business_id = v_business and c.archived_at is null
                  and c.name_key = v_name limit 20)
        )
        select l.id, array_agg(l.reason order by l.weight desc)
        from likely l join crm.contact c on c.business_id = v_business and c.id = l.id
        group by l.id order by sum(l.weight) desc, l.id limit 5;
end $$;
comment on function api.contact_duplicates(text, text, text, text) is
    'Who may be the same as somebody about to be added, the likeliest first, at most five, each with its reasons: phone number in any format, e-mail address, name, or a name one letter away at the same street. Definer: reads what is kept for searching.';
grant execute on function api.contact_duplicates(text, text, text, text) to crm_app, crm_support;
