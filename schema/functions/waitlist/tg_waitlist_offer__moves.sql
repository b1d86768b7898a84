create or replace function internal.tg_waitlist_offer__moves() returns trigger
language plpgsql volatile set search_path = ''
as $$
begin
    perform internal.require_move('waitlist_offer_moves_step_by_step', 'An offer', old.status, new.status, case old.status
        when 'planned' then array['held', 'claimed', 'declined', 'withdrawn']
        when 'held' then array['claimed', 'declined', 'run_out', 'withdrawn']
        else array[]::text[] end);
    if new.status = 'held' and new.held_until > coalesce(old.held_until, internal.now() + interval '20 minutes') then
        perform internal.refuse('waitlist_offer_is_held_for_twenty_minutes', 'A time is held for twenty minutes from when the mail was sent, and no longer.');
    end if;
    return new;
end $$;
comment on function internal.tg_waitlist_offer__moves() is
    'planned → held → claimed, declined, run_out or withdrawn. A customer may answer before we know that the mail arrived. A hold may end sooner, never later.';
