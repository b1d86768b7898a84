create or replace function internal.tg_contact_import__moves() returns trigger
language plpgsql volatile set search_path = ''
as $$
declare
    v_allowed text[];
begin
    if tg_op = 'INSERT' then
        if new.state <> 'mapping' then
            perform internal.refuse('contact_import_starts_with_its_mapping', 'An import begins with a look over its columns.');
        end if;
        return new;
    end if;
    v_allowed := case old.state
        when 'mapping' then array['waiting', 'cancelled']
        when 'waiting' then array['running', 'done', 'cancelled']
        when 'running' then array['done', 'cancelled']
        when 'done' then array['undoing']
        when 'cancelled' then array['undoing']
        when 'undoing' then array['undone']
        else array[]::text[] end;
    if new.state <> old.state and new.state <> all (v_allowed) then
        perform internal.refuse('contact_import_moves_step_by_step', format('An import that is %s cannot become %s.',
                replace(old.state, 'mapping', 'looked over'), replace(new.state, 'mapping', 'looked over')),
            case when v_allowed = '{}' then 'It is final.' else format('It can become %s.', array_to_string(v_allowed, ' or ')) end);
    end if;
    return new;
end $$;
comment on function internal.tg_contact_import__moves() is
    'mapping → waiting → running → done; cancelled before it is done; done or cancelled → undoing → undone.';
