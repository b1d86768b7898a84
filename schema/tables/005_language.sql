-- What customers are told in: how a language says a time, and what each mail says in it.
-- Both are written whole by seed/010_language_<language>.sql at every apply; nobody else writes them.
create table internal.language (
    language text not null,
    name text not null,
    weekdays text[] not null,
    months text[] not null,
    first_of_month text not null default '1',
    day_form text not null,
    american_day_form text not null,
    at_form text not null,
    span_form text not null,
    arrival_form text not null,
    halves text[],
    constraint language_pkey primary key (language),
    constraint language_is_two_letters check (language ~ '^[a-z]{2}$'),
    constraint language_has_a_name check (internal.is_one_line(name, 40)),
    constraint language_names_each_weekday check (cardinality(weekdays) = 7),
    constraint language_names_each_month check (cardinality(months) = 12),
    constraint language_has_two_halves check (cardinality(halves) = 2),
    constraint language_day_form_is_whole check (internal.fields_of(day_form) @> '{weekday,day,month}' and internal.fields_of(american_day_form) @> '{weekday,day,month}'),
    constraint language_at_form_is_whole check (internal.fields_of(at_form) @> '{day,from}'),
    constraint language_span_form_is_whole check (internal.fields_of(span_form) @> '{day,from,until}' and internal.fields_of(arrival_form) @> '{day,from,until}')
);
comment on table internal.language is 'How a language says a time. Forms are words with fields: {weekday}, {day}, {month}; {from}, {until}.';
comment on column internal.language.language is 'ISO 639-1, such as es.';
comment on column internal.language.name is 'As members read it: Spanish.';
comment on column internal.language.weekdays is 'Monday first, as they stand within a sentence.';
comment on column internal.language.first_of_month is 'What the first of a month is called: 1, or 1er.';
comment on column internal.language.american_day_form is 'The day as customers of a business that reckons in dollars read it.';
comment on column internal.language.arrival_form is 'Between which times somebody arrives.';
comment on column internal.language.halves is 'The halves of a day of twice twelve hours, for customers of a business that reckons in dollars; null where everybody counts to 24.';
comment on constraint language_is_two_letters on internal.language is 'A language goes by its two letters, such as es.';
comment on constraint language_has_a_name on internal.language is 'A language has a name, such as Spanish.';
comment on constraint language_names_each_weekday on internal.language is 'Name seven weekdays, Monday first.';
comment on constraint language_names_each_month on internal.language is 'Name twelve months.';
comment on constraint language_has_two_halves on internal.language is 'Name both halves of the day, or none.';
comment on constraint language_day_form_is_whole on internal.language is 'A day has {weekday}, {day} and {month}.';
comment on constraint language_at_form_is_whole on internal.language is 'A time has {day} and {from}.';
comment on constraint language_span_form_is_whole on internal.language is 'A span has {day}, {from} and {until}.';

create table internal.mail_template (
    language text not null,
    kind text not null,
    subject text not null,
    body text not null,
    constraint mail_template_pkey primary key (language, kind),
    constraint mail_template_language_is_known foreign key (language) references internal.language (language),
    constraint mail_template_kind_is_known check (kind in (
        'outreach', 'confirmation', 'confirmation_moved', 'confirmation_follow_up', 'reminder', 'cancellation', 'on_my_way', 'waitlist_offer')),
    constraint mail_template_subject_is_one_line check (internal.is_one_line(subject, 120)),
    constraint mail_template_fields_are_known check (
        internal.fields_of(subject) <@ '{business,day}' and internal.fields_of(body) <@ '{name,business,when,what,where,who,instead_of,until,phone,email,link}'),
    constraint mail_template_has_its_link check (internal.fields_of(body) @> '{link}')
);
comment on table internal.mail_template is 'What a mail says: plain text with {fields}. A line of which a field is empty is left out, and a paragraph of which nothing is left.';
comment on constraint mail_template_kind_is_known on internal.mail_template is 'A template is for a kind of mail.';
comment on constraint mail_template_subject_is_one_line on internal.mail_template is 'A subject is one line of at most 120 characters.';
comment on constraint mail_template_fields_are_known on internal.mail_template is
    'A subject may name {business} and {day}; a mail {name}, {business}, {when}, {what}, {where}, {who}, {instead_of}, {until}, {phone}, {email} and {link}.';
comment on constraint mail_template_has_its_link on internal.mail_template is 'Every mail brings its {link}.';
