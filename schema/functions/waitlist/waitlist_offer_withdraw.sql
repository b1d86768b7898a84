create or replace function api.waitlist_offer_withdraw(p_waitlist_offer_id uuid) returns crm.waitlist_offer
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_offer crm.waitlist_offer;
begin
    perform internal.require('waitlist_offer_withdraw');
    select * into v_offer from crm.waitlist_offer o where o.business_id = internal.current_business() and o.id = p_waitlist_offer_id;
    if v_offer.id is null then perform internal.not_found('waitlist_offer'); end if;
    if not internal.waitlist_offer_finish(v_offer.id, 'withdrawn', 'Stopped by ' || coalesce((
        select m.name from crm.member m where m.business_id = v_offer.business_id and m.id = internal.current_member()), 'the business') || '.')
    then
        perform internal.refuse('waitlist_offer_is_live', 'This offer is over already.');
    end if;
    select * into v_offer from crm.waitlist_offer o where o.business_id = v_offer.business_id and o.id = v_offer.id;
    return v_offer;
end $$;
comment on function api.waitlist_offer_withdraw(uuid) is
    'Stop an offer that is live: its time is free again, and is offered to nobody by itself. Definer: writes.';
grant execute on function api.waitlist_offer_withdraw(uuid) to crm_app, crm_support;
