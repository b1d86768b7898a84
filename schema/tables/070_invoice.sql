-- What is owed for a visit. The totals are what internal.line_amounts made of the lines; they are
-- stored, and every surface shows what is stored.
create table crm.invoice (
    business_id uuid not null default internal.current_business(),
    id uuid not null default uuidv7(),
    contact_id uuid not null,
    ticket_id uuid,
    number bigint,
    status text not null default 'draft',
    currency text not null,
    prices_include_tax boolean not null,
    net_minor bigint not null default 0,
    tax_minor bigint not null default 0,
    total_minor bigint not null default 0,
    paid_minor bigint not null default 0,
    issued_on date,
    due_on date,
    bill_to_name text,
    bill_to_address text,
    note text,
    voided_at timestamptz,
    void_reason text,
    created_at timestamptz not null default internal.now(),
    updated_at timestamptz not null default internal.now(),
    constraint invoice_pkey primary key (business_id, id),
    constraint invoice_contact_exists foreign key (business_id, contact_id) references crm.contact (business_id, id),
    constraint invoice_ticket_exists foreign key (business_id, ticket_id) references crm.ticket (business_id, id),
    constraint invoice_number_is_unique unique (business_id, number),
    constraint invoice_status_is_known check (status in ('draft', 'sent', 'partial', 'paid', 'void')),
    constraint invoice_currency_is_iso_4217 check (currency ~ '^[A-Z]{3}$'),
    constraint invoice_number_is_taken_at_issue check (case status
        when 'draft' then number is null and issued_on is null and due_on is null
        when 'void' then (number is null) = (issued_on is null)
        else number is not null and issued_on is not null and due_on is not null end),
    constraint invoice_dates_are_sane check (internal.is_sane_date(issued_on) and internal.is_sane_date(due_on)),
    constraint invoice_due_after_issue check (due_on >= issued_on),
    constraint invoice_total_is_net_and_tax check (total_minor = net_minor + tax_minor),
    constraint invoice_status_follows_payment check (case status
        when 'draft' then paid_minor = 0
        when 'sent' then paid_minor = 0
        when 'partial' then paid_minor >= 0 and paid_minor < total_minor
        when 'paid' then paid_minor >= total_minor
        else paid_minor = 0 end),
    constraint invoice_void_says_why check ((status = 'void') = (voided_at is not null)
        and (voided_at is null) = (void_reason is null)),
    constraint invoice_bill_to_is_taken_at_issue check (number is null or bill_to_name is not null),
    constraint invoice_bill_to_name_is_short check (internal.is_one_line(bill_to_name, 120)),
    constraint invoice_bill_to_address_is_short check (internal.is_plain_text(bill_to_address, 400)),
    constraint invoice_void_reason_is_given check (internal.is_one_line(void_reason, 300)),
    constraint invoice_note_is_not_too_long check (internal.is_plain_text(note, 2000))
);
create unique index invoice_is_made_once_for_a_ticket on crm.invoice (business_id, ticket_id) where status <> 'void';
create index invoice_by_contact on crm.invoice (business_id, contact_id, id desc);
create index invoice_open on crm.invoice (business_id, due_on, id) where status in ('sent', 'partial');
create index invoice_open_by_contact on crm.invoice (business_id, contact_id, due_on) where status in ('sent', 'partial');
comment on table crm.invoice is 'What is owed for a visit: draft, then issued with a gapless number and never changed again.';
comment on column crm.invoice.paid_minor is 'The sum of the payments: kept by a trigger on crm.payment.';
comment on column crm.invoice.bill_to_name is 'Who it was issued to, as the contact was called that day.';
comment on column crm.invoice.bill_to_address is 'Where the work was done, or the contact''s first address, as it was that day.';
comment on index crm.invoice_is_made_once_for_a_ticket is 'This visit already has an invoice.';
comment on constraint invoice_dates_are_sane on crm.invoice is 'Choose dates between 1900 and 2200.';
comment on constraint invoice_note_is_not_too_long on crm.invoice is 'A note has at most 2,000 characters.';
comment on constraint invoice_bill_to_is_taken_at_issue on crm.invoice is 'An issued invoice says who it is for.';
comment on constraint invoice_bill_to_name_is_short on crm.invoice is 'The name has at most 120 characters.';
comment on constraint invoice_bill_to_address_is_short on crm.invoice is 'The address has at most 400 characters.';
comment on constraint invoice_void_reason_is_given on crm.invoice is 'Say why the invoice is void, in at most 300 characters.';

