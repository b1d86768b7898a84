create or replace function internal.contact_import_update(p_import crm.contact_import, p_people jsonb) returns void
language plpgsql volatile set search_path = '' set enable_seqscan = off
as $$
declare
    v_business uuid := p_import.business_id;
    v_numbers integer[] := array(select (p.person ->> 'number')::integer from jsonb_array_elements(p_people) p(person));
begin
    if p_people is null then return; end if;
    perform internal.contact_import_keys(v_business, p_people), set_config('app.search_later', 'on', true);
    with person as materialized (
        select p.* from jsonb_to_recordset(p_people) p(
            number integer, contact_id uuid, why text, kind text, name text, phone text, phone_e164 text, other_phone text, other_e164 text,
            email text, preferred_method text, note text, referred_by text, address jsonb, attributes jsonb)
    ), one as materialized (
        -- Several rows may be about one contact: the last that says something has it.
        select p.contact_id,
            (array_agg(p.kind order by p.number desc) filter (where p.kind = 'organisation'))[1] as kind,
            (array_agg(p.name order by p.number desc))[1] as name,
            (array_agg(p.phone order by p.number desc) filter (where p.phone is not null))[1] as phone,
            (array_agg(p.phone_e164 order by p.number desc) filter (where p.phone is not null))[1] as phone_e164,
            (array_agg(p.other_phone order by p.number desc) filter (where p.other_phone is not null))[1] as other_phone,
            (array_agg(p.other_e164 order by p.number desc) filter (where p.other_phone is not null))[1] as other_e164,
            (array_agg(lower(p.email) order by p.number desc) filter (where p.email is not null))[1] as email,
            (array_agg(p.preferred_method order by p.number desc) filter (where p.preferred_method is not null))[1] as preferred_method,
            (array_agg(p.note order by p.number desc) filter (where p.note is not null))[1] as note,
            (array_agg(p.referred_by order by p.number desc) filter (where p.referred_by is not null))[1] as referred_by
        from person p group by p.contact_id
    ), wanted as materialized (
        select c.id, coalesce(o.kind, c.kind) as kind, o.name, n.phone, n.phone_e164, n.other_phone, n.other_e164, coalesce(o.email, c.email) as email,
            coalesce(o.preferred_method, c.preferred_method) as preferred_method, coalesce(internal.redact(o.note), c.note) as note,
            coalesce(internal.redact(o.referred_by), c.referred_by) as referred_by
        from one o join crm.contact c on c.business_id = v_business and c.id = o.contact_id,
        lateral internal.phones_with(c.phone, c.phone_e164, c.other_phone, c.other_e164, o.phone, o.phone_e164, o.other_phone, o.other_e164) n
    ), contact as (
        update crm.contact c set kind = w.kind, name = w.name, phone = w.phone, phone_e164 = w.phone_e164, other_phone = w.other_phone,
            other_e164 = w.other_e164, email = w.email, preferred_method = w.preferred_method, note = w.note, referred_by = w.referred_by
        from wanted w
        where c.business_id = v_business and c.id = w.id
          and (c.kind, c.name, c.phone, c.phone_e164, c.other_phone, c.other_e164, c.email, c.preferred_method, c.note, c.referred_by)
              is distinct from (w.kind, w.name, w.phone, w.phone_e164, w.other_phone, w.other_e164, w.email, w.preferred_method, w.note, w.referred_by)
        returning c.id
    ), place as materialized (
        select distinct on (p.contact_id, lower(a.street collate pg_catalog.pg_c_utf8))
            p.contact_id, a.label, a.street, a.city, a.region, a.postcode, internal.redact(a.access_note) as access_note, t.id as address_id
        from person p
        cross join lateral jsonb_to_record(p.address) a(label text, street text, city text, region text, postcode text, access_note text)
        left join lateral (
            select t.id from crm.address t where t.business_id = v_business and t.contact_id = p.contact_id
              and lower(t.street collate pg_catalog.pg_c_utf8) = lower(a.street collate pg_catalog.pg_c_utf8)
            order by t.archived_at is not null, t.id limit 1
        ) t on true
        where jsonb_typeof(p.address) = 'object'
        order by p.contact_id, lower(a.street collate pg_catalog.pg_c_utf8), p.number desc
    ), address_new as (
        insert into crm.address (business_id, contact_id, label, street, city, region, postcode, access_note)
        select v_business, l.contact_id, l.label, l.street, l.city, l.region, l.postcode, l.access_note from place l where l.address_id is null
        returning contact_id
    ), address_old as (
        update crm.address a set label = coalesce(l.label, a.label), city = coalesce(l.city, a.city), region = coalesce(l.region, a.region),
            postcode = coalesce(l.postcode, a.postcode), access_note = coalesce(l.access_note, a.access_note)
        from place l
        where a.business_id = v_business and a.id = l.address_id
          and (a.label, a.city, a.region, a.postcode, a.access_note) is distinct from (coalesce(l.label, a.label), coalesce(l.city, a.city),
              coalesce(l.region, a.region), coalesce(l.postcode, a.postcode), coalesce(l.access_note, a.access_note))
        returning a.contact_id
    ), fact as (
        insert into crm.attribute as t (business_id, contact_id, key, kind, value, source)
        select distinct on (p.contact_id, f.key) v_business, p.contact_id, f.key, k.kind, f.value, 'import'
        from person p, jsonb_each_text(p.attributes) f join crm.attribute_key k on k.business_id = v_business and k.key = f.key
        order by p.contact_id, f.key, p.number desc
        on conflict on constraint attribute_is_set_once do update
        set value = excluded.value, source = 'import', words = null, ticket_id = null
        where t.value is distinct from excluded.value
        returning t.contact_id
    ), changed as (
        select c.id from contact c union select a.contact_id from address_new a union select a.contact_id from address_old a union select f.contact_id from fact f
    )
    update crm.contact_import_row r
    set outcome = case when g.id is null then 'skipped' else 'updated' end, contact_id = p.contact_id,
        cells = case when g.id is null then r.cells else '{}' end,
        reason = case when g.id is null then format('Already known: %s (%s). Nothing here is new.', w.name, p.why) end
    from person p join wanted w on w.id = p.contact_id left join changed g on g.id = p.contact_id
    where r.business_id = v_business and r.contact_import_id = p_import.id and r.number = any (v_numbers) and r.number = p.number;
    perform set_config('app.search_later', '', true), internal.contact_search_refresh(array(
        select r.contact_id from crm.contact_import_row r
        where r.business_id = v_business and r.contact_import_id = p_import.id and r.number = any (v_numbers)));
end $$;
comment on function internal.contact_import_update(crm.contact_import, jsonb) is
    'Write what these rows say over what is known of their contacts; what they do not say stays. A street that is not known yet is one more address.';
