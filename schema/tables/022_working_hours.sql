-- When somebody works, by the day of the week. Without a member they are everybody's who has none of their own.
create table crm.working_hours (
    business_id uuid not null default internal.current_business(),
    id uuid not null default uuidv7(),
    member_id uuid,
    weekday smallint not null,
    starts_at time not null,
    ends_at time not null,
    created_at timestamptz not null default internal.now(),
    updated_at timestamptz not null default internal.now(),
    constraint working_hours_pkey primary key (business_id, id),
    constraint working_hours_business_exists foreign key (business_id) references crm.business (business_id),
    constraint working_hours_member_exists foreign key (business_id, member_id) references crm.member (business_id, id),
    constraint working_hours_are_said_once_a_day unique nulls not distinct (business_id, member_id, weekday),
    constraint working_hours_weekday_is_known check (weekday between 1 and 7),
    constraint working_hours_end_after_they_start check (ends_at > starts_at),
    constraint working_hours_end_before_midnight check (ends_at < time '24:00')
);
comment on table crm.working_hours is 'When somebody works, by the day of the week, in the business''s own time.';
comment on column crm.working_hours.member_id is 'Whose they are; null for everybody who has none of their own.';
comment on column crm.working_hours.weekday is '1 Monday to 7 Sunday. A day that is not there is a day off.';
comment on constraint working_hours_are_said_once_a_day on crm.working_hours is 'A day has one beginning and one end.';
comment on constraint working_hours_weekday_is_known on crm.working_hours is 'Choose a day from Monday to Sunday.';
comment on constraint working_hours_end_before_midnight on crm.working_hours is 'A day ends at 23:59 at the latest.';
comment on constraint working_hours_end_after_they_start on crm.working_hours is 'The day must end after it starts.';

-- A vacation, an hour at the dentist's; without a member a holiday of the whole business.
create table crm.time_off (
    business_id uuid not null default internal.current_business(),
    id uuid not null default uuidv7(),
    member_id uuid,
    starts_at timestamptz not null,
    ends_at timestamptz not null,
    reason text,
    created_at timestamptz not null default internal.now(),
    updated_at timestamptz not null default internal.now(),
    constraint time_off_pkey primary key (business_id, id),
    constraint time_off_business_exists foreign key (business_id) references crm.business (business_id),
    constraint time_off_member_exists foreign key (business_id, member_id) references crm.member (business_id, id),
    constraint time_off_times_are_sane check (internal.is_sane_time(starts_at) and internal.is_sane_time(ends_at)),
    constraint time_off_ends_after_it_starts check (ends_at > starts_at),
    constraint time_off_lasts_a_year_at_most check (ends_at - starts_at <= interval '370 days'),
    constraint time_off_reason_is_short check (internal.is_one_line(reason, 120))
);
create index time_off_by_end on crm.time_off (business_id, ends_at);
comment on table crm.time_off is 'When somebody who would work does not, or nobody does: a holiday.';
comment on column crm.time_off.member_id is 'Whose it is; null for a holiday of the whole business.';
comment on constraint time_off_times_are_sane on crm.time_off is 'Choose a date between 1900 and 2200.';
comment on constraint time_off_ends_after_it_starts on crm.time_off is 'Time off must end after it starts.';
comment on constraint time_off_lasts_a_year_at_most on crm.time_off is 'Time off lasts a year at most: shut out who has left.';
comment on constraint time_off_reason_is_short on crm.time_off is 'A reason has at most 120 characters on one line.';
