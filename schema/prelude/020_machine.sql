-- What the schema machine remembers of itself. Nobody but the owner reaches these tables.
create table if not exists internal.migration (
    name text primary key,
    sha256 text not null,
    applied_at timestamptz not null default now()
);
comment on table internal.migration is 'Migrations that have run, with the hash of the file as it ran.';

create table if not exists internal.table_object (
    kind text not null,
    identity text not null,
    definition text not null,
    primary key (kind, identity)
);
comment on table internal.table_object is
    'Tables, columns, constraints and indexes as the last apply left them. The next apply compares: anything else was made by hand.';

create table if not exists internal.context_key (
    key_id text primary key,
    inner_pad bytea not null,
    outer_pad bytea not null,
    valid_until timestamptz,
    made_at timestamptz not null default now()
);
comment on table internal.context_key is
    'HMAC-SHA256 keys of the signed context, as their two 64-byte pads. Two are valid while one replaces the other.';

create table if not exists internal.permission (
    action text primary key,
    roles text[] not null,
    model_level text not null default 'unrestricted'
        constraint permission_model_level_is_known
        check (model_level in ('unrestricted', 'soft_limit', 'requires_authorization'))
);
comment on table internal.permission is
    'Who may do what. Filled whole from permissions.sql; an action or named read without a row is refused.';
