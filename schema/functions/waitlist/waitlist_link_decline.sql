create or replace function api.waitlist_link_decline(p_token_hash bytea) returns text
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_caller constant text := current_setting('app.context');
    v_offer crm.waitlist_offer;
begin
    perform internal.require('waitlist_link_decline');
    v_offer := internal.waitlist_link_enter(p_token_hash);
    if v_offer.id is null then return internal.link_refused(v_caller); end if;
    if internal.waitlist_offer_finish(v_offer.id, 'declined', null, null, true) then return internal.back_to(v_caller, 'ok'); end if;
    select * into v_offer from crm.waitlist_offer o where o.business_id = v_offer.business_id and o.id = v_offer.id;
    return internal.back_to(v_caller, case when v_offer.status = 'declined' then 'ok' else 'late' end);
end $$;
comment on function api.waitlist_link_decline(bytea) is
    'A customer does not want the time that their link offers: the next one is asked. Outcome ok, a second tap too; late when the offer was over already; refused when the link is not good. Definer: goes on in the business of the link.';
grant execute on function api.waitlist_link_decline(bytea) to crm_app;
