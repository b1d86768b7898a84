create or replace function internal.security_event_record(p_kind text, p_detail text default null) returns void
language sql volatile set search_path = ''
as $$
    insert into crm.security_event (kind, detail) values (p_kind, left(internal.redact(p_detail), 300));
$$;
comment on function internal.security_event_record(text, text) is 'Record a security event for the business and member of this transaction.';
