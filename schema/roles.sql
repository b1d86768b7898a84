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

-- Only a superuser can hand out BYPASSRLS and close the server's side doors. Elsewhere (a managed
-- service) the catalogue lint reports what stayed open.
do $$
declare
    v_function text;
begin
    if (select rolsuper from pg_catalog.pg_roles where rolname = current_user) then
        if not (select rolbypassrls from pg_catalog.pg_roles where rolname = 'crm_backup') then
            alter role crm_backup bypassrls inherit;
            grant pg_read_all_data to crm_backup;
        end if;
        -- Large objects, signals to other sessions and WAL messages need no table privilege and
        -- know no business: nobody but the administrator gets them.
        for v_function in
            select p.oid::regprocedure::text
            from pg_catalog.pg_proc p
            where p.pronamespace = 'pg_catalog'::regnamespace
              and (p.proname ~ '^lo_' or p.proname in ('loread', 'lowrite', 'pg_terminate_backend',
                   'pg_cancel_backend', 'pg_logical_emit_message', 'pg_export_snapshot'))
              and (p.proacl is null
                   or exists (select from aclexplode(p.proacl) a where a.grantee = 0))
        loop
            execute format('revoke execute on function pg_catalog.%s from public', v_function);
        end loop;
        revoke usage on language plpgsql from public;
        grant usage on language plpgsql to crm_owner;
    else
        execute format('grant crm_owner to %I', current_user);
    end if;
end $$;

do $$
begin
    execute format('revoke all on database %I from public', current_database());
    execute format('grant connect on database %I to crm_app, crm_support, crm_backup', current_database());
    execute format('grant connect, create on database %I to crm_owner', current_database());
end $$;
revoke all on schema public from public;

create schema if not exists extensions;
grant usage on schema extensions to crm_owner;
create extension if not exists btree_gist schema extensions;
create extension if not exists hstore schema extensions;
revoke execute on all functions in schema extensions from public;
grant execute on all functions in schema extensions to crm_owner;
