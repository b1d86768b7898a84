create or replace function internal.contact_language(p_business crm.business, p_contact crm.contact, p_wanted text[] default '{}') returns text
language sql stable set search_path = ''
as $$
    select coalesce(p_contact.language, (
        select g.language from unnest(p_wanted) with ordinality w(language, place)
        join internal.language g on g.language = w.language order by w.place limit 1), p_business.language);
$$;
comment on function internal.contact_language(crm.business, crm.contact, text[]) is
    'What a contact is told in: their own language, else the first that they want and we speak, else that of the business.';
