create or replace function api.ticket_link_outreach(p_token_hash bytea, p_languages text[] default '{}')
returns table (business text, phone text, email text, language text, unsubscribed boolean)
language plpgsql stable security definer set search_path = ''
as $$
declare
    v_caller constant text := current_setting('app.context');
    v_link crm.ticket_link;
    v_contact crm.contact;
begin
    perform internal.require('ticket_link_outreach');
    v_link := internal.link_enter(p_token_hash);
    if v_link.id is null or num_nonnulls(v_link.ticket_id, v_link.waitlist_offer_id) > 0 then
        perform internal.back_to(v_caller);
        return;
    end if;
    v_contact := internal.link_contact(v_link);
    return query select b.name, b.phone, b.email, internal.contact_language(b, v_contact, p_languages), v_contact.consent = 'unsubscribed'
        from crm.business b where b.business_id = v_link.business_id;
    perform internal.back_to(v_caller);
end $$;
comment on function api.ticket_link_outreach(bytea, text[]) is
    'Whose mails a customer''s link ends, and whether it did. No row when the link is not good for that. Changes nothing. Definer: goes on in the business of the link.';
grant execute on function api.ticket_link_outreach(bytea, text[]) to crm_app;
