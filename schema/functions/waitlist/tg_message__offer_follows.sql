create or replace function internal.tg_message__offer_follows() returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_offer crm.waitlist_offer;
begin
    if new.status = 'sent' then
        update crm.waitlist_offer o set status = 'held', held_until = least(internal.now() + interval '20 minutes', o.starts_at)
        where o.business_id = new.business_id and o.message_id = new.id and o.status = 'planned'
        returning * into v_offer;
        if v_offer.id is not null then
            perform internal.enqueue('waitlist_run_out', v_offer.id::text, jsonb_build_object('waitlist_offer_id', v_offer.id), v_offer.held_until);
        end if;
    elsif new.status in ('failed', 'cancelled') then
        -- Whoever stops the mail by hand means the offer; what came between lets the next one have it.
        perform internal.waitlist_offer_finish(o.id, 'withdrawn', coalesce(new.cancel_reason, 'The mail could not be sent.'), null, internal.current_member() is null)
        from crm.waitlist_offer o where o.business_id = new.business_id and o.message_id = new.id;
    end if;
    return null;
end $$;
comment on function internal.tg_message__offer_follows() is
    'An offer goes with its mail: the twenty minutes begin when it is sent, and without it there is no offer. Definer: writes.';
