-- A repeating visit: local wall time, zone and rule. Its visits are tickets; each stands for one day of the rule.
-- A rule is never changed in place: another one is another series, which follows this one.
create table crm.series (
    business_id uuid not null default internal.current_business(),
    id uuid not null default uuidv7(),
    contact_id uuid not null,
    address_id uuid,
    follows_id uuid,
    first_on date not null,
    starts_at_wall time not null,
    minutes integer not null,
    time_zone text not null,
    every integer not null default 1,
    unit text not null,
    weekdays smallint[],
    monthly_by text,
    nth integer,
    until_on date,
    count integer,
    instructions text,
    arrival_minutes smallint,
    paused_from date,
    paused_until date,
    ended_on date,
    ended_at timestamptz,
    created_at timestamptz not null default internal.now(),
    updated_at timestamptz not null default internal.now(),
    constraint series_pkey primary key (business_id, id),
    constraint series_contact_exists foreign key (business_id, contact_id) references crm.contact (business_id, id),
    constraint series_address_is_the_contacts foreign key (business_id, contact_id, address_id)
        references crm.address (business_id, contact_id, id),
    constraint series_follows_exists foreign key (business_id, follows_id) references crm.series (business_id, id),
    constraint series_follows_once unique (business_id, follows_id),
    constraint series_first_on_is_sane check (internal.is_sane_date(first_on)),
    constraint series_starts_at_wall_is_a_minute check (starts_at_wall < time '24:00' and date_trunc('minute', starts_at_wall::interval) = starts_at_wall::interval),
    constraint series_minutes_are_sane check (minutes between 1 and 720),
    constraint series_time_zone_is_known check (internal.is_time_zone(time_zone)),
    constraint series_every_is_sane check (every between 1 and 365),
    constraint series_unit_is_known check (unit in ('week', 'day', 'month', 'year')),
    constraint series_monthly_by_is_known check (monthly_by in ('day', 'nth_weekday')),
    constraint series_weekdays_are_days check (weekdays <@ '{1,2,3,4,5,6,7}' and cardinality(weekdays) between 1 and 7),
    constraint series_rule_is_whole check ((case
        when unit = 'day' then num_nonnulls(weekdays, monthly_by, nth) = 0
        when unit = 'week' then weekdays is not null and num_nonnulls(monthly_by, nth) = 0
        when monthly_by = 'day' then weekdays is null and nth between 1 and 31
        else cardinality(weekdays) = 1 and nth in (1, 2, 3, 4, -1) end) is true),
    -- So that counting begins there, here and in other programs.
    constraint series_first_on_is_of_the_rule check (case
        when unit = 'day' then true
        when unit = 'week' then extract(isodow from first_on) = any (weekdays)
        when monthly_by = 'day' then extract(day from first_on)
            = least(nth, extract(day from date_trunc('month', first_on::timestamp) + interval '1 month - 1 day'))
        else extract(isodow from first_on) = weekdays[1] and case when nth > 0 then (extract(day from first_on)::integer + 6) / 7 = nth
            else extract(month from first_on + 7) <> extract(month from first_on) end end),
    constraint series_until_on_is_not_before_it_starts check (until_on >= first_on and internal.is_sane_date(until_on)),
    constraint series_count_is_sane check (count between 1 and 1000),
    constraint series_until_or_count check (num_nonnulls(until_on, count) < 2),
    constraint series_arrival_is_sane check (arrival_minutes between 0 and 480),
    constraint series_instructions_are_not_too_long check (internal.is_plain_text(instructions, 2000)),
    constraint series_paused_from_is_sane check (internal.is_sane_date(paused_from) and internal.is_sane_date(paused_until)),
    constraint series_paused_until_is_not_before_it_starts check (paused_until >= paused_from),
    constraint series_paused_says_from_when check (paused_until is null or paused_from is not null),
    constraint series_ended_on_is_sane check (internal.is_sane_date(ended_on)),
    constraint series_ended_says_when check ((ended_on is null) = (ended_at is null))
);
create index series_open on crm.series (business_id, id) where ended_at is null;
create index series_by_contact on crm.series (business_id, contact_id, id);
comment on table crm.series is 'A repeating visit: wall time, zone and rule. Its visits are tickets.';
comment on column crm.series.arrival_minutes is 'How long after the start of each of its visits the technician may arrive; null for as the business does.';
comment on column crm.series.follows_id is 'The series that this one goes on for, since its rule was changed.';
comment on column crm.series.first_on is 'The first day of the rule.';
comment on column crm.series.starts_at_wall is 'What the clock on the wall says when a visit starts, summer and winter.';
comment on column crm.series.time_zone is 'The zone of that wall: the business''s when the series was made.';
comment on column crm.series.every is 'Every so many of its unit.';
comment on column crm.series.weekdays is 'Monday is 1, Sunday 7. In weeks: the days of it. In months and years: the one weekday that nth counts.';
comment on column crm.series.monthly_by is 'In months and years: by the day of the month, or by the nth weekday.';
comment on column crm.series.nth is 'The day of the month, where a month that is shorter has its last; or the first to fourth weekday of the month, -1 the last.';
comment on column crm.series.until_on is 'The last day on which there may be a visit.';
comment on column crm.series.paused_from is 'From this day to paused_until, both included, or until further notice, there are no visits.';
comment on column crm.series.ended_on is 'From this day on there are no visits: it was ended, or another series goes on for it.';
comment on constraint series_address_is_the_contacts on crm.series is 'Choose one of this contact''s addresses.';
comment on constraint series_follows_once on crm.series is 'This series was changed meanwhile. Look at the one that goes on for it.';
comment on constraint series_first_on_is_sane on crm.series is 'Choose a date between 1900 and 2200.';
comment on constraint series_starts_at_wall_is_a_minute on crm.series is 'Enter the time in hours and minutes, such as 9:00.';
comment on constraint series_minutes_are_sane on crm.series is 'A repeating visit takes between 1 minute and 12 hours.';
comment on constraint series_time_zone_is_known on crm.series is 'Choose a time zone from the list, such as America/Chicago.';
comment on constraint series_every_is_sane on crm.series is 'Choose a number between 1 and 365.';
comment on constraint series_unit_is_known on crm.series is 'Choose days, weeks, months or years.';
comment on constraint series_monthly_by_is_known on crm.series is 'Choose the day of the month or the weekday.';
comment on constraint series_weekdays_are_days on crm.series is 'Choose at least one day of the week.';
comment on constraint series_rule_is_whole on crm.series is 'Say on which days: weekdays for weeks, a day or the first to fourth or last weekday for months and years.';
comment on constraint series_first_on_is_of_the_rule on crm.series is 'The first day must be one of the days on which it repeats.';
comment on constraint series_until_on_is_not_before_it_starts on crm.series is 'Choose a last day that is not before the first, up to the year 2200.';
comment on constraint series_count_is_sane on crm.series is 'Choose between 1 and 1,000 visits.';
comment on constraint series_until_or_count on crm.series is 'Choose a last day or a number of visits, not both.';
comment on constraint series_arrival_is_sane on crm.series is 'Customers can be told a span of at most 480 minutes to arrive in.';
comment on constraint series_instructions_are_not_too_long on crm.series is 'Instructions have at most 2,000 characters.';
comment on constraint series_paused_from_is_sane on crm.series is 'Choose dates between 1900 and 2200.';
comment on constraint series_paused_until_is_not_before_it_starts on crm.series is 'A pause ends on its first day or later.';
comment on constraint series_paused_says_from_when on crm.series is 'Say from which day on it pauses.';
comment on constraint series_ended_on_is_sane on crm.series is 'Choose a date between 1900 and 2200.';

