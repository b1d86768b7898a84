-- A calendar that a phone reads by itself, without signing in: whoever has its address sees the visits. It shows what its
-- member may see and no more, and is gone when that member is.
create table crm.feed (
    business_id uuid not null default internal.current_business(),
    id uuid not null default uuidv7(),
    kind text not null,
    member_id uuid not null default internal.current_member(),
    last_read_at timestamptz,
    created_at timestamptz not null default internal.now(),
    constraint feed_pkey primary key (business_id, id),
    constraint feed_business_exists foreign key (business_id) references crm.business (business_id),
    constraint feed_member_exists foreign key (business_id, member_id) references crm.member (business_id, id),
    constraint feed_kind_is_known check (kind in ('member', 'business'))
);
create unique index feed_is_one_for_a_member on crm.feed (business_id, member_id) where kind = 'member';
create unique index feed_is_one_for_the_business on crm.feed (business_id) where kind = 'business';
create index feed_by_member on crm.feed (business_id, member_id);
comment on table crm.feed is 'A calendar that a phone reads by a secret address: the visits of a member, or all of the business.';
comment on column crm.feed.member_id is 'Who made it. It shows what they may see.';
comment on column crm.feed.last_read_at is 'When somebody''s calendar asked for it last, to within five minutes.';
comment on constraint feed_kind_is_known on crm.feed is 'A feed is a member''s own or the business''s.';
comment on index crm.feed_is_one_for_a_member is 'You have a calendar address already: make a new one in its place.';
comment on index crm.feed_is_one_for_the_business is 'The business has a calendar address already: make a new one in its place.';

-- Whose a feed is must be known before its context can be made: ids and the hash of the address only, outside the wall.
create table internal.feed_token (
    token_hash bytea not null,
    business_id uuid not null,
    feed_id uuid not null,
    constraint feed_token_pkey primary key (token_hash),
    constraint feed_token_is_one_for_a_feed unique (business_id, feed_id),
    constraint feed_token_feed_exists foreign key (business_id, feed_id) references crm.feed (business_id, id) on delete cascade,
    constraint feed_token_hash_is_sha256 check (octet_length(token_hash) = 32)
);
comment on table internal.feed_token is 'Whose calendar an address is, by the hash of its secret. Written when the feed is made, read by api.feed_open, gone with the feed.';
