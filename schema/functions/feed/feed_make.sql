create or replace function api.feed_make(p_token_hash bytea) returns crm.feed
language plpgsql volatile security definer set search_path = ''
as $$
begin
    perform internal.require('feed_make');
    return internal.feed_put('member', p_token_hash);
end $$;
comment on function api.feed_make(bytea) is
    'Give the caller a calendar address for their own visits, by the hash of its secret; the one before it is gone. Definer: writes.';
grant execute on function api.feed_make(bytea) to crm_app;