-- Who goes, and what is done, at each visit.
create table crm.series_member (
    business_id uuid not null default internal.current_business(),
    id uuid not null default uuidv7(),
    series_id uuid not null,
    member_id uuid not null,
    constraint series_member_pkey primary key (business_id, id),
    constraint series_member_series_exists foreign key (business_id, series_id) references crm.series (business_id, id),
    constraint series_member_member_exists foreign key (business_id, member_id) references crm.member (business_id, id),
    constraint series_member_is_there_once unique (business_id, series_id, member_id)
);
comment on table crm.series_member is 'Who goes to the visits of a series.';
comment on constraint series_member_is_there_once on crm.series_member is 'Choose each technician once.';

create table crm.series_service (
    business_id uuid not null default internal.current_business(),
    id uuid not null default uuidv7(),
    series_id uuid not null,
    service_id uuid not null,
    position smallint not null,
    quantity numeric(10, 2) not null default 1,
    unit_price_minor bigint,
    constraint series_service_pkey primary key (business_id, id),
    constraint series_service_series_exists foreign key (business_id, series_id) references crm.series (business_id, id),
    constraint series_service_service_exists foreign key (business_id, service_id) references crm.service (business_id, id),
    constraint series_service_is_there_once unique (business_id, series_id, service_id),
    constraint series_service_position_is_one_of_60 check (position between 1 and 60),
    constraint series_service_quantity_is_sane check (quantity > 0 and quantity <= 100000),
    constraint series_service_price_is_sane check (unit_price_minor between 0 and 100000000)
);
comment on table crm.series_service is 'What is done at the visits of a series.';
comment on column crm.series_service.unit_price_minor is 'The price that was agreed; null for the catalogue''s on the day the visit is made.';
comment on constraint series_service_is_there_once on crm.series_service is 'Choose each service once.';
comment on constraint series_service_position_is_one_of_60 on crm.series_service is 'A visit has at most 60 lines of work.';
comment on constraint series_service_quantity_is_sane on crm.series_service is 'Enter a quantity above 0 and up to 100,000.';
comment on constraint series_service_price_is_sane on crm.series_service is 'Enter a price between 0 and 1,000,000.';

