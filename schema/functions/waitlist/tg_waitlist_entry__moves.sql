create or replace function internal.tg_waitlist_entry__moves() returns trigger
language plpgsql volatile set search_path = ''
as $$
begin
    perform internal.require_move('waitlist_entry_moves_step_by_step', 'An entry', old.status, new.status, case
        when old.status = 'waiting' then array['booked', 'ended']
        -- A change of a series that ended it may be undone.
        when old.status = 'ended' and coalesce(current_setting('app.change_set', true), '') <> '' then array['waiting']
        else array[]::text[] end);
    if new.status = 'booked' and not exists (
        select from crm.ticket t where t.business_id = new.business_id and t.id = new.booked_ticket_id and t.contact_id = new.contact_id) then
        perform internal.refuse('waitlist_entry_booked_visit_is_theirs', 'That visit is not one of whoever waits.', 'Take them off the waitlist by one of their own visits.');
    end if;
    return new;
end $$;
comment on function internal.tg_waitlist_entry__moves() is 'waiting → booked, by a visit of theirs, or ended; nothing else, unless what ended it is undone.';
