-- A catalogue entry. Line items copy its name and price, so it can change without rewriting history.
create table crm.service (
    business_id uuid not null default internal.current_business(),
    id uuid not null default uuidv7(),
    kind text not null default 'service',
    name text not null,
    pricing text not null default 'fixed',
    price_minor bigint not null default 0,
    unit_label text,
    duration_minutes smallint not null default 60,
    tax_basis_points integer,
    archived_at timestamptz,
    created_at timestamptz not null default internal.now(),
    updated_at timestamptz not null default internal.now(),
    constraint service_pkey primary key (business_id, id),
    constraint service_business_exists foreign key (business_id) references crm.business (business_id),
    constraint service_kind_is_known check (kind in ('service', 'product')),
    constraint service_name_is_given check (internal.is_one_line(name, 80)),
    constraint service_pricing_is_known check (pricing in ('fixed', 'flexible', 'per_unit')),
    constraint service_price_is_sane check (price_minor between 0 and 100000000),
    constraint service_per_unit_names_its_unit check ((pricing = 'per_unit') = (unit_label is not null)),
    constraint service_unit_label_is_short check (internal.is_one_line(unit_label, 20)),
    constraint service_duration_is_sane check (duration_minutes between 0 and 1440),
    constraint service_tax_is_a_share check (tax_basis_points between 0 and 10000)
);
create unique index service_name_is_used_once on crm.service (business_id, lower(name collate pg_catalog.pg_c_utf8)) where archived_at is null;
comment on table crm.service is 'A catalogue entry: a service with a fixed, flexible or per-unit price, or a product.';
comment on column crm.service.price_minor is 'In the minor unit of the business''s currency (cents): the price, the first estimate of a flexible one, or the price of one unit.';
comment on column crm.service.tax_basis_points is 'Hundredths of a percent; null takes the business''s own.';
comment on constraint service_name_is_given on crm.service is 'Enter a name of at most 80 characters.';
comment on index crm.service_name_is_used_once is 'Another service has this name.';
comment on constraint service_kind_is_known on crm.service is 'Choose service or product.';
comment on constraint service_pricing_is_known on crm.service is 'Choose a fixed, flexible or per-unit price.';
comment on constraint service_price_is_sane on crm.service is 'Enter a price between 0 and 1,000,000.';
comment on constraint service_per_unit_names_its_unit on crm.service is 'A per-unit price names its unit, such as "pane"; other prices have none.';
comment on constraint service_unit_label_is_short on crm.service is 'A unit has at most 20 characters.';
comment on constraint service_duration_is_sane on crm.service is 'Enter a duration between 0 minutes and 24 hours.';
comment on constraint service_tax_is_a_share on crm.service is 'Tax is a percentage between 0 and 100.';
