-- A person or organisation that buys.
create table crm.contact (
    business_id uuid not null default internal.current_business(),
    id uuid not null default uuidv7(),
    kind text not null default 'person',
    name text not null,
    name_key text collate "C" not null generated always as (lower(name collate pg_catalog.pg_c_utf8)) stored,
    phone text,
    phone_digits text generated always as (regexp_replace(phone, '\D', '', 'g')) stored,
    phone_e164 text,
    phone_key text generated always as (right(coalesce(substr(phone_e164, 2), regexp_replace(phone, '\D', '', 'g')), 9)) stored,
    other_phone text,
    other_digits text generated always as (regexp_replace(other_phone, '\D', '', 'g')) stored,
    other_e164 text,
    other_key text generated always as (right(coalesce(substr(other_e164, 2), regexp_replace(other_phone, '\D', '', 'g')), 9)) stored,
    email text,
    preferred_method text,
    preferred_time text,
    language text,
    referred_by text,
    consent text not null default 'not_asked',
    consent_at timestamptz,
    note text,
    archived_at timestamptz,
    merged_into_id uuid,
    erased_at timestamptz,
    created_at timestamptz not null default internal.now(),
    updated_at timestamptz not null default internal.now(),
    constraint contact_pkey primary key (business_id, id),
    constraint contact_business_exists foreign key (business_id) references crm.business (business_id),
    constraint contact_kind_is_known check (kind in ('person', 'organisation')),
    constraint contact_name_is_given check (internal.is_one_line(name, 120)),
    constraint contact_phone_has_digits check (
        internal.is_one_line(phone, 40) and length(regexp_replace(phone, '\D', '', 'g')) between 3 and 20),
    constraint contact_phone_e164_is_its_number check (internal.is_e164(phone_e164, phone_digits)),
    constraint contact_other_phone_has_digits check (
        internal.is_one_line(other_phone, 40) and length(regexp_replace(other_phone, '\D', '', 'g')) between 3 and 20),
    constraint contact_other_e164_is_its_number check (internal.is_e164(other_e164, other_digits)),
    constraint contact_email_is_an_address check (internal.is_email(email)),
    constraint contact_preferred_method_is_known check (preferred_method in ('call', 'text', 'email')),
    constraint contact_preferred_time_is_known check (preferred_time in ('morning', 'midday', 'afternoon', 'evening')),
    constraint contact_language_is_known foreign key (language) references internal.language (language),
    constraint contact_referred_by_is_short check (internal.is_one_line(referred_by, 120)),
    constraint contact_consent_is_known check (consent in ('not_asked', 'given', 'unsubscribed')),
    constraint contact_consent_says_when check ((consent = 'not_asked') = (consent_at is null)),
    constraint contact_merged_into_another foreign key (business_id, merged_into_id) references crm.contact (business_id, id),
    constraint contact_merged_is_off_the_list check (merged_into_id is null or (archived_at is not null and merged_into_id <> id)),
    constraint contact_erased_is_off_the_list check (erased_at is null or archived_at is not null),
    constraint contact_note_is_not_too_long check (internal.is_plain_text(note, 4000))
);
create index contact_by_name on crm.contact (business_id, name_key, id) where archived_at is null;
create index contact_archived_by_name on crm.contact (business_id, name_key, id) where archived_at is not null;
create index contact_by_phone on crm.contact (business_id, phone_digits) where phone_digits is not null;
create index contact_by_email on crm.contact (business_id, email) include (id, archived_at) where email is not null;
create index contact_by_phone_key on crm.contact (business_id, phone_key) include (id) where archived_at is null and length(phone_key) >= 7;
create index contact_by_other_key on crm.contact (business_id, other_key) include (id) where archived_at is null and length(other_key) >= 7;
create index contact_by_e164 on crm.contact (business_id, phone_e164) where phone_e164 is not null;
create index contact_by_other_e164 on crm.contact (business_id, other_e164) where other_e164 is not null;
create index contact_by_merged on crm.contact (business_id, merged_into_id) where merged_into_id is not null;
comment on table crm.contact is 'A person or organisation that buys.';
comment on column crm.contact.name_key is 'The name in lower case, in code point order: what lists are sorted and paged by.';
comment on column crm.contact.phone is 'As it was typed.';
comment on column crm.contact.phone_e164 is 'The same number as the world dials it, such as +12565550131; null when it is no number of a known plan.';
comment on column crm.contact.phone_key is 'Its last nine digits: by these two ways to write one number are known for the same.';
comment on column crm.contact.language is 'What they are told in; null as long as nobody chose: on pages what their browser asks for, else the language of the business.';
comment on column crm.contact.consent is 'Whether they want to hear from us unasked. Unsubscribed ends every planned outreach.';
comment on column crm.contact.merged_into_id is 'The contact this one turned out to be: their history is shown together.';
comment on constraint contact_name_is_given on crm.contact is 'Enter a name of at most 120 characters.';
comment on constraint contact_kind_is_known on crm.contact is 'Choose person or organisation.';
comment on constraint contact_phone_has_digits on crm.contact is 'Enter a phone number with 3 to 20 digits, or leave it empty.';
comment on constraint contact_phone_e164_is_its_number on crm.contact is 'The international form must be of the number that was typed.';
comment on constraint contact_other_phone_has_digits on crm.contact is 'Enter a phone number with 3 to 20 digits, or leave it empty.';
comment on constraint contact_other_e164_is_its_number on crm.contact is 'The international form must be of the number that was typed.';
comment on constraint contact_email_is_an_address on crm.contact is 'Enter one e-mail address, such as name@example.com, or leave it empty.';
comment on constraint contact_preferred_method_is_known on crm.contact is 'Choose call, text or email, or leave it open.';
comment on constraint contact_preferred_time_is_known on crm.contact is 'Choose morning, midday, afternoon or evening, or leave it open.';
comment on constraint contact_language_is_known on crm.contact is 'Choose a language from the list, or leave it open.';
comment on constraint contact_referred_by_is_short on crm.contact is 'Say in at most 120 characters who sent them.';
comment on constraint contact_consent_is_known on crm.contact is 'Choose whether they were not asked, said yes, or want no messages.';
comment on constraint contact_consent_says_when on crm.contact is 'Consent, and its end, have a time.';
comment on constraint contact_merged_is_off_the_list on crm.contact is 'A contact that was merged is archived, and merged into another.';
comment on constraint contact_erased_is_off_the_list on crm.contact is 'A contact whose data was erased stays off the list.';
comment on constraint contact_note_is_not_too_long on crm.contact is 'A note has at most 4,000 characters.';

