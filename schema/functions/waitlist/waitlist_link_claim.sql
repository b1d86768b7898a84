create or replace function api.waitlist_link_claim(p_token_hash bytea) returns text
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_caller constant text := current_setting('app.context');
    v_offer crm.waitlist_offer;
    v_entry crm.waitlist_entry;
    v_rule text;
begin
    perform internal.require('waitlist_link_claim');
    v_offer := internal.waitlist_link_enter(p_token_hash);
    if v_offer.id is null then return internal.link_refused(v_caller); end if;
    perform internal.waitlist_offer_lock(v_offer);
    -- Only now nobody else is at it: two taps, two tabs and two customers come one after the other.
    select * into v_entry from crm.waitlist_entry e where e.business_id = v_offer.business_id and e.id = v_offer.waitlist_entry_id;
    -- A visit that was changed while the offer was being made: neither of the two saw the other.
    if v_entry.ticket_id is not null then perform internal.waitlist_offer_settle(v_entry.id); end if;
    select * into v_offer from crm.waitlist_offer o where o.business_id = v_offer.business_id and o.id = v_offer.id;
    if v_offer.status = 'claimed' then
        return internal.back_to(v_caller, 'ok');
    elsif v_offer.status not in ('planned', 'held') or v_offer.held_until <= internal.now() or v_offer.starts_at <= internal.now() then
        perform internal.security_event_record('customer_link_late');
        return internal.back_to(v_caller, case when v_offer.status = 'withdrawn' then 'taken' else 'late' end);
    end if;
    begin
        perform internal.waitlist_offer_book(v_offer, v_entry);
    exception when check_violation or exclusion_violation or no_data_found then
        get stacked diagnostics v_rule = constraint_name;
        -- The visits have the last word, whatever was offered.
        perform internal.waitlist_offer_finish(v_offer.id, 'withdrawn', case when v_rule in ('assignment_is_not_double_booked', 'assignment_time_is_held')
            then 'The time was taken.' else 'It could not be booked: ' || replace(coalesce(v_rule, 'a rule'), '_', ' ') || '.' end);
        return internal.back_to(v_caller, 'taken');
    end;
    return internal.back_to(v_caller, 'ok');
end $$;
comment on function api.waitlist_link_claim(bytea) is
    'A customer takes the time that their link offers: a visit is booked and confirmed, or theirs is moved there. Outcome ok, a second tap too; late when the hold is over; taken when it was withdrawn or booked meanwhile; refused when the link is not good. Returned rather than raised, so that the events stay. Definer: goes on in the business of the link.';
grant execute on function api.waitlist_link_claim(bytea) to crm_app;
