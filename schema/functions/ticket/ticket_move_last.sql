create or replace function api.ticket_move_last(p_ticket_id uuid) returns table (change_set_id uuid, ticket_id uuid, name text)
language plpgsql stable security definer set search_path = ''
as $$
begin
    perform internal.require('ticket_move_last');
    return query
    select s.id, t.id, c.name
    from crm.ticket t
    join crm.contact c on c.business_id = t.business_id and c.id = t.contact_id
    cross join lateral (
        select e.change_set_id from crm.audit_entry e
        where e.business_id = t.business_id and e.table_name in ('ticket', 'assignment') and e.row_id = t.id::text and e.change_set_id is not null
        order by e.at desc limit 1) l
    join crm.change_set s on s.business_id = t.business_id and s.id = l.change_set_id
    where t.business_id = internal.current_business() and t.id = p_ticket_id and t.status in ('scheduled', 'in_progress')
      and s.kind = 'move' and s.undone_at is null and s.created_at > internal.now() - interval '1 hour' and s.member_id = internal.current_member()
      and not exists (select from internal.series_changes(s.id));
end $$;
comment on function api.ticket_move_last(uuid) is
    'The move of a visit that whoever asks made within the last hour, if nothing was done to the visit since: what ticket_move_undo would take back. Definer: reads the audit.';
grant execute on function api.ticket_move_last(uuid) to crm_app, crm_support;
