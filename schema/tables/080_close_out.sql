-- The answers of a close-out as they are given, so that it can be left and taken up on another phone.
create table crm.close_out (
    business_id uuid not null default internal.current_business(),
    ticket_id uuid not null,
    work_answered_at timestamptz,
    note_answered_at timestamptz,
    next_answered_at timestamptz,
    follow_up text,
    follow_up_months smallint,
    follow_up_starts_at timestamptz,
    updated_at timestamptz not null default internal.now(),
    constraint close_out_pkey primary key (business_id, ticket_id),
    constraint close_out_ticket_exists foreign key (business_id, ticket_id) references crm.ticket (business_id, id),
    constraint close_out_follow_up_is_known check (follow_up in ('visit', 'message', 'none')),
    constraint close_out_message_says_when check ((follow_up_months is not null) = (coalesce(follow_up, '') = 'message')),
    constraint close_out_months_are_sane check (follow_up_months between 1 and 36),
    constraint close_out_visit_says_when check ((follow_up_starts_at is not null) = (coalesce(follow_up, '') = 'visit')),
    constraint close_out_follow_up_starts_at_is_sane check (internal.is_sane_time(follow_up_starts_at)),
    constraint close_out_next_is_a_choice check ((next_answered_at is not null) = (follow_up is not null))
);
comment on table crm.close_out is 'The answers of a close-out so far; frozen with its ticket.';
comment on constraint close_out_follow_up_is_known on crm.close_out is 'Choose what happens next: a visit, a message, or nothing.';
comment on constraint close_out_message_says_when on crm.close_out is 'Say in how many months to reach out.';
comment on constraint close_out_months_are_sane on crm.close_out is 'Choose between 1 and 36 months.';
comment on constraint close_out_follow_up_starts_at_is_sane on crm.close_out is 'Choose a date between 1900 and 2200.';
comment on constraint close_out_visit_says_when on crm.close_out is 'Choose a date and time for the next visit.';

-- A required step that could not be done, and why.
create table crm.gap (
    business_id uuid not null default internal.current_business(),
    ticket_id uuid not null,
    step text not null,
    reason text not null,
    member_id uuid default internal.current_member(),
    created_at timestamptz not null default internal.now(),
    constraint gap_pkey primary key (business_id, ticket_id, step),
    constraint gap_ticket_exists foreign key (business_id, ticket_id) references crm.ticket (business_id, id),
    constraint gap_member_exists foreign key (business_id, member_id) references crm.member (business_id, id),
    constraint gap_step_is_known check (step in ('work', 'note', 'next')),
    constraint gap_reason_is_given check (internal.is_one_line(reason, 300))
);
comment on table crm.gap is 'A close-out step answered with "can''t do this, because…": the visit closes with a gap and the owner gets a task.';
comment on constraint gap_step_is_known on crm.gap is 'The step is work, note or next.';
comment on constraint gap_reason_is_given on crm.gap is 'Say why this can''t be done, in at most 300 characters.';

-- A fact read out of a note, waiting for a thumb. Its words are checked against the note.
create table crm.proposal (
    business_id uuid not null default internal.current_business(),
    id uuid not null default uuidv7(),
    ticket_id uuid not null,
    key text not null,
    value text not null,
    words text not null,
    starts_at_char integer not null,
    old_value text,
    decision text not null default 'pending',
    created_at timestamptz not null default internal.now(),
    constraint proposal_pkey primary key (business_id, id),
    constraint proposal_ticket_exists foreign key (business_id, ticket_id) references crm.ticket (business_id, id),
    constraint proposal_is_made_once unique (business_id, ticket_id, key),
    constraint proposal_key_is_a_word check (key ~ '^[a-z][a-z0-9 ]{0,39}$' and key = btrim(key)),
    constraint proposal_value_is_given check (internal.is_one_line(value, 300)),
    constraint proposal_words_are_given check (length(words) between 1 and 300),
    constraint proposal_starts_in_the_note check (starts_at_char >= 0),
    constraint proposal_decision_is_known check (decision in ('pending', 'accepted', 'rejected'))
);
comment on table crm.proposal is 'A fact proposed from a note, with the exact words it came from; accepted, edited or rejected at close-out.';
comment on column crm.proposal.starts_at_char is 'Where the words start in the note, in characters from 0.';
comment on constraint proposal_key_is_a_word on crm.proposal is 'A fact''s name has 1 to 40 small letters, digits or spaces, such as "pet" or "gate code".';
comment on constraint proposal_words_are_given on crm.proposal is 'A proposal quotes 1 to 300 characters of the note.';
comment on constraint proposal_starts_in_the_note on crm.proposal is 'The words start at a character of the note, counted from 0.';
comment on constraint proposal_decision_is_known on crm.proposal is 'Accept, edit or reject the proposal.';
comment on constraint proposal_value_is_given on crm.proposal is 'Enter what is true, at most 300 characters on one line.';

