create or replace function internal.tg_ticket__moves() returns trigger
language plpgsql volatile set search_path = ''
as $$
declare
    v_allowed text[];
begin
    if tg_op = 'INSERT' then
        if new.status <> 'scheduled' then
            perform internal.refuse('ticket_starts_as_scheduled', 'A visit starts as scheduled.');
        end if;
        return new;
    end if;
    v_allowed := case old.status
        when 'scheduled' then array['in_progress', 'cancelled']
        when 'in_progress' then array['completed', 'cancelled']
        else array[]::text[] end;
    if new.status <> old.status and new.status <> all (v_allowed)
        and not (old.status = 'cancelled' and new.status = 'scheduled' and internal.series_is_undoing(old.id, old.series_id)) then
        perform internal.refuse('ticket_moves_step_by_step',
            format('A visit that is %s cannot become %s.', replace(old.status, '_', ' '), replace(new.status, '_', ' ')),
            case when v_allowed = '{}' then 'It is final.'
                 else format('It can become %s.', replace(array_to_string(v_allowed, ' or '), '_', ' ')) end);
    end if;
    return new;
end $$;
comment on function internal.tg_ticket__moves() is
    'scheduled → in_progress → completed; scheduled or in_progress → cancelled; nothing else, unless a change of a series is undone.';
