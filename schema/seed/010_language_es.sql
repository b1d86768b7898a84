-- Spanish, as customers are told.

insert into internal.language (language, weekdays, months, first_of_month, day_form, american_day_form, at_form, span_form, arrival_form, halves)
values ('es', '{lunes,martes,miércoles,jueves,viernes,sábado,domingo}', '{enero,febrero,marzo,abril,mayo,junio,julio,agosto,septiembre,octubre,noviembre,diciembre}', '1', '{weekday} {day} de {month}', '{weekday} {day} de {month}',
        '{day}, {from}', '{day}, de {from} a {until}', '{day}, entre las {from} y las {until}', '{am,pm}')
on conflict (language) do update set
    weekdays = excluded.weekdays, months = excluded.months, first_of_month = excluded.first_of_month, day_form = excluded.day_form,
    american_day_form = excluded.american_day_form, at_form = excluded.at_form, span_form = excluded.span_form,
    arrival_form = excluded.arrival_form, halves = excluded.halves;

insert into internal.mail_template (language, kind, subject, body) values
('es', 'confirmation', '{business}: ¿le viene bien el {day}?', $$Hola, {name}:

Nos gustaría ir el {when}.

Qué: {what}
Dónde: {where}
Quién va: {who}

Díganos aquí si le viene bien, o pida otra hora:
{link}

También puede llamarnos: {phone}
También puede escribirnos: {email}

{business}$$),
('es', 'confirmation_moved', '{business}: ¿le viene bien el {day}?', $$Hola, {name}:

Su visita tiene otra hora. Ahora nos gustaría ir el {when}.

Qué: {what}
Dónde: {where}
Quién va: {who}

Díganos aquí si le viene bien, o pida otra hora:
{link}

También puede llamarnos: {phone}
También puede escribirnos: {email}

{business}$$),
('es', 'confirmation_follow_up', '{business}: ¿está bien el {day}?', $$Hola, {name}:

Aún no sabemos si esta hora le viene bien: {when}.

Qué: {what}
Dónde: {where}
Quién va: {who}

Díganos aquí si le viene bien, o pida otra hora:
{link}

También puede llamarnos: {phone}
También puede escribirnos: {email}

{business}$$),
('es', 'reminder', '{business}: vamos el {day}', $$Hola, {name}:

Le recordamos que vamos el {when}.

Qué: {what}
Dónde: {where}
Quién va: {who}

Si no le viene bien, díganoslo aquí:
{link}

También puede llamarnos: {phone}
También puede escribirnos: {email}

{business}$$),
('es', 'cancellation', '{business}: se cancela nuestra visita', $$Hola, {name}:

Sentimos decirle que no iremos el {when}.

Qué: {what}
Dónde: {where}

Si quiere otra hora, díganoslo. Así está la visita ahora:
{link}

Puede llamarnos: {phone}
Puede escribirnos: {email}

{business}$$),
('es', 'on_my_way', '{business}: vamos en camino', $$Hola, {name}:

Vamos en camino.

Qué: {what}
Dónde: {where}
Quién va: {who}

Todo sobre la visita:
{link}

También puede llamarnos: {phone}
También puede escribirnos: {email}

{business}$$),
('es', 'waitlist_offer', '{business}: podríamos ir el {day}', $$Hola, {name}:

Ha quedado libre una hora: podríamos ir el {when}.

Sería en lugar de su visita del {instead_of}.

Qué: {what}
Dónde: {where}
Quién va: {who}

Se la guardamos hasta las {until}. Díganos aquí sí o no:
{link}

También puede llamarnos: {phone}
También puede escribirnos: {email}

{business}$$),
('es', 'outreach', '{business}: ¿ya toca otra vez?', $$Hola, {name}:

Hace tiempo que no le visitamos. ¿Quiere que volvamos?

La última vez: {what}

Llámenos: {phone}
Responda a este correo o escríbanos: {email}

{business}

¿Prefiere no recibir estos correos? Puede decírnoslo aquí:
{link}$$)
on conflict (language, kind) do update set subject = excluded.subject, body = excluded.body;
