create or replace function internal.series_unmake(p_change_set_id uuid) returns void
language plpgsql volatile set search_path = ''
as $$
begin
    perform internal.series_unmake_visit(t.id)
    from crm.audit_entry e join crm.ticket t on t.business_id = e.business_id and t.series_id = e.row_id::uuid
    where e.business_id = internal.current_business() and e.change_set_id = p_change_set_id and e.table_name = 'series' and e.operation = 'insert'
      and not exists (select from crm.audit_entry o where o.business_id = e.business_id and o.change_set_id = p_change_set_id
                      and o.table_name = 'ticket' and o.row_id = t.id::text);
end $$;
comment on function internal.series_unmake(uuid) is
    'Remove what the worker has made since for a series that came of this change, which nobody has touched.';