-- A day that is left out, whatever became of a visit on it.
create table crm.series_skip (
    business_id uuid not null default internal.current_business(),
    id uuid not null default uuidv7(),
    series_id uuid not null,
    occurrence_on date not null,
    constraint series_skip_pkey primary key (business_id, id),
    constraint series_skip_series_exists foreign key (business_id, series_id) references crm.series (business_id, id),
    constraint series_skip_is_there_once unique (business_id, series_id, occurrence_on),
    constraint series_skip_occurrence_on_is_sane check (internal.is_sane_date(occurrence_on))
);
comment on table crm.series_skip is 'A day of a series on which there is no visit.';
comment on constraint series_skip_is_there_once on crm.series_skip is 'This day is left out already.';
comment on constraint series_skip_occurrence_on_is_sane on crm.series_skip is 'Choose a date between 1900 and 2200.';

-- A visit of a series stands for one day of its rule, wherever it was moved to. Whom the series itself took back gives its day back.
alter table crm.ticket
    add column series_id uuid,
    add column occurrence_on date,
    add column moved_by_hand boolean not null default false,
    add constraint ticket_series_exists foreign key (business_id, series_id) references crm.series (business_id, id),
    add constraint ticket_occurrence_on_is_sane check (internal.is_sane_date(occurrence_on)),
    add constraint ticket_occurrence_is_of_a_series check (case when series_id is null then occurrence_on is null
        else occurrence_on is not null or status = 'cancelled' end),
    add constraint ticket_moved_by_hand_is_of_a_series check (series_id is not null or not moved_by_hand);
create unique index ticket_is_made_once_for_its_day on crm.ticket (business_id, series_id, occurrence_on) where series_id is not null;
comment on column crm.ticket.series_id is 'The series that made it.';
comment on column crm.ticket.occurrence_on is 'The day of the rule that it stands for; null once the series took it back.';
comment on column crm.ticket.moved_by_hand is 'Its time or technicians were changed by somebody: changes of the series leave it where it is.';
comment on index crm.ticket_is_made_once_for_its_day is 'There is a visit for this day of the series.';
comment on constraint ticket_occurrence_on_is_sane on crm.ticket is 'Choose a date between 1900 and 2200.';
comment on constraint ticket_occurrence_is_of_a_series on crm.ticket is 'An open visit of a series stands for one of its days.';
comment on constraint ticket_moved_by_hand_is_of_a_series on crm.ticket is 'Only a visit of a series is marked as moved by hand.';

-- What a change of a series does to one visit: what the preview shows is what is then carried out.
create type internal.series_step as (
    ticket_id uuid,
    occurrence_on date,
    becomes_on date,
    does text,
    by_hand boolean,
    starts_at timestamptz,
    ends_at timestamptz,
    new_starts_at timestamptz,
    new_ends_at timestamptz,
    why text,
    clash text
);
