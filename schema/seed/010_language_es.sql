-- Spanish, as customers are told.

insert into internal.language (language, name, weekdays, months, first_of_month, day_form, american_day_form, at_form, span_form, arrival_form, halves)
values ('es', 'Spanish', '{lunes,martes,miércoles,jueves,viernes,sábado,domingo}',
        '{enero,febrero,marzo,abril,mayo,junio,julio,agosto,septiembre,octubre,noviembre,diciembre}', '1', '{weekday} {day} de {month}', '{weekday} {day} de {month}',
        '{day}, {from}', '{day}, de {from} a {until}', '{day}, con llegada de {from} a {until}', '{am,pm}')
on conflict (language) do update set
    name = excluded.name, weekdays = excluded.weekdays, months = excluded.months, first_of_month = excluded.first_of_month, day_form = excluded.day_form,
    american_day_form = excluded.american_day_form, at_form = excluded.at_form, span_form = excluded.span_form,
    arrival_form = excluded.arrival_form, halves = excluded.halves;

insert into internal.mail_template (language, kind, subject, body) values
('es', 'confirmation', '{business}: ¿le viene bien el {day}?', $$Hola, {name}:

Nos gustaría ir el {when}.

Servicio: {what}
Dónde: {where}
Irá: {who}

Díganos aquí si le viene bien, o pida otra fecha u hora:
{link}

También puede llamarnos: {phone}
También puede escribirnos: {email}

{business}$$),
('es', 'confirmation_moved', '{business}: ¿le viene bien el {day}?', $$Hola, {name}:

Hemos cambiado la fecha o la hora de su cita. Ahora nos gustaría ir el {when}.

Servicio: {what}
Dónde: {where}
Irá: {who}

Díganos aquí si le viene bien, o pida otra fecha u hora:
{link}

También puede llamarnos: {phone}
También puede escribirnos: {email}

{business}$$),
('es', 'confirmation_follow_up', '{business}: ¿le parece bien el {day}?', $$Hola, {name}:

Aún no sabemos si esta cita le viene bien: {when}.

Servicio: {what}
Dónde: {where}
Irá: {who}

Díganos aquí si le viene bien, o pida otra fecha u hora:
{link}

También puede llamarnos: {phone}
También puede escribirnos: {email}

{business}$$),
('es', 'reminder', '{business}: vamos el {day}', $$Hola, {name}:

Le recordamos que vamos el {when}.

Servicio: {what}
Dónde: {where}
Irá: {who}

Si no le viene bien, díganoslo aquí:
{link}

También puede llamarnos: {phone}
También puede escribirnos: {email}

{business}$$),
('es', 'cancellation', '{business}: se cancela nuestra visita', $$Hola, {name}:

Sentimos decirle que no iremos el {when}.

Servicio: {what}
Dónde: {where}

Si quiere otra fecha u hora, díganoslo. Así está la visita ahora:
{link}

Puede llamarnos: {phone}
Puede escribirnos: {email}

{business}$$),
('es', 'on_my_way', '{business}: vamos en camino', $$Hola, {name}:

Vamos en camino.

Servicio: {what}
Dónde: {where}
Irá: {who}

Todo sobre la visita:
{link}

También puede llamarnos: {phone}
También puede escribirnos: {email}

{business}$$),
('es', 'waitlist_offer', '{business}: podríamos ir el {day}', $$Hola, {name}:

Se ha liberado una cita: podríamos ir el {when}.

Sería en lugar de su cita del {instead_of}.

Servicio: {what}
Dónde: {where}
Irá: {who}

Se la guardamos. Hora límite: {until}. Díganos aquí sí o no:
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
