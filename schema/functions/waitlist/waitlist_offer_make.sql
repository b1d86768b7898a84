create or replace function api.waitlist_offer_make(p_freed_slot_id uuid, p_waitlist_entry_id uuid) returns crm.waitlist_offer
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_slot crm.freed_slot;
begin
    perform internal.require('waitlist_offer_make');
    select * into v_slot from crm.freed_slot s where s.business_id = internal.current_business() and s.id = p_freed_slot_id;
    if v_slot.id is null then perform internal.not_found('freed_slot'); end if;
    perform from crm.waitlist_entry e where e.business_id = v_slot.business_id and e.id = p_waitlist_entry_id;
    if not found then perform internal.not_found('waitlist_entry'); end if;
    return internal.waitlist_offer_plan(v_slot, p_waitlist_entry_id, 'Offered by ' || coalesce((
        select m.name from crm.member m where m.business_id = v_slot.business_id and m.id = internal.current_member()), 'the business') || '.');
end $$;
comment on function api.waitlist_offer_make(uuid, uuid) is
    'Offer a freed time to somebody on the waitlist by mail, now or in the morning. It is held for them for twenty minutes from when the mail is sent; one offer at a time. Definer: writes.';
grant execute on function api.waitlist_offer_make(uuid, uuid) to crm_app, crm_support;
