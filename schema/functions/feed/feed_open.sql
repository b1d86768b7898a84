create or replace function api.feed_open(p_token_hash bytea, p_records boolean default true)
returns table (feed_id uuid, kind text, business_id uuid, member_id uuid, role text)
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_caller constant text := current_setting('app.context', true);
    v_token internal.feed_token;
    v_feed crm.feed;
    v_role text;
begin
    perform internal.require('feed_open');
    select * into v_token from internal.feed_token t where t.token_hash = p_token_hash;
    if v_token.feed_id is not null then
        perform internal.act_as(v_token.business_id, null, 'worker');
        select * into v_feed from crm.feed f where f.business_id = v_token.business_id and f.id = v_token.feed_id;
        select m.role into v_role from internal.membership m
        where m.business_id = v_feed.business_id and m.member_id = v_feed.member_id and m.active
          and (v_feed.kind = 'member' or m.role in ('owner', 'office'));
    end if;
    if v_role is null then
        if p_records then perform internal.security_event_record('feed_refused'); end if;
        perform internal.back_to(v_caller);
        return;
    end if;
    update crm.feed f set last_read_at = internal.now()
    where f.business_id = v_feed.business_id and f.id = v_feed.id
      and (f.last_read_at is null or f.last_read_at < internal.now() - interval '5 minutes');
    -- The caller stays a visitor: who knows an address reads its calendar, and nothing else of the business.
    perform internal.back_to(v_caller);
    return query select v_feed.id, v_feed.kind, v_feed.business_id, v_feed.member_id, v_role;
end $$;
comment on function api.feed_open(bytea, boolean) is
    'Whose calendar an address is, by the hash of its secret, and with which role it is read. No row when it is not known or its member may not have it any more. Notes when it was read, and that one was refused, unless so many were that it is no news. Definer: the index of addresses stands outside the wall.';
grant execute on function api.feed_open(bytea, boolean) to crm_app;