-- Something a person has to look at.
create table crm.task (
    business_id uuid not null default internal.current_business(),
    id uuid not null default uuidv7(),
    title text not null,
    detail text,
    ticket_id uuid,
    contact_id uuid,
    done_at timestamptz,
    done_by uuid,
    created_at timestamptz not null default internal.now(),
    updated_at timestamptz not null default internal.now(),
    constraint task_pkey primary key (business_id, id),
    constraint task_business_exists foreign key (business_id) references crm.business (business_id),
    constraint task_ticket_exists foreign key (business_id, ticket_id) references crm.ticket (business_id, id),
    constraint task_contact_exists foreign key (business_id, contact_id) references crm.contact (business_id, id),
    constraint task_done_by_a_member foreign key (business_id, done_by) references crm.member (business_id, id),
    constraint task_title_is_given check (internal.is_one_line(title, 160)),
    constraint task_detail_is_not_too_long check (internal.is_plain_text(detail, 1000)),
    constraint task_done_says_who check ((done_at is null) = (done_by is null))
);
create index task_open on crm.task (business_id, id) where done_at is null;
create index task_by_contact on crm.task (business_id, contact_id) where contact_id is not null;
comment on table crm.task is 'Something the owner has to look at, such as a visit closed with a gap.';

-- A planned e-mail: what, to whom, when and why, long before it is sent.
create table crm.message (
    business_id uuid not null default internal.current_business(),
    id uuid not null default uuidv7(),
    contact_id uuid not null,
    ticket_id uuid,
    kind text not null,
    status text not null default 'pending',
    send_at timestamptz not null,
    reason text not null,
    ticket_starts_at timestamptz,
    asked smallint not null default 1,
    subject text,
    body text,
    last_error text,
    sent_at timestamptz,
    cancelled_at timestamptz,
    cancel_reason text,
    created_at timestamptz not null default internal.now(),
    updated_at timestamptz not null default internal.now(),
    constraint message_pkey primary key (business_id, id),
    constraint message_contact_exists foreign key (business_id, contact_id) references crm.contact (business_id, id),
    constraint message_ticket_exists foreign key (business_id, ticket_id) references crm.ticket (business_id, id),
    constraint message_kind_is_known check (kind in ('outreach', 'confirmation', 'confirmation_follow_up', 'reminder', 'cancellation', 'on_my_way', 'waitlist_offer')),
    constraint message_about_a_visit_names_it check (kind in ('outreach', 'waitlist_offer') or ticket_id is not null),
    constraint message_ticket_starts_at_is_sane check (internal.is_sane_time(ticket_starts_at)),
    constraint message_of_a_visit_says_when_it_is check ((ticket_id is null) = (ticket_starts_at is null)),
    constraint message_asked_counts_up check (asked > 0),
    constraint message_subject_is_one_line check (internal.is_one_line(subject, 250)),
    constraint message_body_is_not_too_long check (internal.is_plain_text(body, 8000)),
    constraint message_last_error_is_short check (internal.is_plain_text(last_error, 500)),
    constraint message_sent_says_when check (sent_at is null or status = 'sent'),
    constraint message_cancel_reason_is_given check (internal.is_one_line(cancel_reason, 300) and (cancel_reason is null or status = 'cancelled')),
    constraint message_status_is_known check (status in ('pending', 'sending', 'sent', 'failed', 'cancelled')),
    constraint message_send_time_is_sane check (internal.is_sane_time(send_at)),
    constraint message_reason_is_given check (internal.is_one_line(reason, 300)),
    constraint message_cancelled_says_when check ((status = 'cancelled') = (cancelled_at is not null))
);
create index message_by_contact on crm.message (business_id, contact_id, send_at);
create unique index message_is_planned_once on crm.message (business_id, ticket_id, kind, ticket_starts_at, asked) where status <> 'cancelled';
create index message_waiting on crm.message (business_id, send_at, id) where status in ('pending', 'sending', 'failed');
comment on table crm.message is 'A planned e-mail with its reason. Its words are made when it is shown or sent, and kept once it was sent.';
comment on column crm.message.ticket_starts_at is 'The time of the visit that it speaks of: it moves with the visit until it is sent.';
comment on column crm.message.asked is 'The how manieth asking for an answer: each one may be made once for a time of a visit.';
comment on column crm.message.body is 'What was sent, without the words of its link.';
comment on index crm.message_is_planned_once is 'That mail is planned already, or was sent.';
