create or replace function api.ticket_link_language(p_token_hash bytea, p_language text) returns text
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_caller constant text := current_setting('app.context');
    v_link crm.ticket_link;
    v_contact crm.contact;
begin
    perform internal.require('ticket_link_language');
    v_link := internal.link_enter(p_token_hash);
    if v_link.id is null then return internal.link_refused(v_caller); end if;
    if p_language is null then perform internal.refuse('contact_language_is_known', 'Choose a language from the list.'); end if;
    v_contact := internal.link_contact(v_link);
    update crm.contact c set language = p_language
    where c.business_id = v_link.business_id and c.id = v_contact.id and c.language is distinct from p_language and c.erased_at is null;
    return internal.back_to(v_caller, 'ok');
end $$;
comment on function api.ticket_link_language(bytea, text) is
    'A customer chooses, by any of their links, what they are told in from now on, on pages and in mails; twice is once. Outcome ok, or refused when the link is not good. Definer: goes on in the business of the link.';
grant execute on function api.ticket_link_language(bytea, text) to crm_app;
