-- Roles belong to the whole cluster, so this file only adds what is missing: several databases
-- of one cluster (the test suite's, say) may run it at the same moment.
-- Run by the administrator who applies the schema. Passwords are set by `crm db apply`, never here.
do $$
declare
    v_role record;
begin
    for v_role in
        select * from (values
            ('crm_owner',   'nologin'),  -- owns every object; no BYPASSRLS, so the wall stands for it too
            ('crm_app',     'login'),    -- web, worker and MCP: select on tables, execute on api.*
            ('crm_support', 'login'),    -- people with psql: the same rights as the application
            ('crm_backup',  'login')     -- pg_dump: reads everything, writes nothing
        ) as wanted(name, may_login)
    loop
        begin
            if not exists (select from pg_catalog.pg_roles where rolname = v_role.name) then
                execute format('create role %I %s nosuperuser nocreatedb nocreaterole noreplication noinherit',
                               v_role.name, v_role.may_login);
            end if;
            if v_role.name in ('crm_app', 'crm_support') and not exists (
                select from pg_catalog.pg_db_role_setting s join pg_catalog.pg_roles r on r.oid = s.setrole
                where r.rolname = v_role.name and s.setdatabase = 0)
            then
                -- Limits for connections that cannot carry them in their options (a transaction pooler).
                execute format('alter role %I set statement_timeout = %L', v_role.name, '5s');
                execute format('alter role %I set lock_timeout = %L', v_role.name, '3s');
                execute format('alter role %I set idle_in_transaction_session_timeout = %L', v_role.name, '10s');
                execute format('alter role %I set timezone = %L', v_role.name, 'UTC');
            end if;
        exception when duplicate_object or unique_violation then
            null;  -- another database of this cluster was faster
        end;
    end loop;
end $$;

-- Only a superuser can hand out BYPASSRLS; elsewhere (a managed service) the administrator joins the owner.
do $$
begin
    if (select rolsuper from pg_catalog.pg_roles where rolname = current_user) then
        if not (select rolbypassrls from pg_catalog.pg_roles where rolname = 'crm_backup') then
            alter role crm_backup bypassrls;
        end if;
        if not exists (select from pg_catalog.pg_db_role_setting s join pg_catalog.pg_roles r on r.oid = s.setrole
                       where r.rolname = 'crm_app' and s.setconfig::text ~ 'temp_file_limit') then
            alter role crm_app set temp_file_limit = '64MB';
            alter role crm_support set temp_file_limit = '64MB';
        end if;
    else
        execute format('grant crm_owner to %I', current_user);
    end if;
end $$;
