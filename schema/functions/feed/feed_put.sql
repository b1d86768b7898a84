create or replace function internal.feed_put(p_kind text, p_token_hash bytea) returns crm.feed
language plpgsql volatile set search_path = ''
as $$
declare
    v_feed crm.feed;
begin
    -- Of two taps at once the second replaces what the first made.
    perform from crm.business b where b.business_id = internal.current_business() for no key update;
    perform internal.feed_end(p_kind);
    insert into crm.feed (kind) values (p_kind) returning * into v_feed;
    insert into internal.feed_token (token_hash, business_id, feed_id) values (p_token_hash, v_feed.business_id, v_feed.id);
    perform internal.security_event_record('feed_made', p_kind);
    return v_feed;
end $$;
comment on function internal.feed_put(text, bytea) is
    'Put a feed of the caller''s in the place of the one that was there. Its id is new: in the audit each address is its own.';
