create or replace function internal.feed_end(p_kind text) returns crm.feed
language plpgsql volatile set search_path = ''
as $$
declare
    v_feed crm.feed;
begin
    delete from crm.feed f
    where f.business_id = internal.current_business() and f.kind = p_kind and (p_kind = 'business' or f.member_id = internal.current_member())
    returning * into v_feed;
    return v_feed;
end $$;
comment on function internal.feed_end(text) is
    'End the caller''s own feed, or the business''s whoever made it. Null when there was none.';
