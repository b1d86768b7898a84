create or replace function internal.search_query(p_q text, p_misspelt boolean) returns tsquery
language plpgsql stable security definer parallel restricted set search_path = ''
as $$
declare
    v_key text := internal.search_key(internal.current_business());
    v_fact text[] := regexp_match(p_q, '^\s*([[:alpha:]][[:alnum:] ]{0,39}?)\s*[:=]\s*(.*)$');
    v_of text := coalesce(lower(v_fact[1]) || '=', '');
    -- Of an e-mail address the part before the @: what comes after it everybody has.
    v_words text[] := (internal.search_words(coalesce(v_fact[2], regexp_replace(p_q, '(\w)@\S*', '\1'))))[1:6];
    v_long integer := (select count(*) from unnest(v_words) w where length(w) > 2);
    v_query text;
begin
    -- Words hold letters and digits only, so nothing in them can end a quoted lexeme.
    select string_agg(case
        when v_fact is null and p_misspelt and exists (select from internal.search_spellings(w)) then
            (select '(' || string_agg(format('''%s~%s''', v_key, d), ' | ') || ')' from internal.search_spellings(w) d)
        when v_fact is null and w ~ '^\d{4,}$' then
            (select format('(''%s%s'':* | (%s))', v_key, left(w, 24), string_agg(format('''%s#%s''', v_key, substr(w, n, 3)), ' & '))
             from generate_series(1, least(length(w), 12) - 2) n)
        else format('''%s%s%s'':*', v_key, v_of, left(w, 24)) end, ' & ')
    into v_query
    -- St, Rd and the like tell nobody apart.
    from unnest(v_words) w where length(w) > 2 or (length(w) = 2 and (v_long < 2 or w ~ '\d'));
    if v_query is null and v_fact is not null then v_query := format('''%s%s'':*', v_key, v_of); end if;
    return v_query::tsquery;
end $$;
comment on function internal.search_query(text, boolean) is
    'What was typed, as a query over internal.contact_search.tokens: all of its words, by their beginnings. Four digits and more are also part of a phone number; "pet: dog" asks for a fact; misspelt asks for names that are one letter away. Null when there is nothing to ask. Definer: knows the business.';
