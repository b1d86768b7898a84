create or replace function internal.rule_sentence(p_rule text, p_table text, p_column text, p_message text, p_hint text) returns text
language sql stable set search_path = ''
begin atomic
    select case when p_table = '' then btrim(p_message || ' ' || coalesce(p_hint, ''))
        else coalesce(
            (select obj_description(k.oid, 'pg_constraint') from pg_catalog.pg_constraint k
             where k.connamespace = 'crm'::regnamespace and k.conname = p_rule limit 1),
            format('This is not possible: %s.', replace(coalesce(nullif(p_rule, ''), p_table || ' needs a ' || p_column), '_', ' '))) end;
end;
comment on function internal.rule_sentence(text, text, text, text, text) is
    'What a person is told of a refusal, from its diagnostics: the words of the function that refused, else the comment on the constraint.';
