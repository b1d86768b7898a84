create or replace function internal.tg_ticket__time_is_freed() returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
begin
    -- What a series takes back of its own change was never anybody's.
    if internal.series_is_undoing(new.id, new.series_id) then return null; end if;
    perform internal.freed_slot_keep(new.id, a.member_id, lower(r), upper(r))
    from crm.assignment a, unnest(tstzmultirange(tstzrange(old.starts_at, old.ends_at))
        - case when new.blocks_time then tstzmultirange(tstzrange(new.starts_at, new.ends_at)) else '{}' end) r
    where a.business_id = new.business_id and a.ticket_id = new.id;
    return null;
end $$;
comment on function internal.tg_ticket__time_is_freed() is
    'The time of a visit that is cancelled or moved is free for somebody on the waitlist. Definer: writes.';
