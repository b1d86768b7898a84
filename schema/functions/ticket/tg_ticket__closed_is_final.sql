create or replace function internal.tg_ticket__closed_is_final() returns trigger
language plpgsql volatile set search_path = ''
as $$
begin
    -- Who undoes a change of a series opens again what it cancelled, and removes what it made.
    if (tg_op = 'DELETE' or old.status = 'cancelled' and new.status = 'scheduled') and old.series_id is not null
        and internal.series_is_undoing(old.id, old.series_id) then
        null;
    elsif tg_op = 'DELETE' then
        perform internal.refuse('ticket_is_never_deleted', 'A visit is cancelled, never deleted.');
    elsif old.status in ('completed', 'cancelled')
        and not (internal.only_words_are_erased(to_jsonb(old), to_jsonb(new), array['note', 'instructions', 'cancel_reason', 'clock_reason'])
                 and internal.is_erasing(old.contact_id)) then
        perform internal.refuse('ticket_closed_is_final',
            format('This visit is %s: nothing on it changes any more.', old.status),
            'Book another visit, or make a correction on the invoice.');
    end if;
    return case when tg_op = 'DELETE' then old else new end;
end $$;
comment on function internal.tg_ticket__closed_is_final() is 'A completed or cancelled visit is final, for everybody; only erasing the contact takes its words away, and only undoing the change of a series that cancelled it opens it again.';
