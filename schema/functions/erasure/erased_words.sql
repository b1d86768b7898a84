create or replace function internal.erased_words(p_row jsonb) returns jsonb
language sql immutable strict set search_path = ''
begin atomic
    select coalesce(jsonb_object_agg(key, case
        when value = 'null' or key ~ '(^id|_id|_at|_on|_minor|_minutes)$'
          or key in ('status', 'confirmation', 'kind', 'step', 'currency', 'quantity', 'consent', 'source', 'position') then value
        else '"[erased]"' end), '{}')
    from jsonb_each(p_row);
end;
comment on function internal.erased_words(jsonb) is
    'What the audit keeps of a row whose contact was erased: ids, times, states and money; [erased] for every word.';
