-- One row for each link asked for. Only hashes are kept; the words exist in the mail alone.
create table crm.sign_in_link (
    id uuid not null default uuidv7(),
    email text not null,
    purpose text not null default 'sign_in',
    sign_up jsonb,
    token_hash bytea,
    code_hash bytea,
    browser_hash bytea,
    tries smallint not null default 0,
    requested_at timestamptz not null default internal.now(),
    expires_at timestamptz not null default internal.now() + interval '10 minutes',
    used_at timestamptz,
    constraint sign_in_link_pkey primary key (id),
    constraint sign_in_link_token_is_unique unique (token_hash),
    constraint sign_in_link_email_is_an_address check (internal.is_email(email)),
    constraint sign_in_link_purpose_is_known check (purpose in ('sign_in', 'sign_up')),
    constraint sign_in_link_sign_up_says_what check ((purpose = 'sign_up') = (sign_up is not null)),
    constraint sign_in_link_hashes_are_sha256 check (
        octet_length(token_hash) = 32 and octet_length(code_hash) = 32 and octet_length(browser_hash) = 32),
    constraint sign_in_link_tries_are_five check (tries between 0 and 5)
);
create index sign_in_link_by_email on crm.sign_in_link (email, requested_at desc);
create index sign_in_link_by_browser on crm.sign_in_link (browser_hash, requested_at desc);
comment on table crm.sign_in_link is
    'A magic link and its typed code: 10 minutes, newest only, used once, bound to the browser that asked. Global: functions only.';
comment on column crm.sign_in_link.browser_hash is 'SHA-256 of the cookie of the browser that asked; null for links that an administrator made.';

create table crm.security_event (
    business_id uuid not null default internal.current_business(),
    id uuid not null default uuidv7(),
    at timestamptz not null default internal.now(),
    kind text not null,
    member_id uuid default internal.current_member(),
    detail text,
    request_id text not null default (internal.context()).request_id,
    constraint security_event_pkey primary key (business_id, id),
    constraint security_event_business_exists foreign key (business_id) references crm.business (business_id),
    constraint security_event_kind_is_a_word check (kind ~ '^[a-z]+(_[a-z]+)*$'),
    constraint security_event_detail_is_short check (internal.is_plain_text(detail, 300))
);
comment on table crm.security_event is
    'Sign-ins, refusals, redactions, role changes: what a person looking into an incident wants to see. Append-only, no secrets, no free text.';
