create or replace function api.ticket_link_refused(p_token_hash bytea) returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_caller constant text := current_setting('app.context');
begin
    perform internal.require('ticket_link_refused');
    perform internal.link_enter(p_token_hash);
    perform internal.link_refused(v_caller);
end $$;
comment on function api.ticket_link_refused(bytea) is
    'Record that a customer''s link was refused: with its business when it was good once, else with the house. Definer: goes on in the business of the link.';
grant execute on function api.ticket_link_refused(bytea) to crm_app;
