create or replace function internal.names_are_near(p_name text, p_other text) returns boolean
language plpgsql stable strict parallel safe set search_path = ''
as $$
declare
    v_words text[];
    v_others text[];
begin
    if lower(p_name collate pg_catalog.pg_c_utf8) = lower(p_other collate pg_catalog.pg_c_utf8) then return true; end if;
    -- One letter more or less in each of the words: what is longer or shorter by more need not be looked at.
    if abs(length(p_name) - length(p_other)) > 4 then return false; end if;
    v_words := internal.search_words(p_name);
    v_others := internal.search_words(p_other);
    return (v_words <> '{}' and v_words @> v_others and v_others @> v_words) or (v_words <> '{}' and cardinality(v_words) = cardinality(v_others) and not exists (
        select from unnest(v_words) w
        where w <> all (v_others) and not exists (
            select from unnest(v_others) o
            where abs(length(o) - length(w)) < 2 and exists (
                select from internal.search_spellings(o) s(each) join internal.search_spellings(w) t(each) using (each)))));
end $$;
comment on function internal.names_are_near(text, text) is
    'Whether two names have the same words, in any order and case and with or without accents, or words that are one letter apart.';
