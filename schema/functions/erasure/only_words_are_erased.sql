create or replace function internal.only_words_are_erased(p_old jsonb, p_new jsonb, p_words text[]) returns boolean
language sql immutable set search_path = ''
begin atomic
    -- What PostgreSQL makes itself (blocks_time) is not made yet when a trigger asks before the change.
    select p_new - p_words - array['updated_at', 'blocks_time'] = p_old - p_words - array['updated_at', 'blocks_time']
        and not exists (
            select from unnest(p_words) w
            where p_new ->> w is distinct from p_old ->> w and p_new ->> w !~ '^(\[erased\]|Erased customer [0-9a-f]{6})$');
end;
comment on function internal.only_words_are_erased(jsonb, jsonb, text[]) is
    'Whether two states of a row differ in nothing but that words are gone: null, [erased], or the pseudonym.';
