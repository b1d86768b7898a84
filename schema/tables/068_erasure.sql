-- Whose data was erased, and when: the journal that is played again over a backup from before. It holds no words.
create table crm.erasure (
    business_id uuid not null default internal.current_business(),
    id uuid not null default uuidv7(),
    contact_id uuid not null,
    member_id uuid default internal.current_member(),
    transaction_id xid8 not null default pg_current_xact_id(),
    created_at timestamptz not null default internal.now(),
    constraint erasure_pkey primary key (business_id, id),
    constraint erasure_contact_exists foreign key (business_id, contact_id) references crm.contact (business_id, id),
    constraint erasure_made_by_a_member foreign key (business_id, member_id) references crm.member (business_id, id)
);
create index erasure_by_contact on crm.erasure (business_id, contact_id);
comment on table crm.erasure is 'Whose data was erased, when and by whom: ids and times only.';
comment on column crm.erasure.transaction_id is 'In this transaction alone what is final may lose its words.';
