create or replace function internal.tg_contact_import__moves() returns trigger
language plpgsql volatile set search_path = ''
as $$
begin
    if tg_op = 'INSERT' then
        if new.state <> 'mapping' then
            perform internal.refuse('contact_import_starts_with_its_mapping', 'An import begins with a look over its columns.');
        end if;
        return new;
    end if;
    perform internal.require_move('contact_import_moves_step_by_step', 'An import',
        replace(old.state, 'mapping', 'looked over'), replace(new.state, 'mapping', 'looked over'), case old.state
            when 'mapping' then array['waiting', 'cancelled']
            when 'waiting' then array['running', 'done', 'cancelled']
            when 'running' then array['done', 'cancelled']
            when 'done' then array['undoing']
            when 'cancelled' then array['undoing']
            when 'undoing' then array['undone']
            else array[]::text[] end);
    return new;
end $$;
comment on function internal.tg_contact_import__moves() is
    'mapping → waiting → running → done; cancelled before it is done; done or cancelled → undoing → undone.';
