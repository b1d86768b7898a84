create or replace function api.contact_search(p_q text, p_most integer default 20) returns table (contact_id uuid, rank smallint)
language plpgsql stable security definer
-- The planner cannot know how rare a token is, and would rather read everything. Of what very many have in common, some.
set search_path = '' set enable_seqscan = off set gin_fuzzy_search_limit = 3000
as $$
declare
    v_business uuid := internal.current_business();
    v_most integer := least(greatest(p_most, 1), 100);
    v_name text := lower(btrim(left(p_q, 80)) collate pg_catalog.pg_c_utf8);
    v_digits text := case when p_q ~ '^[-+() /.\d]{4,40}$' then right(regexp_replace(p_q, '\D', '', 'g'), 8) end;
    v_query tsquery;
    v_found boolean;
begin
    perform internal.require('contact_search');
    if coalesce(v_name, '') = '' then return; end if;
    if internal.sees_everything() then
        return query
            select c.id, 0::smallint from crm.contact c
            where c.business_id = v_business and c.archived_at is null and c.name_key >= v_name and c.name_key < v_name || chr(1114111)
            order by c.name_key, c.id limit v_most;
    else
        return query
            select c.id, 0::smallint from internal.contact_search_mine() m(id) join crm.contact c on c.business_id = v_business and c.id = m.id
            where c.archived_at is null and c.name_key >= v_name and c.name_key < v_name || chr(1114111)
            order by c.name_key, c.id limit v_most;
    end if;
    v_found := found;
    -- +44 7700 900123 is also 07700 900123.
    if length(ltrim(v_digits, '0')) >= 4 then v_digits := ltrim(v_digits, '0'); end if;
    if length(v_digits) >= 4 then
        return query
            select c.id, 1::smallint from internal.contact_search_hits(internal.search_query(v_digits, false), v_digits, v_most) h(id)
            join crm.contact c on c.business_id = v_business and c.id = h.id;
        v_found := v_found or found;
    end if;
    v_query := internal.search_query(p_q, false);
    if v_query is null or (v_found and length(v_name) < 3) then return; end if;
    return query
        select c.id, 2::smallint from internal.contact_search_hits(v_query, null, v_most) h(id)
        join crm.contact c on c.business_id = v_business and c.id = h.id;
    if v_found or found then return; end if;
    return query
        select c.id, 3::smallint from internal.contact_search_hits(internal.search_query(p_q, true), null, v_most) h(id)
        join crm.contact c on c.business_id = v_business and c.id = h.id;
end $$;
comment on function api.contact_search(text, integer) is
    'Contacts by anything known of them, at most p_most of each rank: 0 the name begins so, 1 a part of the phone number in any format, 2 all words are somewhere (name, e-mail, address, facts such as "pet: dog", notes), 3 a name one letter away. A contact may come twice. Only who the caller may see. Definer: reads what is kept for searching.';
grant execute on function api.contact_search(text, integer) to crm_app, crm_support;
