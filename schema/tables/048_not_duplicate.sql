-- Two contacts that look like one and are not, as somebody said: they are not asked about again.
create table crm.not_duplicate (
    business_id uuid not null default internal.current_business(),
    contact_id uuid not null,
    other_id uuid not null,
    member_id uuid default internal.current_member(),
    created_at timestamptz not null default internal.now(),
    constraint not_duplicate_pkey primary key (business_id, contact_id, other_id),
    constraint not_duplicate_contact_exists foreign key (business_id, contact_id) references crm.contact (business_id, id),
    constraint not_duplicate_other_exists foreign key (business_id, other_id) references crm.contact (business_id, id),
    constraint not_duplicate_said_by_a_member foreign key (business_id, member_id) references crm.member (business_id, id),
    constraint not_duplicate_is_of_two check (contact_id < other_id)
);
comment on table crm.not_duplicate is 'Two contacts that are not the same, although they look like it. Each pair once, the lower id first.';
comment on constraint not_duplicate_is_of_two on crm.not_duplicate is 'Choose two contacts: nobody is another than themselves.';
