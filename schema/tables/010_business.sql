-- The tenant. Its own id leads every other table's keys.
create table crm.business (
    business_id uuid not null default uuidv7(),
    name text not null,
    time_zone text not null,
    currency text not null,
    prices_include_tax boolean not null default false,
    tax_basis_points integer not null default 0,
    payment_terms_days smallint not null default 14,
    travel_buffer_minutes smallint not null default 0,
    travel_area_minutes smallint,
    travel_far_minutes smallint,
    arrival_minutes smallint not null default 0,
    language text not null default 'en',
    phone text,
    email text,
    created_at timestamptz not null default internal.now(),
    updated_at timestamptz not null default internal.now(),
    constraint business_pkey primary key (business_id),
    constraint business_name_is_given check (internal.is_one_line(name, 120)),
    constraint business_name_is_no_link check (name !~* '://|www\.'),
    constraint business_time_zone_is_known check (internal.is_time_zone(time_zone)),
    constraint business_currency_is_iso_4217 check (currency ~ '^[A-Z]{3}$'),
    constraint business_tax_is_a_share check (tax_basis_points between 0 and 10000),
    constraint business_payment_terms_are_sane check (payment_terms_days between 0 and 365),
    constraint business_travel_buffer_is_sane check (travel_buffer_minutes between 0 and 240),
    constraint business_travel_area_is_no_less check (travel_area_minutes between travel_buffer_minutes and 240),
    constraint business_travel_far_is_no_less check (travel_far_minutes between coalesce(travel_area_minutes, travel_buffer_minutes) and 240),
    constraint business_arrival_is_sane check (arrival_minutes between 0 and 480),
    constraint business_language_is_known foreign key (language) references internal.language (language),
    constraint business_phone_has_digits check (
        internal.is_one_line(phone, 40) and length(regexp_replace(phone, '\D', '', 'g')) between 3 and 20),
    constraint business_email_is_an_address check (internal.is_email(email))
);
comment on table crm.business is 'The tenant: one company, its zone, its currency and its defaults.';
comment on column crm.business.tax_basis_points is 'Default tax of a line in hundredths of a percent: 825 is 8.25 %.';
comment on column crm.business.travel_buffer_minutes is 'Kept free after each visit: no technician is booked within it.';
comment on column crm.business.travel_area_minutes is 'What free times leave between two places whose postcodes begin alike; null for no more than the buffer.';
comment on column crm.business.travel_far_minutes is 'What free times leave between two places whose postcodes begin differently; null for as much as between near ones.';
comment on column crm.business.arrival_minutes is 'How long after the start of a visit the technician may arrive, as customers are told; 0 for on time. Each visit may have its own.';
comment on column crm.business.language is 'What customers are told in, unless they have a language of their own.';
comment on column crm.business.phone is 'Where customers reach the business: it stands in the mails to them and on the pages that their links open.';
comment on column crm.business.email is 'Where the answers to mails go.';
comment on constraint business_name_is_given on crm.business is 'Give the business a name of at most 120 characters.';
comment on constraint business_name_is_no_link on crm.business is 'Enter a name: it is written into mails, so it may hold no link.';
comment on constraint business_time_zone_is_known on crm.business is 'Choose a time zone from the list, such as America/Chicago.';
comment on constraint business_currency_is_iso_4217 on crm.business is 'Choose a currency by its three-letter code, such as USD.';
comment on constraint business_tax_is_a_share on crm.business is 'Tax is a percentage between 0 and 100.';
comment on constraint business_payment_terms_are_sane on crm.business is 'Payment terms are between 0 and 365 days.';
comment on constraint business_travel_buffer_is_sane on crm.business is 'The travel buffer is between 0 and 240 minutes.';
comment on constraint business_travel_area_is_no_less on crm.business is 'To another place takes at least what is kept free between visits, and 240 minutes at most.';
comment on constraint business_travel_far_is_no_less on crm.business is 'To a place farther off takes at least as long as to one nearby, and 240 minutes at most.';
comment on constraint business_arrival_is_sane on crm.business is 'Customers can be told a span of at most 480 minutes to arrive in.';
comment on constraint business_language_is_known on crm.business is 'Choose a language from the list.';
comment on constraint business_phone_has_digits on crm.business is 'Enter a phone number with 3 to 20 digits, or leave it empty.';
comment on constraint business_email_is_an_address on crm.business is 'Enter one e-mail address, such as name@example.com, or leave it empty.';

-- Gapless numbers come from a row that a transaction holds until it commits, never from a sequence.
create table crm.counter (
    business_id uuid not null default internal.current_business(),
    name text not null,
    value bigint not null default 0,
    constraint counter_pkey primary key (business_id, name),
    constraint counter_business_exists foreign key (business_id) references crm.business (business_id),
    constraint counter_name_is_known check (name in ('invoice')),
    constraint counter_only_grows check (value >= 0)
);
comment on table crm.counter is 'The last gapless number taken, for each kind of number.';
