create or replace function api.feed_make_for_business(p_token_hash bytea) returns crm.feed
language plpgsql volatile security definer set search_path = ''
as $$
begin
    perform internal.require('feed_make_for_business');
    return internal.feed_put('business', p_token_hash);
end $$;
comment on function api.feed_make_for_business(bytea) is
    'Give the business a calendar address for all visits, by the hash of its secret; the one before it is gone, whoever made it. It ends when the caller is shut out or becomes a technician. Definer: writes.';
grant execute on function api.feed_make_for_business(bytea) to crm_app;
