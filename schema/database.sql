-- What the administrator closes and brings along in one database, before the owner builds in it.

-- The server's side doors. Only a superuser can close them; elsewhere the catalogue lint reports what stayed open.
do $$
declare
    v_function text;
begin
    if (select rolsuper from pg_catalog.pg_roles where rolname = current_user) then
        for v_function in
            select p.oid::regprocedure::text
            from pg_catalog.pg_proc p
            where p.pronamespace = 'pg_catalog'::regnamespace
              and (p.proname ~ '^lo_|^pg_(try_)?advisory_' or p.proname in ('loread', 'lowrite', 'pg_terminate_backend',
                   'pg_cancel_backend', 'pg_logical_emit_message', 'pg_export_snapshot'))
              and (p.proacl is null
                   or exists (select from aclexplode(p.proacl) a where a.grantee = 0))
        loop
            execute format('revoke execute on function pg_catalog.%s from public', v_function);
            if v_function ~ 'advisory' then
                execute format('grant execute on function pg_catalog.%s to crm_owner', v_function);
            end if;
        end loop;
        revoke usage on language plpgsql from public;
        grant usage on language plpgsql to crm_owner;
    end if;
end $$;

do $$
begin
    execute format('revoke all on database %I from public, crm_app, crm_support, crm_backup', current_database());
    execute format('grant connect on database %I to crm_app, crm_support, crm_backup', current_database());
    execute format('grant connect, create on database %I to crm_owner', current_database());
end $$;
revoke all on schema public from public, crm_app, crm_support, crm_backup;

create schema if not exists extensions;
grant usage on schema extensions to crm_owner;
create extension if not exists btree_gist schema extensions;
create extension if not exists hstore schema extensions;
create extension if not exists unaccent schema extensions;
do $$
begin
    revoke all on all functions in schema extensions from public, crm_app, crm_support, crm_backup;
    grant execute on all functions in schema extensions to crm_owner;
exception when division_by_zero then null;  -- a subtransaction, for the reason given in prelude/010_schemas.sql
end $$;
