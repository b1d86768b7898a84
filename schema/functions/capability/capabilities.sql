create or replace function api.capabilities()
returns table (action text, kind text, roles text[], allowed boolean, model_level text, description text, arguments text)
language plpgsql stable security definer set search_path = ''
as $$
begin
    return query
        select p.action, case when f.oid is null then 'read' when f.provolatile = 'v' then 'action' else 'read' end,
               p.roles, (internal.context()).role = any (p.roles), p.model_level,
               obj_description(f.oid, 'pg_proc'), pg_catalog.pg_get_function_arguments(f.oid)
        from internal.permission p
        left join pg_catalog.pg_proc f on f.pronamespace = 'api'::regnamespace and f.proname = p.action
        order by p.action;
end $$;
comment on function api.capabilities() is
    'Everything there is to do and to read: who may, whether you may, at which level a model may, with the description and arguments of each action. Made from permissions.sql, the catalogue and its comments, so it cannot go stale. Definer: reads the permission table.';
grant execute on function api.capabilities() to crm_app, crm_support;
