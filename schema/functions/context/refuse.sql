create or replace function internal.refuse(p_rule text, p_message text, p_hint text default null, p_item uuid default null) returns void
language plpgsql volatile set search_path = ''
as $$
begin
    raise check_violation using constraint = p_rule, message = p_message, hint = coalesce(p_hint, ''), column = coalesce(p_item::text, '');
end $$;
comment on function internal.refuse(text, text, text, uuid) is
    'Raise a rule: to the caller it looks exactly like a constraint of that name, with a sentence for people. When several rows came in one call, the diagnostics'' column name is the id of the one that is meant.';
