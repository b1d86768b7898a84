-- One visit, booked or done: a ticket is the appointment.
create table crm.ticket (
    business_id uuid not null default internal.current_business(),
    id uuid not null default uuidv7(),
    contact_id uuid not null,
    address_id uuid,
    status text not null default 'scheduled',
    confirmation text not null default 'pending',
    starts_at timestamptz not null,
    ends_at timestamptz not null,
    busy_until timestamptz not null,
    arrival_minutes smallint not null,
    blocks_time boolean not null generated always as (status <> 'cancelled') stored,
    prices_include_tax boolean not null default false,
    instructions text,
    clocked_in_at timestamptz,
    clocked_out_at timestamptz,
    clock_reason text,
    note text,
    completed_at timestamptz,
    completed_by uuid,
    cancelled_at timestamptz,
    cancelled_by uuid,
    cancel_reason text,
    revision integer not null default 0,
    created_at timestamptz not null default internal.now(),
    updated_at timestamptz not null default internal.now(),
    constraint ticket_pkey primary key (business_id, id),
    constraint ticket_contact_exists foreign key (business_id, contact_id) references crm.contact (business_id, id),
    constraint ticket_address_is_the_contacts foreign key (business_id, contact_id, address_id)
        references crm.address (business_id, contact_id, id),
    constraint ticket_completed_by_a_member foreign key (business_id, completed_by) references crm.member (business_id, id),
    constraint ticket_cancelled_by_a_member foreign key (business_id, cancelled_by) references crm.member (business_id, id),
    constraint ticket_belongs_to_one_contact unique (business_id, id, contact_id),
    constraint ticket_times_are_one unique (business_id, id, contact_id, starts_at, busy_until, blocks_time),
    constraint ticket_status_is_known check (status in ('scheduled', 'in_progress', 'completed', 'cancelled')),
    constraint ticket_confirmation_is_known check (confirmation in ('pending', 'confirmed', 'declined', 'reschedule_requested')),
    constraint ticket_times_are_sane check (internal.is_sane_time(starts_at) and internal.is_sane_time(ends_at)),
    constraint ticket_clock_times_are_sane check (internal.is_sane_time(clocked_in_at) and internal.is_sane_time(clocked_out_at)),
    constraint ticket_ends_after_it_starts check (ends_at > starts_at),
    constraint ticket_lasts_a_day_at_most check (ends_at - starts_at <= interval '24 hours'),
    constraint ticket_buffer_follows_the_visit check (busy_until >= ends_at and busy_until - ends_at <= interval '4 hours'),
    constraint ticket_arrival_is_sane check (arrival_minutes between 0 and 480),
    constraint ticket_instructions_are_not_too_long check (internal.is_plain_text(instructions, 2000)),
    constraint ticket_note_is_not_too_long check (internal.is_plain_text(note, 4000)),
    constraint ticket_clock_out_after_clock_in check (clocked_out_at > clocked_in_at),
    constraint ticket_clock_out_needs_clock_in check (clocked_out_at is null or clocked_in_at is not null),
    constraint ticket_completed_has_a_finish check (status <> 'completed' or clocked_out_at is not null),
    constraint ticket_clock_reason_is_short check (internal.is_one_line(clock_reason, 300)),
    constraint ticket_under_way_is_clocked_in check (status <> 'in_progress' or clocked_in_at is not null),
    constraint ticket_completed_says_when_and_who check ((status = 'completed') = (completed_at is not null)
        and (completed_at is null) = (completed_by is null)),
    constraint ticket_cancelled_says_why check ((status = 'cancelled') = (cancelled_at is not null)
        and (cancelled_at is null) = (cancel_reason is null)),
    constraint ticket_cancel_reason_is_given check (internal.is_one_line(cancel_reason, 300)),
    constraint ticket_revision_counts_up check (revision >= 0)
);
create index ticket_by_start on crm.ticket (business_id, starts_at);
create index ticket_open on crm.ticket (business_id, starts_at) where status in ('scheduled', 'in_progress');
create index ticket_by_contact on crm.ticket (business_id, contact_id, starts_at desc);
create index ticket_by_address on crm.ticket (business_id, address_id) where address_id is not null;
comment on table crm.ticket is 'One visit, booked or done: a ticket is the appointment.';
comment on column crm.ticket.busy_until is 'The end and the travel buffer after it: what double booking is measured by.';
comment on column crm.ticket.arrival_minutes is 'How long after the start the technician may arrive, as the customer is told; 0 for on time. Of a new visit null is the business''s.';
comment on column crm.ticket.prices_include_tax is 'How its prices are meant: taken from the business when the visit is booked.';
comment on column crm.ticket.instructions is 'What the office wants the technician to know before the visit.';
comment on column crm.ticket.note is 'What was seen at the visit.';
comment on column crm.ticket.clock_reason is 'Why a clock time was typed rather than pressed.';
comment on column crm.ticket.revision is 'How often its time, place, state, answer or technicians have changed: calendars that have it take the higher one.';
comment on constraint ticket_address_is_the_contacts on crm.ticket is 'Choose one of this contact''s addresses.';
comment on constraint ticket_ends_after_it_starts on crm.ticket is 'The visit must end after it starts.';
comment on constraint ticket_lasts_a_day_at_most on crm.ticket is 'A visit lasts 24 hours at most.';
comment on constraint ticket_clock_times_are_sane on crm.ticket is 'Choose a time between 1900 and 2200.';
comment on constraint ticket_times_are_sane on crm.ticket is 'Choose a date between 1900 and 2200.';
comment on constraint ticket_arrival_is_sane on crm.ticket is 'Customers can be told a span of at most 480 minutes to arrive in.';
comment on constraint ticket_instructions_are_not_too_long on crm.ticket is 'Instructions have at most 2,000 characters.';
comment on constraint ticket_note_is_not_too_long on crm.ticket is 'A note has at most 4,000 characters.';
comment on constraint ticket_confirmation_is_known on crm.ticket is 'Choose confirmed, declined or asked for another time.';
comment on constraint ticket_clock_out_after_clock_in on crm.ticket is 'The finish must be after the start.';
comment on constraint ticket_completed_has_a_finish on crm.ticket is 'Say when the work was finished.';
comment on constraint ticket_clock_reason_is_short on crm.ticket is 'The reason has at most 300 characters on one line.';
comment on constraint ticket_cancel_reason_is_given on crm.ticket is 'Say why the visit is cancelled, in at most 300 characters.';
comment on constraint ticket_revision_counts_up on crm.ticket is 'The changes of a visit are counted by themselves: leave this number as it is.';

