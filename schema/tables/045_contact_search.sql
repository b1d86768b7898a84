-- What a contact can be found by. Behind row security PostgreSQL uses no text index, so the words are kept
-- here, outside the wall, where functions alone reach them; each begins with a key of its business, so a
-- search reads what that business wrote and nothing else. What is found is then looked up behind the wall.
create table internal.contact_search (
    business_id uuid not null,
    contact_id uuid not null,
    tokens tsvector not null,
    digits text,
    constraint contact_search_pkey primary key (business_id, contact_id),
    constraint contact_search_contact_exists foreign key (business_id, contact_id) references crm.contact (business_id, id) on delete cascade
);
create index contact_search_by_token on internal.contact_search using gin (tokens);
comment on table internal.contact_search is 'What a contact can be found by: kept by triggers on contact, address, attribute and ticket, read by api.contact_search alone.';
comment on column internal.contact_search.tokens is
    'After the business''s key: words of all that is known; ~ words of the name, whole and with any one letter left out; # three digits of the phone number; fact=word.';
