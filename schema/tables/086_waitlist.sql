-- Who would come if there were time: for what, where and when. With a visit it is one that would come sooner; then the
-- visit says what, where and how long, and a claim moves it.
create table crm.waitlist_entry (
    business_id uuid not null default internal.current_business(),
    id uuid not null default uuidv7(),
    contact_id uuid not null,
    address_id uuid,
    ticket_id uuid,
    member_id uuid,
    minutes integer,
    from_on date not null,
    until_on date,
    weekdays smallint[],
    day_part text not null default 'any',
    note text,
    status text not null default 'waiting',
    booked_ticket_id uuid,
    ended_at timestamptz,
    ended_by uuid,
    end_reason text,
    created_at timestamptz not null default internal.now(),
    updated_at timestamptz not null default internal.now(),
    constraint waitlist_entry_pkey primary key (business_id, id),
    constraint waitlist_entry_contact_exists foreign key (business_id, contact_id) references crm.contact (business_id, id),
    constraint waitlist_entry_address_is_the_contacts foreign key (business_id, contact_id, address_id)
        references crm.address (business_id, contact_id, id),
    constraint waitlist_entry_visit_is_the_contacts foreign key (business_id, ticket_id, contact_id)
        references crm.ticket (business_id, id, contact_id) on update cascade,
    constraint waitlist_entry_member_exists foreign key (business_id, member_id) references crm.member (business_id, id),
    constraint waitlist_entry_booked_ticket_exists foreign key (business_id, booked_ticket_id) references crm.ticket (business_id, id),
    constraint waitlist_entry_ended_by_a_member foreign key (business_id, ended_by) references crm.member (business_id, id),
    constraint waitlist_entry_visit_says_the_rest check (ticket_id is null or num_nonnulls(address_id, minutes) = 0),
    constraint waitlist_entry_minutes_are_sane check (minutes between 1 and 1440),
    constraint waitlist_entry_from_on_is_sane check (internal.is_sane_date(from_on)),
    constraint waitlist_entry_until_on_is_not_before_from_on check (until_on >= from_on and internal.is_sane_date(until_on)),
    constraint waitlist_entry_weekdays_are_days check (weekdays <@ '{1,2,3,4,5,6,7}' and cardinality(weekdays) between 1 and 7),
    constraint waitlist_entry_day_part_is_known check (day_part in ('any', 'morning', 'afternoon')),
    constraint waitlist_entry_note_is_not_too_long check (internal.is_plain_text(note, 1000)),
    constraint waitlist_entry_status_is_known check (status in ('waiting', 'booked', 'ended')),
    constraint waitlist_entry_ended_says_when check ((status = 'waiting') = (ended_at is null)),
    constraint waitlist_entry_ended_says_why check ((status = 'ended') = (end_reason is not null)),
    constraint waitlist_entry_booked_names_its_visit check ((status = 'booked') = (booked_ticket_id is not null)),
    constraint waitlist_entry_end_reason_is_given check (internal.is_one_line(end_reason, 300))
);
create index waitlist_entry_waiting on crm.waitlist_entry (business_id, from_on, id) where status = 'waiting';
create index waitlist_entry_by_contact on crm.waitlist_entry (business_id, contact_id);
create unique index waitlist_entry_waits_once_for_a_visit on crm.waitlist_entry (business_id, ticket_id) where ticket_id is not null and status = 'waiting';
comment on table crm.waitlist_entry is 'Somebody who waits for a time: for what, where, when. It ends when they are booked, when its last day is past, or by hand.';
comment on column crm.waitlist_entry.ticket_id is 'The visit that would come sooner: a claim moves it.';
comment on column crm.waitlist_entry.member_id is 'The technician that they want; null for anyone.';
comment on column crm.waitlist_entry.minutes is 'How long it takes; null for as long as the services, or the visit.';
comment on column crm.waitlist_entry.weekdays is '1 Monday to 7 Sunday; null for any day.';
comment on column crm.waitlist_entry.day_part is 'When the visit may begin: before noon, from noon on, or at any time.';
comment on column crm.waitlist_entry.booked_ticket_id is 'The visit that came of it.';
comment on constraint waitlist_entry_address_is_the_contacts on crm.waitlist_entry is 'Choose one of this contact''s addresses.';
comment on constraint waitlist_entry_visit_is_the_contacts on crm.waitlist_entry is 'The visit must be one of this contact''s.';
comment on constraint waitlist_entry_visit_says_the_rest on crm.waitlist_entry is 'Where and how long is said on the visit: change it there.';
comment on constraint waitlist_entry_minutes_are_sane on crm.waitlist_entry is 'A visit takes between 1 minute and 24 hours.';
comment on constraint waitlist_entry_from_on_is_sane on crm.waitlist_entry is 'Choose a date between 1900 and 2200.';
comment on constraint waitlist_entry_until_on_is_not_before_from_on on crm.waitlist_entry is 'Choose a last day that is not before the first, up to the year 2200.';
comment on constraint waitlist_entry_weekdays_are_days on crm.waitlist_entry is 'Choose days from Monday to Sunday, or none for any day.';
comment on constraint waitlist_entry_day_part_is_known on crm.waitlist_entry is 'Choose mornings, afternoons or any time.';
comment on constraint waitlist_entry_note_is_not_too_long on crm.waitlist_entry is 'A note has at most 1,000 characters.';
comment on constraint waitlist_entry_booked_names_its_visit on crm.waitlist_entry is 'Whoever is booked has a visit.';
comment on constraint waitlist_entry_end_reason_is_given on crm.waitlist_entry is 'Say why they wait no longer, in at most 300 characters.';
comment on index crm.waitlist_entry_waits_once_for_a_visit is 'This visit is on the waitlist already.';

