-- Everything that leaves the house is a row here, written in the transaction that caused it.
create table crm.job (
    business_id uuid not null default internal.current_business(),
    id uuid not null default uuidv7(),
    kind text not null,
    key text not null,
    payload jsonb not null default '{}',
    state text not null default 'ready',
    last_error text,
    created_at timestamptz not null default internal.now(),
    finished_at timestamptz,
    constraint job_pkey primary key (business_id, id),
    constraint job_business_exists foreign key (business_id) references crm.business (business_id),
    constraint job_is_asked_for_once unique (business_id, kind, key),
    constraint job_kind_is_a_word check (kind ~ '^[a-z]+(_[a-z]+)*$'),
    constraint job_state_is_known check (state in ('ready', 'done', 'dead')),
    constraint job_finished_says_when check ((state = 'ready') = (finished_at is null)),
    constraint job_error_is_short check (length(last_error) <= 500)
);
create index job_dead on crm.job (business_id, id) where state = 'dead';
comment on table crm.job is 'Work that leaves the house: mail, calls, webhooks. The words are behind the wall; the queue knows only ids and times.';

-- The queue: ids and times of work waiting, outside the wall because a worker serves every business.
create table internal.job_queue (
    business_id uuid not null,
    job_id uuid not null,
    run_at timestamptz not null default clock_timestamp(),
    attempt smallint not null default 0,
    max_attempts smallint not null default 12,
    lease uuid,
    constraint job_queue_pkey primary key (business_id, job_id),
    constraint job_queue_job_exists foreign key (business_id, job_id) references crm.job (business_id, id) on delete cascade
);
create table internal.job_buried (
    business_id uuid not null,
    job_id uuid not null,
    buried_at timestamptz not null default clock_timestamp(),
    constraint job_buried_pkey primary key (business_id, job_id),
    constraint job_buried_job_exists foreign key (business_id, job_id) references crm.job (business_id, id) on delete cascade
);
comment on table internal.job_buried is 'Work given up on: an alarm counts these rows. Ids only, as in the queue.';

create index job_queue_due on internal.job_queue (run_at);
comment on table internal.job_queue is 'Work waiting: claimed with skip locked, leased, fenced by the lease, tried again with back-off, buried after max_attempts.';
