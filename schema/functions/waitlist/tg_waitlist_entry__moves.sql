create or replace function internal.tg_waitlist_entry__moves() returns trigger
language plpgsql volatile set search_path = ''
as $$
begin
    perform internal.require_move('waitlist_entry_moves_step_by_step', 'An entry', old.status, new.status, case
        when old.status = 'waiting' then array['booked', 'ended']
        -- A change of a series that ended it may be undone.
        when old.status = 'ended' and coalesce(current_setting('app.change_set', true), '') <> '' then array['waiting']
        else array[]::text[] end);
    return new;
end $$;
comment on function internal.tg_waitlist_entry__moves() is 'waiting → booked or ended; nothing else, unless what ended it is undone.';