-- What they wait for; with a visit its own lines say that.
create table crm.waitlist_entry_service (
    business_id uuid not null default internal.current_business(),
    id uuid not null default uuidv7(),
    waitlist_entry_id uuid not null,
    service_id uuid not null,
    position smallint not null,
    constraint waitlist_entry_service_pkey primary key (business_id, id),
    constraint waitlist_entry_service_entry_exists foreign key (business_id, waitlist_entry_id) references crm.waitlist_entry (business_id, id),
    constraint waitlist_entry_service_service_exists foreign key (business_id, service_id) references crm.service (business_id, id),
    constraint waitlist_entry_service_is_there_once unique (business_id, waitlist_entry_id, service_id),
    constraint waitlist_entry_service_position_is_one_of_60 check (position between 1 and 60)
);
comment on table crm.waitlist_entry_service is 'What somebody on the waitlist waits for.';
comment on constraint waitlist_entry_service_is_there_once on crm.waitlist_entry_service is 'Choose each service once.';
comment on constraint waitlist_entry_service_position_is_one_of_60 on crm.waitlist_entry_service is 'A visit has at most 60 lines of work.';

-- A time that became free. Whether it still is, and how much of it, is asked of the visits each time: this row only remembers.
create table crm.freed_slot (
    business_id uuid not null default internal.current_business(),
    id uuid not null default uuidv7(),
    member_id uuid not null,
    ticket_id uuid,
    starts_at timestamptz not null,
    ends_at timestamptz not null,
    offers_next boolean not null default true,
    created_at timestamptz not null default internal.now(),
    updated_at timestamptz not null default internal.now(),
    constraint freed_slot_pkey primary key (business_id, id),
    constraint freed_slot_member_exists foreign key (business_id, member_id) references crm.member (business_id, id),
    constraint freed_slot_ticket_exists foreign key (business_id, ticket_id) references crm.ticket (business_id, id),
    constraint freed_slot_belongs_to_one_member unique (business_id, id, member_id),
    constraint freed_slot_is_kept_once unique (business_id, member_id, starts_at, ends_at),
    constraint freed_slot_times_are_sane check (internal.is_sane_time(starts_at) and internal.is_sane_time(ends_at)),
    constraint freed_slot_ends_after_it_starts check (ends_at > starts_at)
);
create index freed_slot_ahead on crm.freed_slot (business_id, ends_at);
create index freed_slot_by_ticket on crm.freed_slot (business_id, ticket_id) where ticket_id is not null;
comment on table crm.freed_slot is 'A time of a technician that became free because a visit was cancelled, moved or given to somebody else.';
comment on column crm.freed_slot.ticket_id is 'The visit that had it.';
comment on column crm.freed_slot.offers_next is 'Whether it is offered to the next who fits when somebody declines or says nothing.';
comment on constraint freed_slot_belongs_to_one_member on crm.freed_slot is 'A freed time is one technician''s.';
comment on constraint freed_slot_is_kept_once on crm.freed_slot is 'This freed time is kept already.';
comment on constraint freed_slot_times_are_sane on crm.freed_slot is 'Choose a time between 1900 and 2200.';
comment on constraint freed_slot_ends_after_it_starts on crm.freed_slot is 'A freed time must end after it starts.';

