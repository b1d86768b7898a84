create or replace function internal.merge_changes(p_change_set_id uuid) returns setof crm.audit_entry
language sql stable set search_path = ''
as $$
    with mine as (
        select e.table_name, e.row_id, max(e.at) as at, bool_or(e.table_name = 'address' and e.operation = 'insert') as is_copy
        from crm.audit_entry e
        where e.business_id = (select internal.current_business()) and e.change_set_id = p_change_set_id
        group by e.table_name, e.row_id
    )
    select l.* from internal.change_set_conflicts(p_change_set_id) c
    join mine m on m.table_name = c.table_name and m.row_id = c.row_id
    join crm.audit_entry l on l.business_id = (select internal.current_business()) and l.table_name = c.table_name and l.row_id = c.row_id
        and l.at > m.at and l.change_set_id is distinct from p_change_set_id
    where not exists (
        select from crm.change_set s where s.business_id = l.business_id and s.id = l.change_set_id and s.kind = 'merge' and s.undone_at is not null)
    union all
    -- A visit booked at an address that the merge copied: without the copy it would be nowhere.
    select b.* from mine m
    join crm.ticket t on t.business_id = (select internal.current_business()) and m.is_copy and t.address_id::text = m.row_id
    join lateral (
        select e.* from crm.audit_entry e
        where e.business_id = t.business_id and e.table_name = 'ticket' and e.row_id = t.id::text and e.new ->> 'address_id' = m.row_id
        order by e.at desc limit 1
    ) b on true
    where not exists (select from mine o where o.table_name = 'ticket' and o.row_id = t.id::text);
$$;
comment on function internal.merge_changes(uuid) is
    'What somebody did since to the rows of a merge, and visits booked at addresses it copied: an undo would undo that too.';
