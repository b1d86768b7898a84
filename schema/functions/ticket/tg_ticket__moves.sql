create or replace function internal.tg_ticket__moves() returns trigger
language plpgsql volatile set search_path = ''
as $$
begin
    if tg_op = 'INSERT' then
        if new.status <> 'scheduled' then
            perform internal.refuse('ticket_starts_as_scheduled', 'A visit starts as scheduled.');
        end if;
        return new;
    end if;
    if old.status = 'cancelled' and new.status = 'scheduled' and internal.series_is_undoing(old.id, old.series_id) then return new; end if;
    perform internal.require_move('ticket_moves_step_by_step', 'A visit', old.status, new.status, case old.status
        when 'scheduled' then array['in_progress', 'cancelled']
        when 'in_progress' then array['completed', 'cancelled']
        else array[]::text[] end);
    return new;
end $$;
comment on function internal.tg_ticket__moves() is
    'scheduled → in_progress → completed; scheduled or in_progress → cancelled; nothing else, unless a change of a series is undone.';
