-- All that a business owns, made ready in the background to be taken away: a part at a time, so that it goes on where it stopped.
create table crm.data_export (
    business_id uuid not null default internal.current_business(),
    id uuid not null default uuidv7(),
    state text not null default 'running',
    noun text,
    after_id uuid,
    number integer not null default 0,
    done_rows bigint not null default 0,
    total_rows bigint not null,
    member_id uuid default internal.current_member(),
    finished_at timestamptz,
    created_at timestamptz not null default internal.now(),
    updated_at timestamptz not null default internal.now(),
    constraint data_export_pkey primary key (business_id, id),
    constraint data_export_business_exists foreign key (business_id) references crm.business (business_id),
    constraint data_export_made_by_a_member foreign key (business_id, member_id) references crm.member (business_id, id),
    constraint data_export_state_is_known check (state in ('running', 'done')),
    constraint data_export_running_has_a_noun check ((state = 'running') = (noun is not null)),
    constraint data_export_done_says_when check ((state = 'done') = (finished_at is not null)),
    constraint data_export_counts_are_sane check (number >= 0 and done_rows >= 0 and total_rows >= 0)
);
create unique index data_export_is_one_at_a_time on crm.data_export (business_id) where state = 'running';
comment on table crm.data_export is 'All that a business owns, being written or ready to be taken away for a week.';
comment on column crm.data_export.after_id is 'Rows of the noun up to this id are written.';
comment on index crm.data_export_is_one_at_a_time is 'An export is being made already: wait for it.';
comment on constraint data_export_state_is_known on crm.data_export is 'An export is being made or done.';
comment on constraint data_export_running_has_a_noun on crm.data_export is 'An export that is being made is at one of the nouns.';
comment on constraint data_export_counts_are_sane on crm.data_export is 'An export counts from nothing upwards.';

create table crm.data_export_part (
    business_id uuid not null default internal.current_business(),
    data_export_id uuid not null,
    noun text not null,
    number integer not null,
    as_csv bytea not null,
    as_json bytea not null,
    constraint data_export_part_pkey primary key (business_id, data_export_id, noun, number),
    constraint data_export_part_export_exists foreign key (business_id, data_export_id) references crm.data_export (business_id, id)
);
comment on table crm.data_export_part is 'Some rows of one noun, as lines of CSV and of JSON. Nobody is granted it: api.data_export_part asks first.';
