-- An account is a person's sign-in and belongs to no business; it is an e-mail address, nothing more.
create table crm.account (
    account_id uuid not null default gen_random_uuid(),
    email text not null,
    created_at timestamptz not null default internal.now(),
    constraint account_pkey primary key (account_id),
    constraint account_email_is_unique unique (email),
    constraint account_email_is_an_address check (internal.is_email(email))
);
comment on table crm.account is 'A person''s sign-in (an e-mail address). Global: no role reads it, functions do.';
comment on constraint account_email_is_an_address on crm.account is 'Enter one e-mail address, such as name@example.com.';

create table crm.member (
    business_id uuid not null default internal.current_business(),
    id uuid not null default uuidv7(),
    account_id uuid not null,
    name text not null,
    email text not null,
    role text not null,
    joined_at timestamptz,
    disabled_at timestamptz,
    created_at timestamptz not null default internal.now(),
    updated_at timestamptz not null default internal.now(),
    constraint member_pkey primary key (business_id, id),
    constraint member_business_exists foreign key (business_id) references crm.business (business_id),
    constraint member_account_exists foreign key (account_id) references crm.account (account_id),
    constraint member_is_in_a_business_once unique (business_id, account_id),
    constraint member_name_is_given check (internal.is_one_line(name, 80)),
    constraint member_name_is_no_link check (name !~* '://|www\.'),
    constraint member_email_is_an_address check (internal.is_email(email)),
    constraint member_role_is_known check (role in ('owner', 'office', 'technician'))
);
comment on table crm.member is 'An account''s place in a business, with one role.';
comment on column crm.member.email is 'The account''s address, repeated so that a colleague''s row can be shown without opening accounts.';
comment on constraint member_name_is_given on crm.member is 'Enter a name of at most 80 characters.';
comment on constraint member_name_is_no_link on crm.member is 'Enter a name: it is written into mails, so it may hold no link.';
comment on constraint member_email_is_an_address on crm.member is 'Enter one e-mail address, such as name@example.com.';
comment on constraint member_role_is_known on crm.member is 'Choose owner, office or technician.';
comment on constraint member_is_in_a_business_once on crm.member is 'This address already belongs to somebody in your business.';

-- At sign-in nobody's business is known yet. This index of ids stands outside the wall; no role reads
-- it, a trigger on crm.member keeps it, and only the sign-in functions open it.
create table internal.membership (
    account_id uuid not null,
    business_id uuid not null,
    member_id uuid not null,
    role text not null,
    active boolean not null,
    joined boolean not null default false,
    since timestamptz not null default internal.now(),
    constraint membership_pkey primary key (account_id, business_id),
    constraint membership_is_one_for_a_member unique (business_id, member_id),
    constraint membership_member_exists foreign key (business_id, member_id)
        references crm.member (business_id, id) on delete cascade
);
comment on table internal.membership is 'Which businesses an account may enter: ids only, kept by a trigger on crm.member.';
