create or replace function internal.contact_said(p_contact crm.contact, p_other crm.contact, p_fields text[]) returns text[]
language sql stable set search_path = ''
as $$
    select coalesce(array_agg(f.words order by f.place), '{}') from (values
        (1, 'name', 'name ' || p_contact.name, p_contact.name is distinct from p_other.name),
        (2, 'kind', case p_contact.kind when 'person' then 'is a person' else 'is an organisation' end, p_contact.kind <> p_other.kind),
        (3, 'phone', 'phone ' || p_contact.phone, p_contact.phone_digits is distinct from p_other.phone_digits),
        (4, 'other_phone', 'other phone ' || p_contact.other_phone, p_contact.other_digits is distinct from p_other.other_digits),
        (5, 'email', 'e-mail ' || p_contact.email, p_contact.email is distinct from p_other.email),
        (6, 'preferred_method', 'prefers ' || case p_contact.preferred_method when 'call' then 'a call' when 'text' then 'a text message' else 'e-mail' end,
            p_contact.preferred_method is not null and p_contact.preferred_method is distinct from p_other.preferred_method),
        (7, 'preferred_time', 'best time ' || p_contact.preferred_time, p_contact.preferred_time is distinct from p_other.preferred_time),
        (8, 'language', 'language ' || (select g.name from internal.language g where g.language = p_contact.language), p_contact.language is distinct from p_other.language),
        (9, 'referred_by', 'sent by ' || p_contact.referred_by, p_contact.referred_by is distinct from p_other.referred_by),
        (10, 'consent', 'said yes to messages', p_contact.consent = 'given' and p_other.consent <> 'given')
    ) as f(place, field, words, differs)
    where f.differs and f.words is not null and f.field = any (p_fields)
$$;
comment on function internal.contact_said(crm.contact, crm.contact, text[]) is
    'What a contact says in these fields that the other does not, in words: {"phone 256 555 0131", "sent by a neighbour"}. The note is left out: it has lines of its own.';
