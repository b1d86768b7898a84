create or replace function api.feed_revoke_for_business() returns crm.feed
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_feed crm.feed;
begin
    perform internal.require('feed_revoke_for_business');
    v_feed := internal.feed_end('business');
    if v_feed.id is null then perform internal.not_found('feed'); end if;
    perform internal.security_event_record('feed_revoked', v_feed.kind);
    return v_feed;
end $$;
comment on function api.feed_revoke_for_business() is
    'End the calendar address of all visits at once, whoever made it. Definer: writes.';
grant execute on function api.feed_revoke_for_business() to crm_app, crm_support;
