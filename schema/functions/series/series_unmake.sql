create or replace function internal.series_unmake(p_change_set_id uuid) returns void
language plpgsql volatile set search_path = ''
as $$
declare
    v_business uuid := internal.current_business();
    v_tickets uuid[] := array(
        select t.id from crm.audit_entry e join crm.ticket t on t.business_id = e.business_id and t.series_id = e.row_id::uuid
        where e.business_id = v_business and e.change_set_id = p_change_set_id and e.table_name = 'series' and e.operation = 'insert'
          and not exists (select from crm.audit_entry o where o.business_id = v_business and o.change_set_id = p_change_set_id
                          and o.table_name = 'ticket' and o.row_id = t.id::text));
begin
    delete from crm.message m where m.business_id = v_business and m.ticket_id = any (v_tickets) and m.status in ('pending', 'cancelled');
    delete from crm.task k where k.business_id = v_business and k.ticket_id = any (v_tickets);
    delete from crm.line_item l where l.business_id = v_business and l.ticket_id = any (v_tickets);
    delete from crm.assignment a where a.business_id = v_business and a.ticket_id = any (v_tickets);
    delete from crm.done_action d where d.business_id = v_business and d.ticket_id = any (v_tickets);
    delete from crm.ticket t where t.business_id = v_business and t.id = any (v_tickets);
end $$;
comment on function internal.series_unmake(uuid) is
    'Remove what the worker has made since for a series that came of this change, which nobody has touched.';
