-- French, as customers are told.

insert into internal.language (language, name, weekdays, months, first_of_month, day_form, american_day_form, at_form, span_form, arrival_form, halves)
values ('fr', 'French', '{lundi,mardi,mercredi,jeudi,vendredi,samedi,dimanche}',
        '{janvier,février,mars,avril,mai,juin,juillet,août,septembre,octobre,novembre,décembre}', '1er', '{weekday} {day} {month}', '{weekday} {day} {month}',
        '{day}, {from}', '{day}, de {from} à {until}', '{day}, entre {from} et {until}', null)
on conflict (language) do update set
    name = excluded.name, weekdays = excluded.weekdays, months = excluded.months, first_of_month = excluded.first_of_month, day_form = excluded.day_form,
    american_day_form = excluded.american_day_form, at_form = excluded.at_form, span_form = excluded.span_form,
    arrival_form = excluded.arrival_form, halves = excluded.halves;

insert into internal.mail_template (language, kind, subject, body) values
('fr', 'confirmation', '{business} : le {day} vous convient-il ?', $$Bonjour {name},

Nous aimerions venir le {when}.

Prestation : {what}
Où : {where}
Intervenant : {who}

Dites-nous ici si cela vous convient, ou demandez un autre créneau :
{link}

Vous pouvez aussi nous appeler : {phone}
Vous pouvez aussi nous écrire : {email}

{business}$$),
('fr', 'confirmation_moved', '{business} : le {day} vous convient-il ?', $$Bonjour {name},

Votre rendez-vous a été déplacé. Nous aimerions maintenant venir le {when}.

Prestation : {what}
Où : {where}
Intervenant : {who}

Dites-nous ici si cela vous convient, ou demandez un autre créneau :
{link}

Vous pouvez aussi nous appeler : {phone}
Vous pouvez aussi nous écrire : {email}

{business}$$),
('fr', 'confirmation_follow_up', '{business} : le {day}, cela vous convient-il ?', $$Bonjour {name},

Nous ne savons pas encore si cela vous convient : {when}.

Prestation : {what}
Où : {where}
Intervenant : {who}

Dites-nous ici si cela vous convient, ou demandez un autre créneau :
{link}

Vous pouvez aussi nous appeler : {phone}
Vous pouvez aussi nous écrire : {email}

{business}$$),
('fr', 'reminder', '{business} : nous venons le {day}', $$Bonjour {name},

Nous vous rappelons que nous venons le {when}.

Prestation : {what}
Où : {where}
Intervenant : {who}

Si cela ne vous convient pas, dites-le-nous ici :
{link}

Vous pouvez aussi nous appeler : {phone}
Vous pouvez aussi nous écrire : {email}

{business}$$),
('fr', 'cancellation', '{business} : notre visite est annulée', $$Bonjour {name},

Nous sommes désolés de vous dire que nous ne viendrons pas le {when}.

Prestation : {what}
Où : {where}

Si vous souhaitez un autre créneau, dites-le-nous. Où en est la visite :
{link}

Vous pouvez nous appeler : {phone}
Vous pouvez nous écrire : {email}

{business}$$),
('fr', 'on_my_way', '{business} : nous sommes en route', $$Bonjour {name},

Nous sommes en route.

Prestation : {what}
Où : {where}
Intervenant : {who}

Tout sur la visite :
{link}

Vous pouvez aussi nous appeler : {phone}
Vous pouvez aussi nous écrire : {email}

{business}$$),
('fr', 'waitlist_offer', '{business} : nous pourrions venir le {day}', $$Bonjour {name},

Un créneau s’est libéré : nous pourrions venir le {when}.

Ce serait à la place de votre rendez-vous du {instead_of}.

Prestation : {what}
Où : {where}
Intervenant : {who}

Nous vous le gardons jusqu’à {until}. Dites-nous ici oui ou non :
{link}

Vous pouvez aussi nous appeler : {phone}
Vous pouvez aussi nous écrire : {email}

{business}$$),
('fr', 'outreach', '{business} : est-ce de nouveau le moment ?', $$Bonjour {name},

Notre dernier passage chez vous remonte à quelque temps. Souhaitez-vous que nous revenions ?

La dernière fois : {what}

Appelez-nous : {phone}
Répondez simplement à ce courriel, ou écrivez-nous : {email}

{business}

Vous préférez ne pas recevoir ces courriels ? Vous pouvez le dire ici :
{link}$$)
on conflict (language, kind) do update set subject = excluded.subject, body = excluded.body;
