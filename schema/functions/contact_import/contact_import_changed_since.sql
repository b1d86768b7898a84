create or replace function internal.contact_import_changed_since(p_import crm.contact_import, p_contact_ids uuid[])
returns table (contact_id uuid, made boolean, changed boolean)
language sql stable set search_path = '' set enable_seqscan = off
begin atomic
    with one as materialized (
        select c as id, c in (select r.contact_id from crm.contact_import_row r where r.business_id = (p_import).business_id
            and r.contact_id = any (p_contact_ids) and r.contact_import_id = (p_import).id and r.outcome = 'created') as made
        from unnest(p_contact_ids) c
    ), part (id, made, table_name, row_id) as materialized (
        select o.id, o.made, 'contact', o.id::text from one o
        union all
        select o.id, o.made, 'address', a.id::text from crm.address a join one o on o.id = a.contact_id where a.business_id = (p_import).business_id and a.contact_id = any (p_contact_ids)
        union all
        select o.id, o.made, 'attribute', f.id::text from crm.attribute f join one o on o.id = f.contact_id where f.business_id = (p_import).business_id and f.contact_id = any (p_contact_ids)
    ), line (id, made, table_name, row_id, ours, theirs) as (
        select p.id, p.made, p.table_name, p.row_id, null::timestamptz, null::timestamptz from part p
        union all
        -- All at once: row by row the planner, who knows nothing of a table that has just been filled, might read the whole of it each time.
        select null, null, e.table_name, e.row_id, case when e.change_set_id is not distinct from (p_import).change_set_id then e.at end,
            case when e.change_set_id is distinct from (p_import).change_set_id then e.at end
        from crm.audit_entry e
        where e.business_id = (p_import).business_id and e.table_name in ('contact', 'address', 'attribute')
          and e.row_id = any (array(select p.row_id from part p))
    ), written as (
        -- When the import last wrote it, and when anybody else did.
        select (array_agg(l.id) filter (where l.id is not null))[1] as id, bool_or(l.made) as made, max(l.ours) as ours, max(l.theirs) as theirs
        from line l group by l.table_name, l.row_id
    )
    -- Of somebody whom the import added everything counts, of others what it wrote.
    select w.id, bool_or(w.made), coalesce(bool_or(case when w.made then w.theirs > coalesce(w.ours, '-infinity') else w.theirs > w.ours end), false)
    from written w group by w.id;
end;
comment on function internal.contact_import_changed_since(crm.contact_import, uuid[]) is
    'Of each contact: whether the import added them, and whether somebody has changed since what it wrote.';
