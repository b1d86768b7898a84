"""What somebody who can type any SQL may not do, as the application and as a person with psql.

Each attack is sent by a real login with Tidy's owner's signed context, and what is not refused is
committed: Rival's rows are compared afterwards.
"""

import re
from collections.abc import Callable, Iterator

import psycopg
import pytest
from psycopg.rows import namedtuple_row

from crm.context import Signer
from tests.conftest import PEOPLE, RIVAL, TIDY
from tests.rls.stage import BETRAYED, CANARY, Connection, Stage, digest, row_id

LOGINS = ("crm_app", "crm_support")

# name: statement, refused with 42501 (insufficient privilege)
FORBIDDEN = {
    # files, programs, the server
    "copy_to_a_file": "copy crm.contact to '/tmp/contacts'",
    "copy_to_a_program": "copy crm.contact to program 'cat'",
    "copy_from_a_file": "copy crm.contact from '/etc/passwd'",
    "copy_from_a_program": "copy crm.contact (name) from program 'id'",
    "copy_accounts_out": "copy crm.account to stdout",
    "copy_contacts_in": "copy crm.contact (name) from stdin",
    "copy_a_query_with_secrets": "copy (select * from internal.context_key) to stdout",
    "read_a_file": "select pg_read_file('postgresql.conf')",
    "read_a_binary_file": "select pg_read_binary_file('PG_VERSION')",
    "list_a_folder": "select pg_ls_dir('.')",
    "list_the_logs": "select pg_ls_logdir()",
    "list_the_wal": "select pg_ls_waldir()",
    "stat_a_file": "select pg_stat_file('PG_VERSION')",
    "import_a_large_object": "select lo_import('/etc/passwd')",
    "export_a_large_object": "select lo_export(1, '/tmp/x')",
    "make_a_large_object": "select lo_from_bytea(0, 'x')",
    "create_a_large_object": "select lo_create(0)",
    "read_a_large_object": "select lo_get(1)",
    "open_a_large_object": "select lo_open(1, 262144)",
    "drop_a_large_object": "select lo_unlink(1)",
    "read_all_large_objects": "select * from pg_largeobject",
    "end_a_session": "select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid()",
    "cancel_a_query": "select pg_cancel_backend(pid) from pg_stat_activity where pid <> pg_backend_pid()",
    "flood_the_wal": "select pg_logical_emit_message(false, 'x', repeat('x', 1000000))",
    "hold_a_snapshot": "select pg_export_snapshot()",
    "reload_the_server": "select pg_reload_conf()",
    "rotate_the_log": "select pg_rotate_logfile()",
    "switch_the_wal": "select pg_switch_wal()",
    "make_a_restore_point": "select pg_create_restore_point('x')",
    "promote": "select pg_promote()",
    "start_a_backup": "select pg_backup_start('x')",
    "reset_statistics": "select pg_stat_reset()",
    "log_memory": "select pg_log_backend_memory_contexts(pg_backend_pid())",
    "make_a_replication_slot": "select pg_create_physical_replication_slot('x')",
    "make_a_logical_slot": "select pg_create_logical_replication_slot('x', 'pgoutput')",
    "make_a_replication_origin": "select pg_replication_origin_create('x')",
    "checkpoint": "checkpoint",
    "load_a_library": "load '/tmp/evil'",
    # catalogues with secrets or samples
    "read_passwords": "select * from pg_authid",
    "read_shadow": "select * from pg_shadow",
    "read_hba": "select * from pg_hba_file_rules",
    "read_settings_files": "select * from pg_file_settings",
    "read_column_samples": "select * from pg_statistic",
    # another role, other rules
    "become_the_owner": "set role crm_owner",
    "become_the_superuser": "set role postgres",
    "become_the_backup": "set role crm_backup",
    "become_a_reader_of_everything": "set role pg_read_all_data",
    "become_the_owner_by_a_setting": "select set_config('role', 'crm_owner', true)",
    "log_in_as_the_superuser": "set session authorization postgres",
    "skip_triggers": "set session_replication_role = replica",
    "skip_triggers_for_good": "alter role current_user set session_replication_role = replica",
    "change_the_catalogue": "set allow_system_table_mods = on",
    "stop_the_log": "set log_statement = 'none'",
    "hide_from_activity": "set track_activities = off",
    "preload_a_library": "set session_preload_libraries = 'evil'",
    "fill_the_disk": "set temp_file_limit = -1",
    "alter_the_catalogue": "update pg_class set relrowsecurity = false where relname = 'contact'",
    "become_a_superuser": "alter role current_user superuser",
    "bypass_the_wall": "alter role current_user bypassrls",
    "make_roles": "alter role current_user createrole",
    "replicate": "alter role current_user replication",
    "let_the_owner_in": "alter role crm_owner login",
    "change_the_superusers_password": "alter role postgres password 'x'",
    "settings_for_everybody": "alter role all set row_security = off",
    "grant_the_owner": "grant crm_owner to current_user",
    "grant_reading_everything": "grant pg_read_all_data to current_user",
    "grant_accounts": "grant select on crm.account to current_user",
    "grant_a_secret_function": "grant execute on function internal.sign_context to current_user",
    "default_privileges_of_the_owner": "alter default privileges for role crm_owner grant select on tables to current_user",
    "make_a_role": "create role evil",
    "drop_what_the_owner_has": "drop owned by crm_owner",
    "take_what_the_owner_has": "reassign owned by crm_owner to current_user",
    # definitions
    "make_a_table": "create table crm.evil (i integer)",
    "make_an_internal_table": "create table internal.evil (i integer)",
    "make_a_public_table": "create table public.evil (i integer)",
    "make_a_temporary_table": "create temp table contact (i integer)",
    "make_a_temporary_view": "create temp view contact as select 1",
    "select_into": "select * into public.evil from crm.contact",
    "make_a_view": "create view crm.evil as select 1",
    "make_a_materialized_view": "create materialized view public.evil as select * from crm.contact",
    "make_a_function": "create function api.evil() returns integer language sql as 'select 1'",
    "make_a_temporary_function": "create function pg_temp.lower(text) returns text language sql as 'select 1'",
    "make_an_operator": "create operator public.= (function = uuid_eq, leftarg = uuid, rightarg = uuid)",
    "make_a_type": "create type public.evil as (a integer)",
    "make_a_domain": "create domain public.evil as integer",
    "make_a_sequence": "create sequence public.evil",
    "make_a_schema": "create schema evil",
    "make_a_collation": 'create collation public.evil from "C"',
    "make_a_cast": "create cast (integer as uuid) with inout",
    "make_a_trigger": "create trigger evil before update on crm.contact for each row execute function internal.tg_touch()",
    "make_a_rule": "create rule evil as on insert to crm.contact do also notify evil",
    "make_an_event_trigger": "create event trigger evil on ddl_command_start execute function internal.tg_touch()",
    "make_a_policy": "create policy evil on crm.contact using (true)",
    "make_an_index": "create index on crm.contact (name)",
    "make_statistics": "create statistics crm.evil on name, email from crm.contact",
    "make_a_publication": "create publication evil",
    "make_a_foreign_data_wrapper": "create foreign data wrapper evil",
    "make_an_extension": "create extension pg_trgm schema extensions",
    "run_a_block": "do $$ begin perform 1; end $$",
    "drop_the_wall": "drop policy wall on crm.contact",
    "open_the_wall": "alter policy wall on crm.contact using (true)",
    "switch_the_wall_off": "alter table crm.contact disable row level security",
    "let_the_owner_through": "alter table crm.contact no force row level security",
    "take_the_table": "alter table crm.contact owner to current_user",
    "switch_triggers_off": "alter table crm.contact disable trigger all",
    "add_a_column": "alter table crm.contact add column evil integer",
    "change_a_default": "alter table crm.contact alter column name set default 'evil'",
    "attach_a_partition": "alter table crm.audit_entry detach partition crm.audit_entry_default",
    "drop_the_table": "drop table crm.contact",
    "drop_the_schema": "drop schema crm cascade",
    "drop_a_function": "drop function internal.context()",
    "weaken_a_function": "alter function internal.context() security invoker",
    "move_a_search_path": "alter function internal.context() set search_path = public",
    "take_the_schema": "alter schema api owner to current_user",
    "change_the_database": "alter database stage set row_security = off",
    "comment_on_the_table": "comment on table crm.contact is 'evil'",
    # locks that need more than reading
    "lock_the_table": "lock table crm.contact in access exclusive mode",
    "lock_out_writers": "lock table crm.contact in share mode",
    "lock_rows": "select * from crm.contact for update",
    "lock_rows_weakly": "select * from crm.contact for key share",
    "reindex": "reindex table crm.contact",
    "cluster": "cluster crm.contact using contact_pkey",
    # what functions keep to themselves
    "sign_a_context": "select internal.sign_context('{rival}', null, 'owner', 'person', 'web')",
    "compute_a_signature": "select internal.context_mac('x', 'y')",
    "act_as_somebody_else": "select internal.act_as('{rival}', null, 'owner')",
    "install_a_key": "select internal.context_key_set(sha256('x'))",
    "make_a_business": "select internal.business_make('{rival}', 'x@example.com', '{{}}')",
    "ask_for_work": "select internal.enqueue('sign_in_mail', 'x')",
    "forge_a_security_event": "select internal.security_event_record('sign_in')",
    "skip_the_question": "select internal.require('member_disable')",
    "make_partitions": "select internal.audit_partitions_make(1200)",
    "call_a_trigger_function": "select internal.tg_audit()",
    "use_an_extension": "select extensions.hstore('a', 'b')",
    "read_keys": "select * from internal.context_key",
    "read_permissions": "select * from internal.permission",
    "read_memberships": "select * from internal.membership",
    "read_the_queue": "select * from internal.job_queue",
    "read_what_is_searched": "select * from internal.contact_search",
    "write_what_is_searched": "select internal.contact_search_refresh(array['{row}'::uuid])",
    "ask_as_another_search": "select internal.search_query('{word}', false)",
    "read_accounts": "select * from crm.account",
    "read_links": "select * from crm.sign_in_link",
    "read_payloads": "select payload from crm.job",
    "read_payloads_as_a_row": "select j::text from crm.job j",
    "read_payloads_as_json": "select to_jsonb(j) from crm.job j",
    "read_accounts_through_text_search": "select ts_stat('select to_tsvector(email) from crm.account')",
    "read_without_the_wall": "set local row_security = off;; select * from crm.contact",
}

