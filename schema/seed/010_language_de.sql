-- German, as customers are told.

insert into internal.language (language, name, weekdays, months, first_of_month, day_form, american_day_form, at_form, span_form, arrival_form, halves)
values ('de', 'German', '{Montag,Dienstag,Mittwoch,Donnerstag,Freitag,Samstag,Sonntag}',
        '{Januar,Februar,März,April,Mai,Juni,Juli,August,September,Oktober,November,Dezember}', '1', '{weekday}, {day}. {month}', '{weekday}, {day}. {month}',
        '{day}, {from} Uhr', '{day}, {from} bis {until} Uhr', '{day}, zwischen {from} und {until} Uhr', null)
on conflict (language) do update set
    name = excluded.name, weekdays = excluded.weekdays, months = excluded.months, first_of_month = excluded.first_of_month, day_form = excluded.day_form,
    american_day_form = excluded.american_day_form, at_form = excluded.at_form, span_form = excluded.span_form,
    arrival_form = excluded.arrival_form, halves = excluded.halves;

insert into internal.mail_template (language, kind, subject, body) values
('de', 'confirmation', '{business}: Passt Ihnen {day}?', $$Guten Tag, {name}!

Wir haben diesen Termin für Sie vorgesehen: {when}.

Was: {what}
Wo: {where}
Wer kommt: {who}

Bitte sagen Sie uns hier, ob es Ihnen passt, oder wünschen Sie sich einen anderen Termin:
{link}

Sie können uns auch anrufen: {phone}
Sie können uns auch schreiben: {email}

{business}$$),
('de', 'confirmation_moved', '{business}: Passt Ihnen {day}?', $$Guten Tag, {name}!

Ihr Termin hat sich geändert. Neu vorgesehen ist: {when}.

Was: {what}
Wo: {where}
Wer kommt: {who}

Bitte sagen Sie uns hier, ob es Ihnen passt, oder wünschen Sie sich einen anderen Termin:
{link}

Sie können uns auch anrufen: {phone}
Sie können uns auch schreiben: {email}

{business}$$),
('de', 'confirmation_follow_up', '{business}: Ist Ihnen {day} recht?', $$Guten Tag, {name}!

Wir haben noch nicht gehört, ob Ihnen dieser Termin passt: {when}.

Was: {what}
Wo: {where}
Wer kommt: {who}

Bitte sagen Sie uns hier, ob es Ihnen passt, oder wünschen Sie sich einen anderen Termin:
{link}

Sie können uns auch anrufen: {phone}
Sie können uns auch schreiben: {email}

{business}$$),
('de', 'reminder', '{business}: Wir kommen am {day}', $$Guten Tag, {name}!

Wir erinnern Sie an unseren Besuch: {when}.

Was: {what}
Wo: {where}
Wer kommt: {who}

Falls es Ihnen nicht passt, sagen Sie es uns bitte hier:
{link}

Sie können uns auch anrufen: {phone}
Sie können uns auch schreiben: {email}

{business}$$),
('de', 'cancellation', '{business}: Unser Besuch fällt aus', $$Guten Tag, {name}!

Leider müssen wir Ihnen absagen. Dieser Termin fällt aus: {when}.

Was: {what}
Wo: {where}

Wenn Sie einen anderen Termin wünschen, sagen Sie es uns. So steht es um den Besuch:
{link}

Sie können uns anrufen: {phone}
Sie können uns schreiben: {email}

{business}$$),
('de', 'on_my_way', '{business}: Wir sind unterwegs', $$Guten Tag, {name}!

Wir sind auf dem Weg zu Ihnen.

Was: {what}
Wo: {where}
Wer kommt: {who}

Alles zu unserem Besuch:
{link}

Sie können uns auch anrufen: {phone}
Sie können uns auch schreiben: {email}

{business}$$),
('de', 'waitlist_offer', '{business}: Wir könnten am {day} kommen', $$Guten Tag, {name}!

Es ist ein Termin frei geworden: {when}.

Das wäre anstelle Ihres Termins am {instead_of}.

Was: {what}
Wo: {where}
Wer kommt: {who}

Wir halten ihn bis {until} Uhr für Sie frei. Bitte sagen Sie uns hier Ja oder Nein:
{link}

Sie können uns auch anrufen: {phone}
Sie können uns auch schreiben: {email}

{business}$$),
('de', 'outreach', '{business}: Ist es wieder so weit?', $$Guten Tag, {name}!

Unser letzter Besuch bei Ihnen ist schon eine Weile her. Sollen wir wieder einmal kommen?

Beim letzten Mal: {what}

Rufen Sie uns einfach an: {phone}
Antworten Sie einfach auf diese E-Mail, oder schreiben Sie uns: {email}

{business}

Sie möchten solche E-Mails lieber nicht bekommen? Hier können Sie es uns sagen:
{link}$$)
on conflict (language, kind) do update set subject = excluded.subject, body = excluded.body;
