-- A list of contacts that somebody wants to come back to: what it is narrowed to, under a name. It keeps
-- the question and never the answer, so that whoever opens it sees who is on it today.
create table crm.saved_list (
    business_id uuid not null default internal.current_business(),
    id uuid not null default uuidv7(),
    name text not null,
    query text not null,
    made_by uuid default internal.current_member(),
    created_at timestamptz not null default internal.now(),
    updated_at timestamptz not null default internal.now(),
    constraint saved_list_pkey primary key (business_id, id),
    constraint saved_list_business_exists foreign key (business_id) references crm.business (business_id),
    constraint saved_list_made_by_a_member foreign key (business_id, made_by) references crm.member (business_id, id),
    constraint saved_list_name_is_given check (internal.is_one_line(name, 60)),
    constraint saved_list_query_has_a_filter check (query ~ '^[a-z_]+=[^&=#\s]+(&[a-z_]+=[^&=#\s]+)*$'),
    constraint saved_list_query_is_not_too_long check (internal.is_one_line(query, 2000))
);
create unique index saved_list_name_is_used_once on crm.saved_list (business_id, lower(name collate pg_catalog.pg_c_utf8));
comment on table crm.saved_list is 'A list of contacts that somebody comes back to: what it is narrowed to, under a name.';
comment on column crm.saved_list.query is 'The filters as the address of the list says them: place=35758&quiet=6.';
comment on column crm.saved_list.made_by is 'Who saved it last.';
comment on constraint saved_list_name_is_given on crm.saved_list is 'Enter a name of at most 60 characters.';
comment on constraint saved_list_query_has_a_filter on crm.saved_list is 'Choose a filter first: without one this is the list of everybody.';
comment on constraint saved_list_query_is_not_too_long on crm.saved_list is 'These are more filters than can be kept: take some away.';
comment on index crm.saved_list_name_is_used_once is 'Another list has this name.';
