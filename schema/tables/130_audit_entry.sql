-- Who changed what, when, from what to what. Partitioned by month; partitions are made ahead.
create table crm.audit_entry (
    business_id uuid not null,
    id uuid not null default uuidv7(),
    at timestamptz not null default clock_timestamp(),
    member_id uuid,
    role text not null,
    kind text not null,
    source text not null,
    grant_id uuid,
    request_id text not null,
    reasoning text,
    table_name text not null,
    row_id text not null,
    operation text not null,
    old jsonb,
    new jsonb,
    change_set_id uuid,
    contact_id uuid,
    constraint audit_entry_pkey primary key (business_id, at, id),
    constraint audit_entry_operation_is_known check (operation in ('insert', 'update', 'delete', 'read'))
) partition by range (at);
create index audit_entry_by_row on crm.audit_entry (business_id, table_name, row_id, at desc);
create index audit_entry_by_change_set on crm.audit_entry (business_id, change_set_id, at) where change_set_id is not null;
create index audit_entry_by_contact on crm.audit_entry (business_id, contact_id, at) where contact_id is not null;
create table crm.audit_entry_default partition of crm.audit_entry default;
comment on table crm.audit_entry is 'Who (member, role, kind, grant) changed what (old and new of the changed columns), when, from where and why. Append-only for everyone.';
comment on column crm.audit_entry.change_set_id is 'The merge or import it was a part of: what can be undone together.';
comment on column crm.audit_entry.contact_id is 'Whom the row is about, where the row says so: what is shown, and erased, with them.';