-- A place where work is done. A contact can have many.
create table crm.address (
    business_id uuid not null default internal.current_business(),
    id uuid not null default uuidv7(),
    contact_id uuid not null,
    label text,
    street text not null,
    street_key text generated always as (
        regexp_replace(lower(coalesce(substring(street collate pg_catalog.pg_c_utf8 from '^\W*(\w+\W+\w+)'), street) collate pg_catalog.pg_c_utf8), '\W+', ' ')
        || '|' || lower(coalesce(replace(split_part(postcode, '-', 1), ' ', ''), city, '') collate pg_catalog.pg_c_utf8)) stored,
    city text,
    region text,
    postcode text,
    access_note text,
    archived_at timestamptz,
    created_at timestamptz not null default internal.now(),
    updated_at timestamptz not null default internal.now(),
    constraint address_pkey primary key (business_id, id),
    constraint address_contact_exists foreign key (business_id, contact_id) references crm.contact (business_id, id),
    constraint address_belongs_to_one_contact unique (business_id, contact_id, id),
    constraint address_label_is_short check (internal.is_one_line(label, 40)),
    constraint address_street_is_given check (internal.is_one_line(street, 120)),
    constraint address_city_is_short check (internal.is_one_line(city, 80)),
    constraint address_region_is_short check (internal.is_one_line(region, 80)),
    constraint address_postcode_is_short check (internal.is_one_line(postcode, 16)),
    constraint address_access_note_is_not_too_long check (internal.is_plain_text(access_note, 500))
);
create index address_by_street_key on crm.address (business_id, street_key) include (contact_id) where archived_at is null;
comment on table crm.address is 'A place where work is done.';
comment on column crm.address.street_key is 'Number and first word of the street, and postcode or city: who is there more than once may be the same person twice.';
comment on constraint address_street_is_given on crm.address is 'Enter the street and number, at most 120 characters.';
comment on constraint address_label_is_short on crm.address is 'A label has at most 40 characters, such as Home or Shop.';
comment on constraint address_city_is_short on crm.address is 'The city has at most 80 characters.';
comment on constraint address_region_is_short on crm.address is 'The state or region has at most 80 characters.';
comment on constraint address_postcode_is_short on crm.address is 'The postcode has at most 16 characters.';
comment on constraint address_access_note_is_not_too_long on crm.address is 'The access note has at most 500 characters.';

