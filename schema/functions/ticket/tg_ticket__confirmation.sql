create or replace function internal.tg_ticket__confirmation() returns trigger
language plpgsql volatile set search_path = ''
as $$
begin
    if old.status = 'cancelled' and new.status = 'scheduled' then return new; end if;
    if (new.starts_at, new.ends_at) is distinct from (old.starts_at, old.ends_at) then
        if new.confirmation = old.confirmation and new.status = 'scheduled' then new.confirmation := 'pending'; end if;
    elsif new.confirmation <> old.confirmation and new.confirmation = 'pending' then
        perform internal.refuse('ticket_confirmation_starts_again_with_a_move', 'An answer can be changed, but not taken back.',
            'It can become confirmed, declined or reschedule requested. Moving the visit asks anew.');
    elsif new.confirmation <> old.confirmation and old.status <> 'scheduled' then
        perform internal.refuse('ticket_confirmation_is_given_before', format('This visit is %s: there is nothing to confirm any more.', replace(old.status, '_', ' ')));
    end if;
    return new;
end $$;
comment on function internal.tg_ticket__confirmation() is
    'pending → confirmed, declined or reschedule_requested, and from one of these to another, until the visit begins. A visit that is moved starts again at pending, unless the same change says otherwise. One that is on again, as an undo lets it, may have to be asked about anew.';
