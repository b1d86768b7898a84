create or replace function internal.series_is_undoing(p_ticket_id uuid, p_series_id uuid) returns boolean
language sql stable set search_path = ''
begin atomic
    select exists (
        select from crm.change_set s
        where s.business_id = (select internal.current_business()) and s.id = nullif(current_setting('app.change_set', true), '')::uuid
          and s.kind in ('series', 'move') and s.undone_at = internal.now()
          and exists (
              select from crm.audit_entry e
              where e.business_id = s.business_id and e.change_set_id = s.id
                and (e.table_name = 'ticket' and e.row_id = p_ticket_id::text
                     or e.table_name = 'series' and e.row_id = p_series_id::text and e.operation = 'insert')));
end;
comment on function internal.series_is_undoing(uuid, uuid) is
    'Whether this very transaction undoes a change of a series, or a move, that this visit was part of: then what the change cancelled is open again, and what it made is gone.';
