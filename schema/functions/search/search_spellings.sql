create or replace function internal.search_spellings(p_word text) returns setof text
language sql immutable parallel safe set search_path = ''
begin atomic
    -- The word itself is what is left when its nought-th letter is left out.
    select left(p_word, greatest(n - 1, 0)) || substr(p_word, n + 1) from generate_series(0, length(p_word)) n
    where length(p_word) between 4 and 16 and p_word !~ '\d';
end;
comment on function internal.search_spellings(text) is
    'A word, and the word with each letter left out. Two words that differ by one letter, or by two that changed places, have one of these in common. Nothing for words of under 4 letters.';
