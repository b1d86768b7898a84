create or replace function internal.link_refused(p_context text) returns text
language plpgsql volatile set search_path = ''
as $$
begin
    perform internal.security_event_record('customer_link_refused');
    return internal.back_to(p_context, 'refused');
end $$;
comment on function internal.link_refused(text) is
    'What a customer''s link that is not good is answered: the event is recorded where internal.link_enter left the transaction, which then is its caller''s again. Gives back the outcome refused.';
