-- Four rooms: crm holds tables and views, api everything callable, internal helpers and trigger
-- functions, extensions what PostgreSQL brings along (made in database.sql by the administrator).
create schema if not exists crm;
create schema if not exists api;
create schema if not exists internal;
revoke all on schema crm, api, internal from public, crm_app, crm_support, crm_backup;
grant usage on schema crm, api, internal to crm_app, crm_support, crm_backup;

-- Functions are executable by PUBLIC unless this is said globally; with `in schema` it does nothing.
alter default privileges for role crm_owner revoke execute on functions from public, crm_app, crm_support, crm_backup;

-- `create or replace` keeps old grants: take them all back, so that the files alone say what is granted.
-- In a subtransaction, which is what `exception` makes: the orphan gate asks which functions this transaction
-- has not written, and a function that only lost its grants here must still look unwritten.
do $$
begin
    revoke all on all functions in schema api, internal from public, crm_app, crm_support, crm_backup;
exception when division_by_zero then null;
end $$;
