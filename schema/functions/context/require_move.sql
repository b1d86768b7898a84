create or replace function internal.require_move(p_rule text, p_what text, p_from text, p_to text, p_allowed text[]) returns void
language plpgsql volatile set search_path = ''
as $$
begin
    if p_to <> p_from and p_to <> all (p_allowed) then
        perform internal.refuse(p_rule, replace(format('%s that is %s cannot become %s.', p_what, p_from, p_to), '_', ' '),
            case when p_allowed = '{}' then 'It is final.'
                 else replace(format('It can become %s.', array_to_string(p_allowed, ' or ')), '_', ' ') end);
    end if;
end $$;
comment on function internal.require_move(text, text, text, text, text[]) is
    'A state goes on only to one that may follow it. Raises the rule otherwise: A visit that is completed cannot become scheduled. It is final.';
