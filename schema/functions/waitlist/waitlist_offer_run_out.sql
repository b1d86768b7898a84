create or replace function api.waitlist_offer_run_out(p_waitlist_offer_id uuid) returns text
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_offer crm.waitlist_offer;
begin
    perform internal.require('waitlist_offer_run_out');
    select * into v_offer from crm.waitlist_offer o
    where o.business_id = internal.current_business() and o.id = p_waitlist_offer_id for no key update;
    if v_offer.status = 'held' and v_offer.held_until <= internal.now() then
        perform internal.waitlist_offer_finish(v_offer.id, 'run_out', null, null, true);
        return 'run_out';
    elsif v_offer.status = 'held' then
        -- A job that came early ends now, so it leaves another one behind.
        perform internal.enqueue('waitlist_run_out', v_offer.id || ' ' || gen_random_uuid(),
            jsonb_build_object('waitlist_offer_id', v_offer.id), v_offer.held_until);
    end if;
    return v_offer.status;
end $$;
comment on function api.waitlist_offer_run_out(uuid) is
    'End an offer whose twenty minutes are over, and ask for the next one. Returns what the offer is now. Definer: writes.';
grant execute on function api.waitlist_offer_run_out(uuid) to crm_app;
