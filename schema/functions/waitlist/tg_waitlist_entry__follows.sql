create or replace function internal.tg_waitlist_entry__follows() returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
begin
    if new.status <> 'waiting' then
        perform internal.waitlist_offer_finish(o.id, 'withdrawn', 'They wait no longer.') from crm.waitlist_offer o
        where o.business_id = new.business_id and o.waitlist_entry_id = new.id and o.status in ('planned', 'held');
        return null;
    end if;
    perform internal.waitlist_offer_settle(new.id);
    if new.until_on is not null then
        perform internal.enqueue('waitlist_end', new.id || ' ' || new.until_on, jsonb_build_object('waitlist_entry_id', new.id),
            internal.wall_instant(new.until_on + 1, time '00:00', (select b.time_zone from crm.business b where b.business_id = new.business_id)));
    end if;
    return null;
end $$;
comment on function internal.tg_waitlist_entry__follows() is
    'Who waits no longer, or for something else, is not offered what they were any more; who waits until a day has a job for the end of it. Definer: withdraws and asks for work.';
