create or replace function internal.names_are_near(p_name text, p_other text) returns boolean
language plpgsql stable strict parallel safe set search_path = ''
as $$
declare
    v_words text[] := internal.search_words(p_name);
    v_others text[] := internal.search_words(p_other);
    v_word text[];
    v_other text[];
begin
    -- Most names differ in all of their words, which is quickly seen.
    if cardinality(v_words) <> cardinality(v_others) or (cardinality(v_words) > 1 and not v_words && v_others) then return false; end if;
    v_word := array(select w from unnest(v_words) w where w <> all (v_others));
    v_other := array(select o from unnest(v_others) o where o <> all (v_words));
    return case
        when cardinality(v_word) + cardinality(v_other) = 0 then v_words <> '{}'
        when cardinality(v_word) <> 1 or cardinality(v_other) <> 1 or abs(length(v_word[1]) - length(v_other[1])) > 1 then false
        else exists (select from internal.search_spellings(v_word[1]) s(each) join internal.search_spellings(v_other[1]) o(each) using (each)) end;
end $$;
comment on function internal.names_are_near(text, text) is
    'Whether two names have the same words, in any order and case and with or without accents, but for one that may be one letter off.';