-- A time that is offered to one customer. While it is live, nobody else is offered it or booked then.
create table crm.waitlist_offer (
    business_id uuid not null default internal.current_business(),
    id uuid not null default uuidv7(),
    freed_slot_id uuid not null,
    waitlist_entry_id uuid not null,
    member_id uuid not null,
    message_id uuid,
    ticket_id uuid,
    starts_at timestamptz not null,
    ends_at timestamptz not null,
    busy_until timestamptz not null,
    status text not null default 'planned',
    held_until timestamptz,
    ended_at timestamptz,
    end_reason text,
    created_at timestamptz not null default internal.now(),
    updated_at timestamptz not null default internal.now(),
    constraint waitlist_offer_pkey primary key (business_id, id),
    constraint waitlist_offer_slot_is_the_members foreign key (business_id, freed_slot_id, member_id)
        references crm.freed_slot (business_id, id, member_id),
    constraint waitlist_offer_entry_exists foreign key (business_id, waitlist_entry_id) references crm.waitlist_entry (business_id, id),
    constraint waitlist_offer_message_exists foreign key (business_id, message_id) references crm.message (business_id, id),
    constraint waitlist_offer_ticket_exists foreign key (business_id, ticket_id) references crm.ticket (business_id, id),
    constraint waitlist_offer_times_are_sane check (internal.is_sane_time(starts_at) and internal.is_sane_time(ends_at)
        and internal.is_sane_time(busy_until) and internal.is_sane_time(held_until)),
    constraint waitlist_offer_ends_after_it_starts check (ends_at > starts_at and busy_until >= ends_at),
    constraint waitlist_offer_status_is_known check (status in ('planned', 'held', 'claimed', 'declined', 'run_out', 'withdrawn')),
    constraint waitlist_offer_held_says_until_when check (status <> 'held' or held_until is not null),
    constraint waitlist_offer_planned_is_not_held_yet check (status <> 'planned' or held_until is null),
    constraint waitlist_offer_ended_says_when check ((status in ('planned', 'held')) = (ended_at is null)),
    constraint waitlist_offer_claimed_names_its_visit check ((status = 'claimed') = (ticket_id is not null)),
    constraint waitlist_offer_end_reason_is_short check (internal.is_one_line(end_reason, 300)),
    constraint waitlist_offer_time_is_offered_once exclude using gist (
        business_id extensions.gist_uuid_ops with =,
        member_id extensions.gist_uuid_ops with =,
        tstzrange(starts_at, busy_until) with &&
    ) where (status in ('planned', 'held'))
);
create unique index waitlist_offer_is_the_slots_only_one on crm.waitlist_offer (business_id, freed_slot_id) where status in ('planned', 'held');
create unique index waitlist_offer_is_the_entrys_only_one on crm.waitlist_offer (business_id, waitlist_entry_id) where status in ('planned', 'held');
create index waitlist_offer_live on crm.waitlist_offer (business_id, member_id, starts_at) where status in ('planned', 'held');
create index waitlist_offer_by_slot on crm.waitlist_offer (business_id, freed_slot_id);
create index waitlist_offer_by_entry on crm.waitlist_offer (business_id, waitlist_entry_id);
create index waitlist_offer_by_message on crm.waitlist_offer (business_id, message_id) where message_id is not null;
comment on table crm.waitlist_offer is 'A freed time that is offered to one customer of the waitlist, and what became of it.';
comment on column crm.waitlist_offer.busy_until is 'Until when the technician would be busy, travel included: that is what is held.';
comment on column crm.waitlist_offer.held_until is 'Until when it is held: twenty minutes from when the mail was sent. None while the mail waits.';
comment on column crm.waitlist_offer.ticket_id is 'The visit that was booked or moved by the claim.';
comment on column crm.waitlist_offer.end_reason is 'Why it was withdrawn.';
comment on constraint waitlist_offer_slot_is_the_members on crm.waitlist_offer is 'An offer is of a freed time of that technician.';
comment on constraint waitlist_offer_times_are_sane on crm.waitlist_offer is 'Choose a time between 1900 and 2200.';
comment on constraint waitlist_offer_ends_after_it_starts on crm.waitlist_offer is 'The time that is offered must end after it starts.';
comment on constraint waitlist_offer_held_says_until_when on crm.waitlist_offer is 'What is held is held until some time.';
comment on constraint waitlist_offer_planned_is_not_held_yet on crm.waitlist_offer is 'A time is held from when the mail of its offer was sent.';
comment on constraint waitlist_offer_claimed_names_its_visit on crm.waitlist_offer is 'A claim names the visit that came of it.';
comment on constraint waitlist_offer_end_reason_is_short on crm.waitlist_offer is 'A reason has at most 300 characters on one line.';
comment on constraint waitlist_offer_time_is_offered_once on crm.waitlist_offer is 'This time is offered to somebody else already.';
comment on index crm.waitlist_offer_is_the_slots_only_one is 'This time is offered to somebody already.';
comment on index crm.waitlist_offer_is_the_entrys_only_one is 'They have an offer already: wait for their answer, or stop it.';

-- The link of such a mail leads to the offer.
alter table crm.ticket_link
    add column waitlist_offer_id uuid,
    add constraint ticket_link_offer_exists foreign key (business_id, waitlist_offer_id) references crm.waitlist_offer (business_id, id),
    add constraint ticket_link_leads_to_one_thing check (num_nonnulls(ticket_id, waitlist_offer_id) < 2);
create index ticket_link_by_offer on crm.ticket_link (business_id, waitlist_offer_id) where waitlist_offer_id is not null;
comment on column crm.ticket_link.waitlist_offer_id is 'The offer of the waitlist that it shows and answers.';