-- A name that facts go by in this business, and what their values are: "gate code" is text, "screens" a number.
create table crm.attribute_key (
    business_id uuid not null default internal.current_business(),
    id uuid not null default uuidv7(),
    key text not null,
    kind text not null default 'text',
    section text not null default 'other',
    created_at timestamptz not null default internal.now(),
    updated_at timestamptz not null default internal.now(),
    constraint attribute_key_pkey primary key (business_id, id),
    constraint attribute_key_business_exists foreign key (business_id) references crm.business (business_id),
    constraint attribute_key_is_used_once unique (business_id, key),
    constraint attribute_key_has_one_kind unique (business_id, key, kind),
    constraint attribute_key_is_a_word check (key ~ '^[a-z][a-z0-9 ]{0,39}$' and key = btrim(key)),
    constraint attribute_key_kind_is_known check (kind in ('text', 'number', 'yes_no', 'date', 'list')),
    constraint attribute_key_section_is_known check (section in ('access', 'property', 'people', 'other'))
);
comment on table crm.attribute_key is 'A name of facts in this business, what their values are, and under which heading they stand.';
comment on column crm.attribute_key.kind is 'text; number (up to three decimals); yes_no; date (YYYY-MM-DD); list (items between commas).';
comment on constraint attribute_key_is_used_once on crm.attribute_key is 'There already are facts of that name.';
comment on constraint attribute_key_has_one_kind on crm.attribute_key is 'Facts of one name are all of one kind.';
comment on constraint attribute_key_is_a_word on crm.attribute_key is 'A fact''s name has 1 to 40 small letters, digits or spaces, such as "pet" or "gate code".';
comment on constraint attribute_key_kind_is_known on crm.attribute_key is 'Choose text, number, yes or no, date, or list.';
comment on constraint attribute_key_section_is_known on crm.attribute_key is 'Choose getting in, the property, the people, or other.';

-- A typed fact about a contact: `pet: spaniel, Pip`.
create table crm.attribute (
    business_id uuid not null default internal.current_business(),
    id uuid not null default uuidv7(),
    contact_id uuid not null,
    key text not null,
    kind text not null,
    value text not null,
    source text not null default 'typed',
    words text,
    ticket_id uuid,
    created_at timestamptz not null default internal.now(),
    updated_at timestamptz not null default internal.now(),
    constraint attribute_pkey primary key (business_id, id),
    constraint attribute_contact_exists foreign key (business_id, contact_id) references crm.contact (business_id, id),
    constraint attribute_is_set_once unique (business_id, contact_id, key),
    constraint attribute_kind_follows_its_name foreign key (business_id, key, kind)
        references crm.attribute_key (business_id, key, kind) on update cascade,
    constraint attribute_value_fits_its_kind check (internal.is_attribute_value(kind, value)),
    constraint attribute_value_is_given check (internal.is_one_line(value, 300)),
    constraint attribute_source_is_known check (source in ('typed', 'note', 'import')),
    constraint attribute_from_a_note_has_its_words check (source <> 'note' or words is not null),
    constraint attribute_words_are_not_too_long check (internal.is_plain_text(words, 300))
);
create index attribute_by_key on crm.attribute (business_id, key);
comment on table crm.attribute is 'A typed fact about a contact, set by hand or confirmed from a note.';
comment on column crm.attribute.words is 'The exact words of the note it was confirmed from.';
comment on column crm.attribute.kind is 'What the value is: follows its name (crm.attribute_key).';
comment on constraint attribute_kind_follows_its_name on crm.attribute is 'Facts of one name are all of one kind.';
comment on constraint attribute_value_fits_its_kind on crm.attribute is 'The value is not of the kind that facts of this name have.';
comment on constraint attribute_value_is_given on crm.attribute is 'Enter what is true, at most 300 characters on one line.';
comment on constraint attribute_is_set_once on crm.attribute is 'This contact already has that fact: edit it instead.';