# The same for statements that run only outside a transaction.
ALONE = {
    "alter_the_system": "alter system set fsync = off",
    "make_a_database": "create database evil",
    "drop_the_database": "drop database postgres",
    "make_a_tablespace": "create tablespace evil location '/tmp'",
    "subscribe": "create subscription evil connection 'host=/nowhere' publication evil with (connect = false)",
    "chain_statements": "select 1; drop table crm.contact",
}  # fmt: skip

# name: statement that is allowed, and must not say a word about Rival
HARMLESS = {
    "sample_the_table": "select * from crm.contact tablesample system (100)",
    "fetch_by_position": "select * from crm.contact where ctid in ('(0,1)', '(0,2)', '(0,3)', '(0,4)', '(0,5)', '(0,6)')",
    "copy_the_table_out": "copy crm.contact to stdout",
    "ask_for_their_business": "select * from crm.contact where business_id = '{rival}'",
    "ask_for_their_row": "select * from crm.contact where id = '{row}'",
    "or_true": "select * from crm.contact where id = '{row}' or true",
    "union_of_everything": "select name from crm.contact union all select name from crm.service union all select name from crm.member",
    "whole_rows": "select c::text, to_jsonb(c), array_agg(c) over () from crm.contact c",
    "lateral_join": "select * from crm.business b, lateral (select * from crm.contact c where c.business_id <> b.business_id or true) c",
    "recursive_query": "with recursive r as (select id from crm.contact union select c.id from crm.contact c, r) select * from r",
    "outer_join_on_their_id": "select * from (values ('{row}'::uuid)) v(id) left join crm.contact c on c.id = v.id and c.name is not null",
    "exists_oracle": "select exists (select from crm.contact where business_id = '{rival}')",
    "count_oracle": "select count(*) from crm.ticket where business_id <> (select business_id from crm.business)",
    "division_oracle": "select name from crm.contact where 1 / (case when business_id = '{rival}' then 0 else 1 end) = 1",
    "cast_oracle": "select name from crm.contact where case when business_id = '{rival}' then name::integer = 1 else true end",
    "regex_oracle": "select name from crm.contact where name ~ (case when business_id = '{rival}' then '(' else '.' end)",
    "sleep_oracle": "select name from crm.contact where case when business_id = '{rival}' then pg_sleep(9) is null else true end",
    "order_by_oracle": "select 1 from crm.contact order by 1 / (case when business_id = '{rival}' then 0 else 1 end)",
    "error_text_oracle": "select name::integer from crm.contact order by name desc",
    "json_error_oracle": "select name::jsonb from crm.contact order by name desc",
    "search": "select * from api.contact_search('{word}', 100)",
    "search_by_their_key": "select * from api.contact_search(left(md5('{rival}'), 8) || '{word}', 100)",
    "search_for_a_fact": "select * from api.contact_search('{word}: {word}', 100)",
    "search_with_operators": "select * from api.contact_search('x'' | !''y'':*', 100)",
    "search_for_digits": "select * from api.contact_search('0133', 100)",
    "explain": "explain (verbose, format json) select * from crm.contact where name like '{word}%'",
    "explain_analyze": "explain (analyze, verbose, buffers) select * from crm.contact where name like 'r%'",
    "explain_generic": "explain (generic_plan) select * from crm.contact where business_id = $1",
    "column_statistics": "select * from pg_stats where schemaname in ('crm', 'internal')",
    "expression_statistics": "select * from pg_stats_ext_exprs",
    "other_sessions": "select * from pg_stat_activity",
    "prepared_statements": "select * from pg_prepared_statements",
    "cursors": "select * from pg_cursors",
    "locks": "select l.*, relation::regclass from pg_locks l",
    "settings": "select name, setting, reset_val from pg_settings",
    "role_settings": "select * from pg_db_role_setting",
    "source_of_functions": "select prosrc from pg_proc where pronamespace in ('api'::regnamespace, 'internal'::regnamespace)",
    "information_schema": "select * from information_schema.columns where table_schema in ('crm', 'internal')",
    "policies": "select * from pg_policies",
    "comments": "select * from pg_description where objoid > 16384",
    "large_object_list": "select * from pg_largeobject_metadata",
    "search_path_of_mine": "select set_config('search_path', 'pg_temp, public, crm', true);; select * from contact",
    "grant_what_i_have": "grant select on crm.contact to public",
    "revoke_from_colleagues": "revoke select on crm.contact from crm_app, crm_support",
    "analyze": "analyze crm.contact",
    "forget_the_context": "select set_config('app.context', current_setting('app.context'), true), c.name from crm.contact c",
    "swap_the_business_in_the_statement": "select set_config('app.context', replace(current_setting('app.context'), '{tidy}', '{rival}'), false)",
    "swap_the_role_in_the_statement": "select set_config('app.context', replace(current_setting('app.context'), '|owner|', '|worker|'), false)",
    "set_what_somebody_might_believe": "select set_config('app.business_id', '{rival}', false), set_config('app.tenant', '{rival}', false), (select string_agg(name, ',') from crm.contact)",
    "listen": "listen contact",
    "notify": "notify contact, 'x'",
    "no_time_limit": "set local statement_timeout = 0",
    "generic_plans": "set local plan_cache_mode = force_generic_plan",
    "nul_character": "select chr(0)",
    "nul_in_json": "select '\"\\u0000\"'::jsonb",
    "huge_text": "select length(repeat('x', 10000000))",
    "parallel_workers": "set local debug_parallel_query = on",
}  # fmt: skip

