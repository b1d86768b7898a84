create or replace function api.contact_merge_changes(p_change_set_id uuid)
returns table (at timestamptz, member text, table_name text, row_id text, thing text, operation text, old jsonb, new jsonb)
language plpgsql stable security definer set search_path = ''
as $$
begin
    perform internal.require('contact_merge_changes');
    return query
        select e.at, coalesce(m.name, e.role), e.table_name, e.row_id, case e.table_name
                when 'contact' then (select c.name from crm.contact c where c.business_id = e.business_id and c.id = e.row_id::uuid)
                when 'address' then (select a.street from crm.address a where a.business_id = e.business_id and a.id = e.row_id::uuid)
                when 'attribute' then coalesce(e.old ->> 'key',
                    (select a.key from crm.attribute a where a.business_id = e.business_id and a.id = e.row_id::uuid)) end,
            e.operation, e.old, e.new
        from internal.merge_changes(p_change_set_id) e
        left join crm.member m on m.business_id = e.business_id and m.id = e.member_id
        order by e.at, e.id limit 50;
end $$;
comment on function api.contact_merge_changes(uuid) is
    'What was changed since a merge in what it had changed, by whom and when: the reason why it cannot be undone. Nothing when it can. Definer: reads the audit.';
grant execute on function api.contact_merge_changes(uuid) to crm_app, crm_support;
