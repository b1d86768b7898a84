create or replace function internal.tg_waitlist_offer__begins_planned() returns trigger
language plpgsql volatile set search_path = ''
as $$
begin
    perform internal.refuse('waitlist_offer_begins_planned', 'An offer begins as planned: its time is held from when its mail was sent.');
    return null;
end $$;
comment on function internal.tg_waitlist_offer__begins_planned() is 'An offer is made as planned, whoever makes it.';
