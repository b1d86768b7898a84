create or replace function internal.change_set_conflicts(p_change_set_id uuid) returns table (table_name text, row_id text)
language sql stable security definer set search_path = ''
begin atomic
    select c.table_name, c.row_id
    from (select e.table_name, e.row_id, max(e.at) as at from crm.audit_entry e
          where e.business_id = (select internal.current_business()) and e.change_set_id = p_change_set_id
          group by e.table_name, e.row_id) c
    where exists (select from crm.audit_entry l
                  where l.business_id = (select internal.current_business()) and l.table_name = c.table_name and l.row_id = c.row_id
                    and l.at > c.at and l.change_set_id is distinct from p_change_set_id
                    and not internal.change_is_undone(l.change_set_id));
end;
comment on function internal.change_set_conflicts(uuid) is
    'The rows of a change set that somebody changed later: undoing would undo that too. Definer: reads the audit.';