-- A service on a ticket or on an invoice: name and price are copies.
create table crm.line_item (
    business_id uuid not null default internal.current_business(),
    id uuid not null default uuidv7(),
    ticket_id uuid,
    invoice_id uuid,
    service_id uuid,
    position smallint not null default 0,
    name text not null,
    pricing text not null default 'fixed',
    unit_label text,
    quantity numeric(10, 2) not null default 1,
    unit_price_minor bigint not null,
    tax_basis_points integer not null default 0,
    price_confirmed boolean not null default true,
    net_minor bigint not null default 0,
    tax_minor bigint not null default 0,
    total_minor bigint not null default 0,
    created_at timestamptz not null default internal.now(),
    updated_at timestamptz not null default internal.now(),
    constraint line_item_pkey primary key (business_id, id),
    constraint line_item_ticket_exists foreign key (business_id, ticket_id) references crm.ticket (business_id, id),
    constraint line_item_invoice_exists foreign key (business_id, invoice_id) references crm.invoice (business_id, id),
    constraint line_item_service_exists foreign key (business_id, service_id) references crm.service (business_id, id),
    constraint line_item_has_one_parent check (num_nonnulls(ticket_id, invoice_id) = 1),
    constraint line_item_name_is_given check (internal.is_one_line(name, 120)),
    constraint line_item_pricing_is_known check (pricing in ('fixed', 'flexible', 'per_unit')),
    constraint line_item_unit_label_is_short check (internal.is_one_line(unit_label, 20)),
    constraint line_item_quantity_is_sane check (quantity > 0 and quantity <= 100000),
    constraint line_item_price_is_sane check (unit_price_minor between -100000000 and 100000000),
    -- Work is never done at a negative price; what is taken off is a line of its own, without a service.
    constraint line_item_service_costs_nothing_less check (service_id is null or unit_price_minor >= 0),
    constraint line_item_tax_is_a_share check (tax_basis_points between 0 and 10000),
    constraint line_item_total_is_net_and_tax check (total_minor = net_minor + tax_minor)
);
create index line_item_by_ticket on crm.line_item (business_id, ticket_id, position, id) where ticket_id is not null;
create index line_item_by_invoice on crm.line_item (business_id, invoice_id, position, id) where invoice_id is not null;
create index line_item_by_service on crm.line_item (business_id, service_id, ticket_id) where ticket_id is not null and service_id is not null;
comment on table crm.line_item is 'A service on a ticket or invoice, with the name and price it had when it was added.';
comment on column crm.line_item.price_confirmed is 'False while the price is only an estimate: close-out asks for it.';
comment on constraint line_item_name_is_given on crm.line_item is 'Enter a name of at most 120 characters.';
comment on constraint line_item_quantity_is_sane on crm.line_item is 'Enter a quantity above 0 and up to 100,000.';
comment on constraint line_item_service_costs_nothing_less on crm.line_item is 'Enter a price of 0 or more.';
comment on constraint line_item_price_is_sane on crm.line_item is 'Enter a price of at most 1,000,000.';

-- A ledger line against an invoice. A refund is a negative one. Nothing is ever changed or removed.
create table crm.payment (
    business_id uuid not null default internal.current_business(),
    id uuid not null default uuidv7(),
    invoice_id uuid not null,
    amount_minor bigint not null,
    method text not null,
    paid_on date not null,
    reference text,
    member_id uuid default internal.current_member(),
    created_at timestamptz not null default internal.now(),
    constraint payment_pkey primary key (business_id, id),
    constraint payment_invoice_exists foreign key (business_id, invoice_id) references crm.invoice (business_id, id),
    constraint payment_member_exists foreign key (business_id, member_id) references crm.member (business_id, id),
    constraint payment_paid_on_is_sane check (internal.is_sane_date(paid_on)),
    constraint payment_is_not_nothing check (amount_minor <> 0 and abs(amount_minor) <= 1000000000000),
    constraint payment_method_is_known check (method in ('cash', 'check', 'bank_transfer', 'card_elsewhere', 'other')),
    constraint payment_reference_is_short check (internal.is_one_line(reference, 80))
);
create index payment_by_invoice on crm.payment (business_id, invoice_id, id);
comment on table crm.payment is 'A ledger line against an invoice; a refund is negative.';
comment on constraint payment_is_not_nothing on crm.payment is 'Enter an amount other than zero.';
comment on constraint payment_paid_on_is_sane on crm.payment is 'Choose a date between 1900 and 2200.';
comment on constraint payment_method_is_known on crm.payment is 'Choose how it was paid.';
comment on constraint payment_reference_is_short on crm.payment is 'The reference has at most 80 characters.';
