create or replace function internal.contact_import_sorted(p_business_id uuid, p_people jsonb)
returns table (number integer, person jsonb, contact_id uuid, why text, waits boolean)
language sql stable set search_path = '' set enable_seqscan = off
begin atomic
    with said as materialized (
        select (p.person ->> 'number')::integer as number, p.person, lower(p.person ->> 'email') as email,
            array_remove(array[p.person ->> 'phone_e164', p.person ->> 'other_e164'], null) as numbers,
            lower(p.person ->> 'name' collate pg_catalog.pg_c_utf8) collate "C" as name_key,
            lower(p.person -> 'address' ->> 'street' collate pg_catalog.pg_c_utf8) collate "C" as street_key
        from jsonb_array_elements(p_people) p(person)
    ), named as materialized (
        select s.number, s.street_key, c.id from said s join crm.contact c on c.business_id = p_business_id and c.name_key = s.name_key and c.archived_at is null
        where s.street_key is not null or (s.email is null and s.numbers = '{}' and c.email is null and c.phone_e164 is null and c.other_e164 is null)
        union all
        select s.number, s.street_key, c.id from said s join crm.contact c on c.business_id = p_business_id and c.name_key = s.name_key and c.archived_at is not null
        where s.street_key is not null or (s.email is null and s.numbers = '{}' and c.email is null and c.phone_e164 is null and c.other_e164 is null)
    ), likely (number, weight, why, id) as (
        select s.number, 1, 'the same e-mail address', c.id
        from said s join crm.contact c on c.business_id = p_business_id and c.email = s.email
        union all
        select s.number, 2, 'the same phone number', c.id
        from said s, unnest(s.numbers) n(e164) join crm.contact c on c.business_id = p_business_id and c.phone_e164 = n.e164
        union all
        select s.number, 2, 'the same phone number', c.id
        from said s, unnest(s.numbers) n(e164) join crm.contact c on c.business_id = p_business_id and c.other_e164 = n.e164
        union all
        select n.number, 3, 'the same name at the same street', n.id from named n
        where exists (select from crm.address a where a.business_id = p_business_id and a.contact_id = n.id
                      and lower(a.street collate pg_catalog.pg_c_utf8) = n.street_key)
        union all
        select n.number, 3, 'the same name, and no more is known', n.id from named n
        where n.street_key is null and not exists (select from crm.address a where a.business_id = p_business_id and a.contact_id = n.id)
    ), known as materialized (
        -- Who was merged into somebody is that somebody.
        select distinct on (l.number) l.number, coalesce(c.merged_into_id, c.id) as id, l.why
        from likely l join crm.contact c on c.business_id = p_business_id and c.id = l.id
        order by l.number, l.weight, c.archived_at is not null, l.id
    ), mark (number, mark) as materialized (
        select s.number, ('email ' || s.email) collate "C" from said s where s.email is not null
        union all
        select s.number, ('phone ' || n.e164) collate "C" from said s, unnest(s.numbers) n(e164)
        union all
        select s.number, format('name %s at %s', s.name_key, s.street_key) collate "C" from said s
        where s.street_key is not null or (s.email is null and s.numbers = '{}')
    ), first as materialized (
        select m.mark, min(m.number) as number from mark m where m.number not in (select k.number from known k) group by m.mark
    ), waiting as materialized (
        select distinct m.number from mark m join first f on f.mark = m.mark where f.number < m.number
    )
    select s.number, s.person, k.id, k.why, k.id is null and w.number is not null
    from said s left join known k on k.number = s.number left join waiting w on w.number = s.number;
end;
comment on function internal.contact_import_sorted(uuid, jsonb) is
    'Of each person of a file, who they are already: by e-mail address, by phone number, or by name and street, archived and merged contacts too. waits: they stand further up among these, and are not in the book yet.';
