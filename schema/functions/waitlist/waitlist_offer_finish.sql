create or replace function internal.waitlist_offer_finish(p_offer_id uuid, p_status text, p_reason text default null, p_ticket_id uuid default null, p_asks_next boolean default false)
returns boolean
language plpgsql volatile set search_path = ''
as $$
declare
    v_offer crm.waitlist_offer;
begin
    update crm.waitlist_offer o set status = p_status, ended_at = internal.now(), end_reason = p_reason, ticket_id = p_ticket_id
    where o.business_id = internal.current_business() and o.id = p_offer_id and o.status in ('planned', 'held')
    returning * into v_offer;
    if v_offer.id is null then return false; end if;
    update crm.message m set status = 'cancelled', cancelled_at = internal.now(), cancel_reason = coalesce(p_reason, 'They have answered.')
    where m.business_id = v_offer.business_id and m.id = v_offer.message_id and m.status = 'pending';
    if p_asks_next then
        perform internal.enqueue('waitlist_next', v_offer.id::text, jsonb_build_object('freed_slot_id', v_offer.freed_slot_id));
    end if;
    return true;
end $$;
comment on function internal.waitlist_offer_finish(uuid, text, text, uuid, boolean) is
    'End an offer that is live: its mail is not sent any more, and its time is free, or offered to the next. False when it had ended already.';
