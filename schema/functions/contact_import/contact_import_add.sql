create or replace function internal.contact_import_add(p_import crm.contact_import, p_people jsonb) returns void
language plpgsql volatile set search_path = ''
as $$
declare
    v_business uuid := p_import.business_id;
    v_numbers integer[] := array(select (p.person ->> 'number')::integer from jsonb_array_elements(p_people) p(person));
begin
    if p_people is null then return; end if;
    perform internal.contact_import_keys(v_business, p_people), set_config('app.search_later', 'on', true);
    -- One statement, so that what they are found by is written down when all of it is there.
    with person as materialized (
        select uuidv7() as contact_id, p.* from jsonb_to_recordset(p_people) p(
            number integer, kind text, name text, phone text, phone_e164 text, other_phone text, other_e164 text, email text,
            preferred_method text, note text, referred_by text, address jsonb, attributes jsonb)
    ), contact as (
        insert into crm.contact (business_id, id, kind, name, phone, phone_e164, other_phone, other_e164, email, preferred_method, note, referred_by)
        select v_business, p.contact_id, p.kind, p.name, p.phone, p.phone_e164, p.other_phone, p.other_e164, lower(p.email), p.preferred_method, p.note, p.referred_by
        from person p order by p.number
    ), address as (
        insert into crm.address (business_id, contact_id, label, street, city, region, postcode, access_note)
        select v_business, p.contact_id, a.label, a.street, a.city, a.region, a.postcode, a.access_note
        from person p, jsonb_to_record(p.address) a(label text, street text, city text, region text, postcode text, access_note text)
        where jsonb_typeof(p.address) = 'object'
    ), fact as (
        insert into crm.attribute (business_id, contact_id, key, kind, value, source)
        select v_business, p.contact_id, f.key, k.kind, f.value, 'import'
        from person p, jsonb_each_text(p.attributes) f join crm.attribute_key k on k.business_id = v_business and k.key = f.key
    )
    update crm.contact_import_row r set outcome = 'created', contact_id = p.contact_id, cells = '{}'
    from person p where r.business_id = v_business and r.contact_import_id = p_import.id and r.number = any (v_numbers) and r.number = p.number;
    perform set_config('app.search_later', '', true), internal.contact_search_refresh(array(
        select r.contact_id from crm.contact_import_row r
        where r.business_id = v_business and r.contact_import_id = p_import.id and r.number = any (v_numbers)));
end $$;
comment on function internal.contact_import_add(crm.contact_import, jsonb) is
    'Add the people of these rows: the contact, the address, the facts.';
