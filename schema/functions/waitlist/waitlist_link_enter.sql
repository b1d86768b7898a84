create or replace function internal.waitlist_link_enter(p_token_hash bytea) returns crm.waitlist_offer
language plpgsql volatile set search_path = ''
as $$
declare
    v_link crm.ticket_link := internal.link_enter(p_token_hash);
    v_offer crm.waitlist_offer;
begin
    if v_link.waitlist_offer_id is null then return null; end if;
    -- A time and a booking depend on much that is not the customer's: the worker goes on, still by this link.
    perform internal.act_as(v_link.business_id, null, 'worker', null, v_link.id);
    select * into v_offer from crm.waitlist_offer o where o.business_id = v_link.business_id and o.id = v_link.waitlist_offer_id;
    return v_offer;
end $$;
comment on function internal.waitlist_link_enter(bytea) is
    'The offer that a customer''s link leads to; null when the link is not known, withdrawn, too old or about something else. The transaction goes on as the worker, with the link as what let it in.';
