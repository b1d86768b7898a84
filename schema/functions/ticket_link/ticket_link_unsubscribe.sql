create or replace function api.ticket_link_unsubscribe(p_token_hash bytea) returns text
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_caller constant text := current_setting('app.context');
    v_link crm.ticket_link;
    v_contact crm.contact;
begin
    perform internal.require('ticket_link_unsubscribe');
    v_link := internal.link_enter(p_token_hash);
    if v_link.id is null or num_nonnulls(v_link.ticket_id, v_link.waitlist_offer_id) > 0 then return internal.link_refused(v_caller); end if;
    v_contact := internal.link_contact(v_link);
    update crm.contact c set consent = 'unsubscribed', consent_at = internal.now()
    where c.business_id = v_link.business_id and c.id = v_contact.id and c.consent <> 'unsubscribed' and c.erased_at is null;
    return internal.back_to(v_caller, 'ok');
end $$;
comment on function api.ticket_link_unsubscribe(bytea) is
    'No more mails unasked to whom this link was sent; twice is once. Outcome ok, or refused when the link is not good for that. Definer: goes on in the business of the link.';
grant execute on function api.ticket_link_unsubscribe(bytea) to crm_app;
