create or replace function api.series_undo_changes(p_change_set_id uuid)
returns table (at timestamptz, member text, source text, table_name text, row_id text, operation text, old jsonb, new jsonb, thing text)
language plpgsql stable security definer set search_path = ''
as $$
begin
    perform internal.require('series_undo_changes');
    perform from crm.change_set s where s.business_id = internal.current_business() and s.id = p_change_set_id and s.kind = 'series';
    if not found then perform internal.not_found('series_change'); end if;
    return query
    select e.at, m.name, e.source, e.table_name, e.row_id, e.operation, e.old, e.new,
        case when e.table_name = 'ticket' then (
            select format('The visit of %s', to_char(t.starts_at at time zone b.time_zone, 'FMDD Mon YYYY')) from crm.ticket t
            join crm.business b on b.business_id = t.business_id where t.business_id = e.business_id and t.id = e.row_id::uuid) end
    from internal.series_changes(p_change_set_id) e
    left join crm.member m on m.business_id = e.business_id and m.id = e.member_id
    order by e.at desc, e.id desc limit 50;
end $$;
comment on function api.series_undo_changes(uuid) is
    'What somebody did since to what a change of a series touched, newest first: while there is any, it cannot be undone. Definer: reads the audit.';
grant execute on function api.series_undo_changes(uuid) to crm_app, crm_support;
