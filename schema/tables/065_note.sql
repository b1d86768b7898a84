-- What somebody wrote down about a contact, or at one of their visits; it may be written after the visit was closed.
create table crm.note (
    business_id uuid not null default internal.current_business(),
    id uuid not null default uuidv7(),
    contact_id uuid not null,
    ticket_id uuid,
    body text not null,
    member_id uuid default internal.current_member(),
    edited_at timestamptz,
    created_at timestamptz not null default internal.now(),
    updated_at timestamptz not null default internal.now(),
    constraint note_pkey primary key (business_id, id),
    constraint note_contact_exists foreign key (business_id, contact_id) references crm.contact (business_id, id),
    constraint note_ticket_is_the_contacts foreign key (business_id, ticket_id, contact_id)
        references crm.ticket (business_id, id, contact_id) on update cascade,
    constraint note_written_by_a_member foreign key (business_id, member_id) references crm.member (business_id, id),
    constraint note_body_is_given check (body ~ '\S' and internal.is_plain_text(body, 4000))
);
create index note_by_contact on crm.note (business_id, contact_id, created_at desc);
create index note_by_ticket on crm.note (business_id, ticket_id) where ticket_id is not null;
comment on table crm.note is 'Free text about a contact or one of their visits, by whom and when. Earlier words are in the audit.';
comment on constraint note_body_is_given on crm.note is 'Write a note of at most 4,000 characters.';
comment on constraint note_ticket_is_the_contacts on crm.note is 'The visit must be one of this contact''s.';
