create or replace function internal.tg_ticket__clock_is_not_ahead() returns trigger
language plpgsql volatile set search_path = ''
as $$
begin
    if greatest(new.clocked_in_at, new.clocked_out_at) > internal.now() + interval '5 minutes' then
        perform internal.refuse('ticket_clock_is_not_ahead', 'This time is still to come.', 'Enter when the work started and finished.');
    end if;
    return new;
end $$;
comment on function internal.tg_ticket__clock_is_not_ahead() is
    'Work is clocked when it happened. Five minutes are left for clocks that disagree.';