# Which of those may fail, and how: with the attacker's own rows' words or no words at all.
ERRORS = {"error_text_oracle": "22P02", "json_error_oracle": "22P02", "nul_character": "54000", "nul_in_json": "22P05"}


@pytest.fixture(scope="module", params=LOGINS)
def login(request: pytest.FixtureRequest, built: Stage) -> Iterator[Connection]:
    with psycopg.connect(built.url(request.param), row_factory=namedtuple_row) as connection:
        yield connection


@pytest.fixture(scope="module")
def before(built: Stage) -> dict[str, str]:
    digests = built.digest()
    built.connection.rollback()  # or what an attack asks for would wait for this
    return digests


@pytest.fixture
def attack(
    request: pytest.FixtureRequest, login: Connection, built: Stage, signer: Signer, before: dict[str, str]
) -> Iterator[Callable[..., str]]:
    """Send a statement as Tidy's owner; return what the attacker gets to read. Rival is compared afterwards."""

    def send(statement: str, *, alone: bool = False) -> str:
        login.rollback()
        login.autocommit = alone
        login.execute("select set_config('app.context', %s, %s)", (signer.sign(PEOPLE["owner"].actor()), not alone))
        said = ""
        for one in statement.format(rival=RIVAL, tidy=TIDY, row=row_id("contact"), word=CANARY).split(";; "):
            if re.search("^copy .* (stdin|stdout)", one):
                with login.cursor().copy(one) as copy:  # type: ignore[call-overload]
                    said = b"".join(bytes(block) for block in copy).decode() if "stdout" in one else ""
            else:
                cursor = login.execute(one)  # type: ignore[call-overload]
                said = repr(cursor.fetchall()) if cursor.description else ""
        if not alone:
            login.commit()
        return said

    yield send
    login.rollback()
    login.autocommit = False
    login.execute("select set_config('app.context', '', false)")
    login.commit()
    if request.node.name.startswith("test_is_forbidden["):
        return  # refused, so rolled back
    built.connection.rollback()
    assert digest(built.connection, built.columns) == before, "Rival's rows have changed"
    built.connection.rollback()


@pytest.mark.parametrize("name", FORBIDDEN)
def test_is_forbidden(attack: Callable[..., str], name: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege) as caught:
        attack(FORBIDDEN[name])
    assert not BETRAYED.search(str(caught.value))


@pytest.mark.parametrize("name", ALONE)
def test_is_forbidden_outside_a_transaction(attack: Callable[..., str], name: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        attack(ALONE[name], alone=True)


@pytest.mark.parametrize("name", HARMLESS)
def test_says_nothing_of_rival(attack: Callable[..., str], name: str) -> None:
    try:
        said, sqlstate = attack(HARMLESS[name]), None
    except psycopg.Error as error:
        diag, sqlstate = error.diag, error.sqlstate
        said = f"{diag.message_primary} {diag.message_detail} {diag.message_hint} {diag.context}"
    assert sqlstate == ERRORS.get(name), said
    # What the attacker wrote comes back; what Rival wrote must not.
    said = re.sub(rf"'?{CANARY}%", "", said)
    assert not BETRAYED.search(said)
    assert str(row_id("contact")) not in said or name == "outer_join_on_their_id"
