create or replace function internal.contact_filter_query(p_place text, p_facts text[], p_q text) returns tsquery
language plpgsql stable set search_path = ''
as $$
declare
    v_key text := internal.search_key(internal.current_business());
    v_digits text := case when p_q ~ '^[-+() /.\d]{4,40}$' then ltrim(right(regexp_replace(p_q, '\D', '', 'g'), 8), '0') end;
    v_query text;
begin
    select string_agg('(' || part || ')', ' & ') into v_query from (
        select internal.search_query(case when f ~ '[:=]' then left(f, 400) else left(f, 40) || ':' end, false)::text as part
        from unnest(p_facts[1:5]) f where f ~ '^\s*[[:alpha:]][[:alnum:] ]{0,39}\s*([:=]|$)'
        union all
        select concat_ws(' | ', internal.search_query(p_q, false)::text,
            case when length(v_digits) >= 4 then internal.search_query(v_digits, false)::text end)
        union all
        -- Only narrows: what stands in the address is compared where this is used.
        select string_agg(format('''%s%s'':*', v_key, left(w, 24)), ' & ')
        from unnest((internal.search_words(left(p_place, 80)))[1:6]) w where length(w) > 1
    ) as parts where part <> '';
    return v_query::tsquery;
end $$;
comment on function internal.contact_filter_query(text, text[], text) is
    'The words of a place, of facts such as "pet: dog" or "pet", and of a search, as one query over internal.contact_search.tokens. Null when there is nothing to ask.';
