create or replace function internal.contact_import_rewrite(p_import crm.contact_import, p_contact_ids uuid[]) returns void
language plpgsql volatile set search_path = '' set enable_seqscan = off set plan_cache_mode = force_custom_plan
as $$
declare
    v_business uuid := p_import.business_id;
    v_rows text[] := array(
        select c::text from unnest(p_contact_ids) c
        union all
        select a.id::text from crm.address a where a.business_id = v_business and a.contact_id = any (p_contact_ids)
        union all
        select f.id::text from crm.attribute f where f.business_id = v_business and f.contact_id = any (p_contact_ids));
    v_old jsonb;
begin
    if cardinality(p_contact_ids) = 0 then return; end if;
    -- By table and row: what its columns were before the import wrote them first, or null for a row that it made.
    select coalesce(jsonb_object_agg(b.table_name || ' ' || b.row_id, b.old), '{}') into v_old
    from (
        select v.table_name, v.row_id, case when not bool_or(v.made) then jsonb_object_agg(v.key, v.value) filter (where v.key is not null) end as old
        from (
            select distinct on (e.table_name, e.row_id, o.key) e.table_name, e.row_id, o.key, o.value, e.operation = 'insert' as made
            from crm.audit_entry e left join lateral jsonb_each(e.old) o on true
            where e.business_id = v_business and e.table_name in ('contact', 'address', 'attribute') and e.change_set_id is not distinct from p_import.change_set_id
              and e.row_id = any (v_rows)
            order by e.table_name, e.row_id, o.key, e.at
        ) v
        group by v.table_name, v.row_id
    ) b;
    delete from crm.attribute f
    where f.business_id = v_business and f.contact_id = any (p_contact_ids) and v_old -> ('attribute ' || f.id) = 'null';
    delete from crm.address a
    where a.business_id = v_business and a.contact_id = any (p_contact_ids) and v_old -> ('address ' || a.id) = 'null';
    update crm.attribute f set (value, source, words, ticket_id) = (
        select r.value, r.source, r.words, r.ticket_id from jsonb_populate_record(f, v_old -> ('attribute ' || f.id)) r)
    where f.business_id = v_business and f.contact_id = any (p_contact_ids) and v_old ? ('attribute ' || f.id);
    update crm.address a set (label, city, region, postcode, access_note) = (
        select r.label, r.city, r.region, r.postcode, r.access_note from jsonb_populate_record(a, v_old -> ('address ' || a.id)) r)
    where a.business_id = v_business and a.contact_id = any (p_contact_ids) and v_old ? ('address ' || a.id);
    update crm.contact c set (kind, name, phone, phone_e164, other_phone, other_e164, email, preferred_method, note, referred_by) = (
        select r.kind, r.name, r.phone, r.phone_e164, r.other_phone, r.other_e164, r.email, r.preferred_method, r.note, r.referred_by
        from jsonb_populate_record(c, v_old -> ('contact ' || c.id)) r)
    where c.business_id = v_business and c.id = any (p_contact_ids) and v_old ? ('contact ' || c.id);
    update crm.contact_import_row r set outcome = 'undone'
    where r.business_id = v_business and r.contact_import_id = p_import.id and r.contact_id = any (p_contact_ids) and r.outcome in ('created', 'updated');
end $$;
comment on function internal.contact_import_rewrite(crm.contact_import, uuid[]) is
    'Give contacts that an import updated their old values back, from the audit; addresses and facts that it added go.';