alter table crm.attribute add constraint attribute_ticket_exists
    foreign key (business_id, ticket_id) references crm.ticket (business_id, id);

-- A technician on a visit. Contact and times are the ticket's own: the foreign key keeps them equal and
-- carries every move along. So the exclusion constraint can stand here, on one technician, and what a
-- technician may see of a contact is asked of this table alone.
create table crm.assignment (
    business_id uuid not null default internal.current_business(),
    ticket_id uuid not null,
    member_id uuid not null,
    contact_id uuid not null,
    starts_at timestamptz not null,
    busy_until timestamptz not null,
    blocks_time boolean not null,
    book_anyway_reason text,
    out_of_hours_reason text,
    clocked_in_at timestamptz,
    clocked_out_at timestamptz,
    created_at timestamptz not null default internal.now(),
    constraint assignment_pkey primary key (business_id, ticket_id, member_id),
    constraint assignment_times_are_the_tickets foreign key (business_id, ticket_id, contact_id, starts_at, busy_until, blocks_time)
        references crm.ticket (business_id, id, contact_id, starts_at, busy_until, blocks_time) on update cascade,
    constraint assignment_member_exists foreign key (business_id, member_id) references crm.member (business_id, id),
    constraint assignment_book_anyway_reason_is_given check (internal.is_one_line(book_anyway_reason, 300)),
    constraint assignment_out_of_hours_reason_is_short check (internal.is_one_line(out_of_hours_reason, 300)),
    constraint assignment_clock_times_are_sane check (internal.is_sane_time(clocked_in_at) and internal.is_sane_time(clocked_out_at)),
    constraint assignment_clock_out_after_clock_in check (clocked_out_at > clocked_in_at),
    constraint assignment_clock_out_needs_clock_in check (clocked_out_at is null or clocked_in_at is not null),
    constraint assignment_is_not_double_booked exclude using gist (
        business_id extensions.gist_uuid_ops with =,
        member_id extensions.gist_uuid_ops with =,
        tstzrange(starts_at, busy_until) with &&
    ) where (blocks_time and book_anyway_reason is null)
);
create index assignment_by_member on crm.assignment (business_id, member_id, starts_at) include (contact_id);
-- A member is of one business: without being told, the planner takes a technician's visits for a handful.
create statistics crm.assignment_member_is_of_one_business (dependencies) on business_id, member_id from crm.assignment;
create index assignment_by_contact on crm.assignment (business_id, contact_id, member_id, starts_at);
comment on table crm.assignment is 'A technician on a visit. Double booking is refused here.';
comment on column crm.assignment.book_anyway_reason is 'Why the office booked over another visit; such a row stands outside the exclusion constraint.';
comment on column crm.assignment.out_of_hours_reason is 'Why the office booked when the technician is not at work. Such a row is as much inside the exclusion constraint as any.';
comment on column crm.assignment.clocked_in_at is 'When this technician began; of the visit it is when the first of them did.';
comment on constraint assignment_clock_times_are_sane on crm.assignment is 'Choose a time between 1900 and 2200.';
comment on constraint assignment_clock_out_after_clock_in on crm.assignment is 'The finish must be after the start.';
comment on constraint assignment_clock_out_needs_clock_in on crm.assignment is 'Whoever has not started cannot have finished.';
comment on constraint assignment_out_of_hours_reason_is_short on crm.assignment is 'Say in at most 300 characters why this is booked anyway.';
comment on constraint assignment_is_not_double_booked on crm.assignment is 'This technician already has a visit at that time.';
comment on constraint assignment_book_anyway_reason_is_given on crm.assignment is 'Say in at most 300 characters why this is booked anyway.';
