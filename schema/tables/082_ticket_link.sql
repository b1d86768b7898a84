-- A customer's way to one visit without an account: the words are in one mail alone, only their hash is kept. A mail that
-- is sent again has a new link beside the old one, since nobody knows which of the two arrived.
create table crm.ticket_link (
    business_id uuid not null default internal.current_business(),
    id uuid not null default uuidv7(),
    message_id uuid not null,
    ticket_id uuid,
    token_hash bytea not null,
    told_starts_at timestamptz,
    task_id uuid,
    expires_at timestamptz not null,
    revoked_at timestamptz,
    created_at timestamptz not null default internal.now(),
    constraint ticket_link_pkey primary key (business_id, id),
    constraint ticket_link_token_is_unique unique (business_id, token_hash),
    constraint ticket_link_message_exists foreign key (business_id, message_id) references crm.message (business_id, id),
    constraint ticket_link_ticket_exists foreign key (business_id, ticket_id) references crm.ticket (business_id, id),
    constraint ticket_link_task_exists foreign key (business_id, task_id) references crm.task (business_id, id),
    constraint ticket_link_token_hash_is_sha256 check (octet_length(token_hash) = 32),
    constraint ticket_link_of_a_visit_told_when check ((ticket_id is null) = (told_starts_at is null)),
    constraint ticket_link_told_starts_at_is_sane check (internal.is_sane_time(told_starts_at)),
    constraint ticket_link_expires_at_is_sane check (internal.is_sane_time(expires_at))
);
create index ticket_link_by_message on crm.ticket_link (business_id, message_id);
create index ticket_link_by_ticket on crm.ticket_link (business_id, ticket_id) where ticket_id is not null;
comment on table crm.ticket_link is 'A link in a mail to a customer. With a visit, or an offer of the waitlist, it shows and answers that; without, it ends the mails sent unasked. Reached by functions only.';
comment on column crm.ticket_link.told_starts_at is 'The time of the visit as the mail said it.';
comment on column crm.ticket_link.task_id is 'What the answer gave the office to look at: another answer is written into the same.';

-- Which business a link belongs to must be known before its context can be made: ids and the hash only, outside the wall.
create table internal.link_token (
    token_hash bytea not null,
    business_id uuid not null,
    link_id uuid not null,
    constraint link_token_pkey primary key (token_hash),
    constraint link_token_link_exists foreign key (business_id, link_id) references crm.ticket_link (business_id, id) on delete cascade
);
create index link_token_by_link on internal.link_token (business_id, link_id);
comment on table internal.link_token is 'Whose link it is, by the hash of its words. Kept by a trigger of crm.ticket_link, read by the functions that open a link.';
