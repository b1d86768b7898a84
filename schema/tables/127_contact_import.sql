-- Moving in: a file of customers on its way into the book. All that comes of it is one change set, which can be undone.
create table crm.contact_import (
    business_id uuid not null default internal.current_business(),
    id uuid not null default uuidv7(),
    file_name text not null,
    file_kind text not null default 'csv',
    preset text,
    columns text[] not null,
    mapping text[] not null,
    duplicates text not null default 'skip',
    state text not null default 'mapping',
    total_rows integer not null default 0,
    created integer not null default 0,
    updated integer not null default 0,
    skipped integer not null default 0,
    failed integer not null default 0,
    done_rows integer not null generated always as (created + updated + skipped + failed) stored,
    undone integer not null default 0,
    kept integer not null default 0,
    change_set_id uuid,
    member_id uuid default internal.current_member(),
    started_at timestamptz,
    finished_at timestamptz,
    created_at timestamptz not null default internal.now(),
    updated_at timestamptz not null default internal.now(),
    constraint contact_import_pkey primary key (business_id, id),
    constraint contact_import_business_exists foreign key (business_id) references crm.business (business_id),
    constraint contact_import_made_by_a_member foreign key (business_id, member_id) references crm.member (business_id, id),
    constraint contact_import_changes_are_one_set foreign key (business_id, change_set_id) references crm.change_set (business_id, id),
    constraint contact_import_file_name_is_given check (internal.is_one_line(file_name, 200)),
    constraint contact_import_file_kind_is_known check (file_kind in ('csv', 'vcard')),
    constraint contact_import_preset_is_short check (internal.is_one_line(preset, 80)),
    constraint contact_import_columns_are_there check (cardinality(columns) between 1 and 200),
    constraint contact_import_mapping_is_for_each_column check (cardinality(mapping) = cardinality(columns)),
    constraint contact_import_mapping_is_known check (internal.is_contact_mapping(mapping)),
    constraint contact_import_mapping_has_a_name check (
        state in ('mapping', 'cancelled') or mapping && '{name,first_name,last_name,organisation}'),
    constraint contact_import_duplicates_is_known check (duplicates in ('skip', 'update', 'create')),
    constraint contact_import_state_is_known check (
        state in ('mapping', 'waiting', 'running', 'done', 'undoing', 'undone', 'cancelled')),
    constraint contact_import_rows_are_not_too_many check (total_rows between 0 and 100000),
    constraint contact_import_rows_are_there check (state in ('mapping', 'cancelled') or total_rows > 0),
    constraint contact_import_counts_add_up check (
        least(created, updated, skipped, failed, undone, kept) >= 0 and created + updated + skipped + failed <= total_rows
        and undone + kept <= created + updated),
    constraint contact_import_started_has_a_change_set check (
        (started_at is null) = (change_set_id is null) and (state not in ('waiting', 'running', 'done', 'undoing', 'undone') or started_at is not null)),
    constraint contact_import_finished_says_when check ((state in ('done', 'undone', 'cancelled')) = (finished_at is not null))
);
comment on table crm.contact_import is 'A file of customers, what each of its columns holds, and what came of it.';
comment on column crm.contact_import.preset is 'The program that wrote the file, if it is known.';
comment on column crm.contact_import.mapping is
    'For each column, where it goes: a field such as street, attribute:<key> for a fact, or nothing to leave it out.';
comment on column crm.contact_import.duplicates is 'What becomes of rows about somebody who is known: skip, update, or create once more.';
comment on column crm.contact_import.state is
    'mapping: the columns are looked over; waiting and running: rows are taken in; done, undoing, undone; cancelled: no further row is taken in.';
comment on constraint contact_import_file_name_is_given on crm.contact_import is 'A file has a name of at most 200 characters.';
comment on constraint contact_import_file_kind_is_known on crm.contact_import is 'Choose a CSV file or a file of vCards.';
comment on constraint contact_import_preset_is_short on crm.contact_import is 'The name of a program has at most 80 characters.';
comment on constraint contact_import_columns_are_there on crm.contact_import is 'A file has between 1 and 200 columns.';
comment on constraint contact_import_mapping_is_for_each_column on crm.contact_import is 'Say of each column where it goes.';
comment on constraint contact_import_mapping_is_known on crm.contact_import is 'Choose one of the fields for each column, or leave it out.';
comment on constraint contact_import_mapping_has_a_name on crm.contact_import is
    'Choose which column holds the name: a whole name, a first or last name, or an organisation.';
comment on constraint contact_import_duplicates_is_known on crm.contact_import is
    'Choose whether customers who are known are skipped, updated, or added once more.';
comment on constraint contact_import_state_is_known on crm.contact_import is 'An import is being looked over, waiting, running, done, being undone, undone, or cancelled.';
comment on constraint contact_import_rows_are_not_too_many on crm.contact_import is 'An import has at most 100,000 rows: split the file.';
comment on constraint contact_import_rows_are_there on crm.contact_import is 'There are no rows to import.';
comment on constraint contact_import_counts_add_up on crm.contact_import is 'Each row is counted once.';
comment on constraint contact_import_started_has_a_change_set on crm.contact_import is 'What an import changes is one change set from its start on.';
comment on constraint contact_import_finished_says_when on crm.contact_import is 'What is finished says when.';

-- One row of the file. Its outcome decides whether it is still to be taken in, so no row is ever taken in twice.
create table crm.contact_import_row (
    business_id uuid not null default internal.current_business(),
    contact_import_id uuid not null,
    number integer not null,
    cells text[] not null,
    outcome text not null default 'waiting',
    reason text,
    contact_id uuid,
    constraint contact_import_row_pkey primary key (business_id, contact_import_id, number),
    constraint contact_import_row_import_exists foreign key (business_id, contact_import_id) references crm.contact_import (business_id, id),
    constraint contact_import_row_contact_exists foreign key (business_id, contact_id) references crm.contact (business_id, id),
    constraint contact_import_row_number_is_sane check (number between 1 and 100000),
    constraint contact_import_row_cells_are_not_too_many check (cardinality(cells) <= 200),
    constraint contact_import_row_outcome_is_known check (
        outcome in ('waiting', 'created', 'updated', 'skipped', 'failed', 'undone', 'kept')),
    constraint contact_import_row_reason_is_given check (
        (outcome in ('skipped', 'failed', 'kept')) = (reason is not null) and internal.is_plain_text(reason, 1000))
);
create index contact_import_row_waiting on crm.contact_import_row (business_id, contact_import_id, number) where outcome = 'waiting';
create index contact_import_row_by_contact on crm.contact_import_row (business_id, contact_id) where contact_id is not null;
comment on table crm.contact_import_row is
    'A row of a file of customers, and what came of it. It is itself a record of what happened; what it changed is in the audit.';
comment on column crm.contact_import_row.cells is 'As they stand in the file; emptied once they are in the book, and kept where they are not.';
comment on column crm.contact_import_row.reason is 'Why it was skipped, why it failed, or why undoing left it where it is.';
comment on constraint contact_import_row_pkey on crm.contact_import_row is 'This row is there already.';
comment on constraint contact_import_row_number_is_sane on crm.contact_import_row is 'An import has at most 100,000 rows: split the file.';
comment on constraint contact_import_row_cells_are_not_too_many on crm.contact_import_row is 'A row has at most 200 cells.';
comment on constraint contact_import_row_outcome_is_known on crm.contact_import_row is
    'A row is waiting, created, updated, skipped, failed, undone or kept.';
comment on constraint contact_import_row_reason_is_given on crm.contact_import_row is
    'What was skipped, failed or kept says why, in at most 1,000 characters.';
