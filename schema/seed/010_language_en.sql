-- English, as customers are told.

insert into internal.language (language, name, weekdays, months, first_of_month, day_form, american_day_form, at_form, span_form, arrival_form, halves)
values ('en', 'English', '{Monday,Tuesday,Wednesday,Thursday,Friday,Saturday,Sunday}',
        '{January,February,March,April,May,June,July,August,September,October,November,December}', '1', '{weekday} {day} {month}', '{weekday}, {month} {day}',
        '{day}, {from}', '{day}, {from} to {until}', '{day}, between {from} and {until}', '{am,pm}')
on conflict (language) do update set
    name = excluded.name, weekdays = excluded.weekdays, months = excluded.months, first_of_month = excluded.first_of_month, day_form = excluded.day_form,
    american_day_form = excluded.american_day_form, at_form = excluded.at_form, span_form = excluded.span_form,
    arrival_form = excluded.arrival_form, halves = excluded.halves;

insert into internal.mail_template (language, kind, subject, body) values
('en', 'confirmation', '{business}: does {day} suit you?', $$Hello {name},

We would like to come on {when}.

What: {what}
Where: {where}
Who comes: {who}

Please tell us here whether it suits you, or ask for another time:
{link}

You can also call us: {phone}
You can also write to us: {email}

{business}$$),
('en', 'confirmation_moved', '{business}: does {day} suit you?', $$Hello {name},

The time of your visit has changed. We would now like to come on {when}.

What: {what}
Where: {where}
Who comes: {who}

Please tell us here whether it suits you, or ask for another time:
{link}

You can also call us: {phone}
You can also write to us: {email}

{business}$$),
('en', 'confirmation_follow_up', '{business}: is {day} all right?', $$Hello {name},

We have not heard yet whether this suits you: {when}.

What: {what}
Where: {where}
Who comes: {who}

Please tell us here whether it suits you, or ask for another time:
{link}

You can also call us: {phone}
You can also write to us: {email}

{business}$$),
('en', 'reminder', '{business}: we come on {day}', $$Hello {name},

This is to remind you that we come on {when}.

What: {what}
Where: {where}
Who comes: {who}

If it does not suit you, please tell us here:
{link}

You can also call us: {phone}
You can also write to us: {email}

{business}$$),
('en', 'cancellation', '{business}: our visit is cancelled', $$Hello {name},

We are sorry to tell you that we do not come on {when}.

What: {what}
Where: {where}

If you would like another time, tell us. How the visit stands now:
{link}

You can call us: {phone}
You can write to us: {email}

{business}$$),
('en', 'on_my_way', '{business}: we are on our way', $$Hello {name},

We are on our way to you.

What: {what}
Where: {where}
Who comes: {who}

Everything about the visit:
{link}

You can also call us: {phone}
You can also write to us: {email}

{business}$$),
('en', 'waitlist_offer', '{business}: we could come on {day}', $$Hello {name},

A time has become free: we could come on {when}.

This would be instead of your visit on {instead_of}.

What: {what}
Where: {where}
Who comes: {who}

We hold it for you until {until}. Yes or no, please tell us here:
{link}

You can also call us: {phone}
You can also write to us: {email}

{business}$$),
('en', 'outreach', '{business}: is it time again?', $$Hello {name},

It is a while since we were with you. Would you like us to come again?

The last time: {what}

Just call us: {phone}
Just answer this mail, or write to us: {email}

{business}

Would you rather not get such mails? Tell us here:
{link}$$)
on conflict (language, kind) do update set subject = excluded.subject, body = excluded.body;
