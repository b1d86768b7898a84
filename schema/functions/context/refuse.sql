create or replace function internal.refuse(p_rule text, p_message text, p_hint text default null) returns void
language plpgsql volatile set search_path = ''
as $$
begin
    raise check_violation using constraint = p_rule, message = p_message, hint = coalesce(p_hint, '');
end $$;
comment on function internal.refuse(text, text, text) is
    'Raise a rule: to the caller it looks exactly like a constraint of that name, with a sentence for people.';
