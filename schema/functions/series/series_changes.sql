create or replace function internal.series_changes(p_change_set_id uuid) returns setof crm.audit_entry
language sql stable set search_path = ''
as $$
    with mine as (
        select e.table_name, e.row_id, max(e.at) as at,
            bool_or(e.table_name = 'series' and e.operation = 'insert') as is_new_series, bool_or(e.table_name = 'ticket' and e.operation = 'insert') as is_new_visit
        from crm.audit_entry e
        where e.business_id = (select internal.current_business()) and e.change_set_id = p_change_set_id
        group by e.table_name, e.row_id
    ), new_visit as (
        select m.row_id from mine m where m.is_new_visit
        union
        -- What the series that it made has made since is gone with it, unless somebody had a hand in it.
        select t.id::text from mine m join crm.ticket t on t.business_id = (select internal.current_business()) and t.series_id::text = m.row_id
        where m.is_new_series and not exists (select from mine o where o.table_name = 'ticket' and o.row_id = t.id::text)
    )
    select l.* from mine m
    join crm.audit_entry l on l.business_id = (select internal.current_business()) and l.table_name = m.table_name and l.row_id = m.row_id
        and l.at > m.at and l.change_set_id is distinct from p_change_set_id
    -- Mails, and who waits for a sooner time, go with their visit; that one was sent is nobody's change of it.
    where not internal.change_is_undone(l.change_set_id) and l.table_name not in ('message', 'job', 'freed_slot', 'waitlist_offer', 'waitlist_entry')
    union all
    select l.* from new_visit v
    join crm.audit_entry l on l.business_id = (select internal.current_business()) and l.table_name = 'ticket' and l.row_id = v.row_id
        and l.operation <> 'insert' and l.change_set_id is distinct from p_change_set_id
    where not exists (select from mine m where m.table_name = 'ticket' and m.row_id = v.row_id) and not internal.change_is_undone(l.change_set_id)
    union all
    -- Something hangs on a visit now that would be gone.
    select l.* from new_visit v
    join crm.audit_entry l on l.business_id = (select internal.current_business()) and l.change_set_id is distinct from p_change_set_id
        and l.table_name in ('note', 'file', 'line_item', 'task', 'message') and l.operation = 'insert' and l.source <> 'worker'
        and l.contact_id = (select t.contact_id from crm.ticket t where t.business_id = (select internal.current_business()) and t.id::text = v.row_id)
        and l.new ->> 'ticket_id' = v.row_id;
$$;
comment on function internal.series_changes(uuid) is 'What somebody did since to what a change of a series, or a move of a visit, touched: an undo would undo that too.';
