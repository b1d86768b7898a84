-- Photos and documents of a contact, or of one of their visits; added also after the visit was closed.
create table crm.file (
    business_id uuid not null default internal.current_business(),
    id uuid not null default uuidv7(),
    contact_id uuid not null,
    ticket_id uuid,
    kind text not null,
    name text not null,
    media_type text not null,
    bytes integer not null,
    width integer,
    height integer,
    kept_in text not null,
    member_id uuid default internal.current_member(),
    created_at timestamptz not null default internal.now(),
    constraint file_pkey primary key (business_id, id),
    constraint file_contact_exists foreign key (business_id, contact_id) references crm.contact (business_id, id),
    constraint file_ticket_is_the_contacts foreign key (business_id, ticket_id, contact_id)
        references crm.ticket (business_id, id, contact_id) on update cascade,
    constraint file_added_by_a_member foreign key (business_id, member_id) references crm.member (business_id, id),
    constraint file_kind_is_known check (kind in ('photo', 'document')),
    constraint file_media_type_is_its_kinds check (media_type = case kind when 'photo' then 'image/jpeg' else 'application/pdf' end),
    constraint file_name_is_given check (internal.is_one_line(name, 120)),
    constraint file_bytes_are_sane check (bytes between 1 and 10485760),
    constraint file_photo_has_its_size check ((kind = 'photo') = (width is not null and height is not null)),
    constraint file_kept_in_is_known check (kept_in in ('database', 'folder'))
);
create index file_by_contact on crm.file (business_id, contact_id, created_at desc);
create index file_by_ticket on crm.file (business_id, ticket_id) where ticket_id is not null;
comment on table crm.file is 'A photo or a document of a contact or a visit: what it is. Photos were made anew from what was sent, without what the camera wrote into them.';
comment on column crm.file.kept_in is 'Where its bytes are: in crm.file_content, or in the folder that CRM_FILES_FOLDER names, under the ids of the business and of the file.';
comment on constraint file_kind_is_known on crm.file is 'Send a photo or a PDF.';
comment on constraint file_media_type_is_its_kinds on crm.file is 'Photos are kept as JPEG, documents as PDF.';
comment on constraint file_name_is_given on crm.file is 'The name of a file has at most 120 characters.';
comment on constraint file_bytes_are_sane on crm.file is 'A file has at most 10 megabytes.';
comment on constraint file_photo_has_its_size on crm.file is 'A photo says how wide and how high it is.';
comment on constraint file_kept_in_is_known on crm.file is 'A file is kept in the database or in the folder.';

-- Apart, so that lists never read it. Nobody is granted it: api.file_content asks whether the file may be seen.
create table crm.file_content (
    business_id uuid not null default internal.current_business(),
    file_id uuid not null,
    content bytea,
    thumbnail bytea,
    constraint file_content_pkey primary key (business_id, file_id),
    constraint file_content_file_exists foreign key (business_id, file_id) references crm.file (business_id, id),
    constraint file_content_is_something check (content is not null or thumbnail is not null)
);
comment on table crm.file_content is 'The bytes of a file, and of its small picture for lists.';
comment on constraint file_content_is_something on crm.file_content is 'A row of bytes holds some.';
alter table crm.file_content alter column content set storage external, alter column thumbnail set storage external;
