create or replace function internal.contact_import_changed_since(p_import crm.contact_import, p_contact_ids uuid[])
returns table (contact_id uuid, made boolean, changed boolean)
language plpgsql stable
-- Planned with these very ids: the planner knows little of tables that have just been filled, and might compare each row with each of them.
set search_path = '' set enable_seqscan = off set plan_cache_mode = force_custom_plan
as $$
declare
    v_business uuid := p_import.business_id;
    v_made uuid[] := array(select r.contact_id from crm.contact_import_row r
        where r.business_id = v_business and r.contact_id = any (p_contact_ids) and r.contact_import_id = p_import.id and r.outcome = 'created');
    v_rows text[] := array(
        select c::text from unnest(p_contact_ids) c
        union all
        select a.id::text from crm.address a where a.business_id = v_business and a.contact_id = any (p_contact_ids)
        union all
        select f.id::text from crm.attribute f where f.business_id = v_business and f.contact_id = any (p_contact_ids));
begin
    return query
    with line (id, table_name, row_id, ours, theirs) as (
        select c, 'contact', c::text, null::timestamptz, null::timestamptz from unnest(p_contact_ids) c
        union all
        select a.contact_id, 'address', a.id::text, null, null from crm.address a where a.business_id = v_business and a.contact_id = any (p_contact_ids)
        union all
        select f.contact_id, 'attribute', f.id::text, null, null from crm.attribute f where f.business_id = v_business and f.contact_id = any (p_contact_ids)
        union all
        select null, e.table_name, e.row_id, case when e.change_set_id is not distinct from p_import.change_set_id then e.at end,
            case when e.change_set_id is distinct from p_import.change_set_id then e.at end
        from crm.audit_entry e
        where e.business_id = v_business and e.table_name in ('contact', 'address', 'attribute') and e.row_id = any (v_rows)
    ), written as (
        -- When the import last wrote it, and when anybody else did.
        select (array_agg(l.id) filter (where l.id is not null))[1] as id, max(l.ours) as ours, max(l.theirs) as theirs
        from line l group by l.table_name, l.row_id
    )
    -- Of somebody whom the import added everything counts, of others what it wrote.
    select w.id, w.id = any (v_made),
        coalesce(bool_or(case when w.id = any (v_made) then w.theirs > coalesce(w.ours, '-infinity') else w.theirs > w.ours end), false)
    from written w group by w.id;
end $$;
comment on function internal.contact_import_changed_since(crm.contact_import, uuid[]) is
    'Of each contact: whether the import added them, and whether somebody has changed since what it wrote.';
