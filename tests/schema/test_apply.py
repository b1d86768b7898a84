"""`crm db apply`: the same twice, whole or not at all, and nothing in the database that no file wrote.

Each test has a database of its own in the test cluster, copied from one that was applied once.
"""

import hashlib
import hmac
import re
import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql

from crm import context, schema
from crm.embedded import client_environment, postgres_binaries
from crm.paths import SCHEMA
from crm.run import Home
from crm.schema import SchemaError
from tests.conftest import TIDY

KEY, NEXT_KEY = "the-first-key-of-these-databases!!", "the-key-that-comes-after-the-first!"
numbers = count()


@contextmanager
def made(home: Home, template: str = "template1") -> Iterator[str]:
    """A database, dropped at the end. Its name."""
    name = f"apply_{next(numbers)}"
    with psycopg.connect(home.url("postgres", "postgres"), autocommit=True) as connection:
        connection.execute(
            sql.SQL("create database {} template {}").format(sql.Identifier(name), sql.Identifier(template))
        )
        try:
            yield name
        finally:
            connection.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


@pytest.fixture(scope="module")
def applied(home: Home) -> Iterator[str]:
    """The database that the others are copies of: made from the files, and nobody was in it."""
    with made(home) as name:
        report = apply(home, name)
        assert report.created
        yield name


class Copies:
    """A copy of that database for each test; one that was left as it was found serves the next test too."""

    def __init__(self, home: Home, template: str) -> None:
        self.home, self.template = home, template
        self.found = state(home, template)
        self.at_hand: AbstractContextManager[str] | None = None
        self.name = ""

    def take(self) -> str:
        if self.at_hand is None:
            self.at_hand = made(self.home, self.template)
            self.name = self.at_hand.__enter__()
        return self.name

    def give_back(self) -> None:
        if self.at_hand and state(self.home, self.name) != self.found:
            self.drop()

    def drop(self) -> None:
        if self.at_hand:
            self.at_hand.__exit__(None, None, None)
            self.at_hand = None


@pytest.fixture(scope="module")
def copies(home: Home, applied: str) -> Iterator[Copies]:
    copies = Copies(home, applied)
    yield copies
    copies.drop()


@pytest.fixture
def place(copies: Copies) -> Iterator[str]:
    """A database to which the files were applied once."""
    yield copies.take()
    copies.give_back()


@pytest.fixture
def empty(home: Home) -> Iterator[str]:
    with made(home) as name:
        yield name


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A copy of schema/ to write in."""
    return Path(shutil.copytree(SCHEMA, tmp_path / "schema"))


def apply(home: Home, name: str, files: Path = SCHEMA, key: str = KEY, **more: Any) -> schema.Report:
    return schema.apply(home.url("postgres", name), schema=files, context_key=key.encode(), **more)


def by_hand(home: Home, name: str, *statements: str) -> list[Any]:
    """Type something as the administrator; the rows of the last statement."""
    with psycopg.connect(home.url("postgres", name), autocommit=True) as connection:
        for statement in statements:
            cursor = connection.execute(statement)  # type: ignore[call-overload]
        return cursor.fetchall() if cursor.description else []


def dump(home: Home, name: str) -> str:
    """Everything that can be said of a database without its rows: objects, owners, grants, comments."""
    command = [postgres_binaries() / "pg_dump", "--schema-only", home.url("postgres", name)]
    done = subprocess.run(command, env=client_environment(), capture_output=True, text=True, check=True)
    # A key that pg_dump makes anew each time.
    return re.sub(r"^\\(un)?restrict .*$", "", done.stdout, flags=re.M)


CLUSTER = """
select 'role ' || r.rolname, to_jsonb(r) - 'oid' - 'rolpassword' from pg_roles r
union all select 'member', to_jsonb(m) - 'oid' from pg_auth_members m
union all select 'setting', to_jsonb(s) from pg_db_role_setting s
order by 1, 2
"""
REMEMBERED = """
select 'permission', to_jsonb(p) from internal.permission p
union all select 'object', to_jsonb(o) from internal.table_object o
union all select 'migration', to_jsonb(m) - 'applied_at' from internal.migration m
union all select 'key', to_jsonb(k) from internal.context_key k
union all select 'function in pg_catalog', to_jsonb(p.proacl::text) from pg_proc p
          where p.pronamespace = 'pg_catalog'::regnamespace and p.proacl is not null
order by 1, 2
"""


def state(home: Home, name: str) -> tuple[str, list[Any], list[Any]]:
    return dump(home, name), by_hand(home, name, CLUSTER), by_hand(home, name, REMEMBERED)


def at_once(*calls: Callable[[], object]) -> list[object]:
    """What each call returned or raised, all begun at the same moment."""
    barrier = threading.Barrier(len(calls))
    results: list[object] = [None] * len(calls)

    def run(number: int) -> None:
        barrier.wait()
        try:
            results[number] = calls[number]()
        except Exception as error:
            results[number] = error

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


# ---- the same twice -----------------------------------------------------------------------------------


def test_applying_twice_changes_nothing(home: Home, place: str) -> None:
    before = state(home, place)
    report = apply(home, place)
    assert (report.created, report.migrations) == (False, [])
    assert state(home, place) == before


def test_two_applies_at_once_make_one_database(home: Home, empty: str, applied: str) -> None:
    reports = at_once(*[lambda: apply(home, empty)] * 2)
    assert sorted(getattr(report, "created", report) for report in reports) == [False, True], reports
    assert dump(home, empty) == dump(home, applied)


def test_two_databases_of_one_cluster_are_applied_at_once(home: Home, place: str, empty: str) -> None:
    """Roles and their passwords belong to both."""
    passwords = {role: home.secrets[role] for role in ("crm_app", "crm_support", "crm_backup")}
    for _ in range(3):
        reports = at_once(*(lambda name=name: apply(home, name, passwords=passwords) for name in (place, empty)))
        assert not [report for report in reports if isinstance(report, Exception)]


# ---- nothing that no file wrote -----------------------------------------------------------------------

MADE_BY_OURSELVES = {  # by a file that is gone, or by hand in the owner's name: the line that undoes it
    "create function api.contact_archive(p_contact_id uuid) returns void language sql as ''; "
    "grant execute on function api.contact_archive(uuid) to crm_app": "drop function api.contact_archive(uuid);",
    "create function internal.own() returns int language sql as 'select 1'": "drop function internal.own();",
    "create procedure internal.own_steps() language sql as ''": "drop procedure internal.own_steps();",
    "create view crm.own as select 1 as one; grant select on crm.own to crm_app": "drop view crm.own;",
    "create trigger own before update on crm.contact for each row execute function internal.tg_touch()":
        "drop trigger own on crm.contact;",
    "create policy own on crm.contact using (true)": "drop policy own on crm.contact;",
    "create rule own as on delete to crm.contact do instead nothing": "drop rule own on crm.contact;",
    "create table api.own (id int)": "drop table api.own;",
}  # fmt: skip
MADE_BY_THE_ADMINISTRATOR = {
    "create function internal.hand_made() returns int language sql as 'select 1'": "drop function internal.hand_made();",
    "create function public.hand_made() returns int language sql as 'select 1'": "drop function public.hand_made();",
    "create function extensions.hand_made() returns int language sql as 'select 1'":
        "drop function extensions.hand_made();",
    "create aggregate api.hand_made_sum(int) (sfunc = int4pl, stype = int)": "drop aggregate api.hand_made_sum(integer);",
    "create view crm.hand_made as select 1 as one": "drop view crm.hand_made;",
    "create table public.hand_made (id int)": "drop table public.hand_made;",
    "create sequence public.hand_made_number": "drop sequence public.hand_made_number;",
    "create schema hand_made": "drop schema hand_made cascade;",
}  # fmt: skip
DRIFT = {
    "create table crm.own_table (id int primary key)": "drop table crm.own_table;",
    "create sequence crm.own_number": "drop sequence crm.own_number;",
    "create materialized view crm.own_copy as select 1 as one": "drop materialized view crm.own_copy;",
    "create type crm.own_kind as enum ('a')": "drop type crm.own_kind;",
    "create domain internal.own_word as text": "drop domain internal.own_word;",
    "alter table crm.contact add column own int": "alter table crm.contact drop column own;",
    "alter table crm.contact add constraint contact_own check (name <> 'x')":
        "alter table crm.contact drop constraint contact_own;",
    "create index contact_own_index on crm.contact (note)": "drop index crm.contact_own_index;",
}  # fmt: skip


def lines_of(home: Home, place: str) -> list[str]:
    """What a refused apply tells people to type. It has changed nothing."""
    before = state(home, place)
    with pytest.raises(SchemaError) as refused:
        apply(home, place)
    assert state(home, place) == before
    return re.findall(r"(?:drop|alter) .*;", str(refused.value))


@pytest.mark.parametrize("orphans", [MADE_BY_OURSELVES, DRIFT], ids=["code", "tables"])
def test_what_no_file_describes_stops_the_apply_until_a_migration_drops_it(
    home: Home, place: str, files: Path, orphans: dict[str, str]
) -> None:
    by_hand(home, place, "set role crm_owner", *orphans)
    lines = lines_of(home, place)
    assert sorted(lines) == sorted(orphans.values())
    (files / "migrations").mkdir(exist_ok=True)
    (files / "migrations" / "0901_contact_drop_by_hand.sql").write_text("\n".join(lines))
    assert apply(home, place, files).migrations == ["0901_contact_drop_by_hand.sql"]
    by_hand(home, place, "delete from internal.migration where name like '0901%'")
    apply(home, place)


def test_what_the_administrator_made_stops_the_apply_until_it_is_dropped(home: Home, place: str) -> None:
    by_hand(home, place, *MADE_BY_THE_ADMINISTRATOR)
    lines = lines_of(home, place)
    assert sorted(lines) == sorted(MADE_BY_THE_ADMINISTRATOR.values())
    by_hand(home, place, *lines)
    apply(home, place)


def test_tables_that_were_narrowed_by_hand_stop_the_apply_and_say_what_was_there(home: Home, place: str) -> None:
    by_hand(
        home, place,
        "alter table crm.contact drop constraint contact_name_is_given",
        "alter table crm.address drop column label",
        "drop index crm.contact_by_email",
        "alter table crm.service alter column unit_label type varchar(10)",
        "alter table crm.business alter column payment_terms_days set default 30",
    )  # fmt: skip
    before = state(home, place)
    with pytest.raises(SchemaError) as refused:
        apply(home, place)
    words = str(refused.value)
    for line in (
        r"constraint contact_name_is_given on crm\.contact is gone from the database: CHECK .*is_one_line",
        r"column crm\.address\.label is gone from the database: text",
        r"index crm\.contact_by_email is gone from the database: CREATE INDEX contact_by_email ",
        r"column crm\.service\.unit_label was changed by hand: text +became character varying\(10\)",
        r"column crm\.business\.payment_terms_days was changed by hand: .* 14 +became .* 30",
    ):
        assert re.search(line, words), f"{line} is not in {words}"
    assert state(home, place) == before


def test_a_part_of_the_wall_that_was_taken_down_by_hand_is_put_back(home: Home, place: str) -> None:
    before = dump(home, place)
    by_hand(
        home, place,
        "alter table crm.contact disable row level security",
        "alter table crm.contact no force row level security",
        "drop policy wall on crm.contact",
        "alter table crm.contact disable trigger _900_audit",
        "drop trigger _100_append_only on crm.audit_entry",
        "create or replace function internal.current_business() returns uuid language sql as 'select null::uuid'",
        "drop function api.contact_archive",
    )  # fmt: skip
    apply(home, place)
    assert dump(home, place) == before


def test_a_grant_made_by_hand_does_not_survive(home: Home, place: str) -> None:
    before = dump(home, place)
    by_hand(
        home, place,
        "grant insert, update, delete on crm.contact to crm_app",
        "grant update (name) on crm.contact to crm_support",
        "grant insert on crm.account to crm_backup",
        "grant select on crm.sign_in_link to public",
        "grant select (email) on crm.account to public",
        "grant select on internal.context_key to public",
        "grant execute on function internal.act_as to crm_app",
        "grant execute on function internal.sign_context to public",
        "grant execute on function api.contact_create to public",
        "grant execute on all functions in schema extensions to public",
        "grant create on schema crm to crm_app",
        "grant usage on schema crm to public",
        "grant usage on schema public to crm_app",
        f"grant temporary on database {place} to crm_app",
        "alter default privileges for role crm_owner grant execute on functions to crm_app",
    )  # fmt: skip
    apply(home, place)
    left = set(dump(home, place).splitlines()) ^ set(before.splitlines())
    assert sorted(left) == []


# ---- mistakes in files --------------------------------------------------------------------------------


MISTAKES = {  # a function's end: what the message says
    "language sql stable as $$ select nickname from crm.contact $$": r'internal\.zz_broken.*"nickname"',
    "language plpgsql as $$ begin retrun 1; end $$": r"internal\.zz_broken.*retrun",
    "language plpgsql as $$ declare a int; begin declare a int; begin return a; end; end $$":
        r'internal\.zz_broken.*"a" shadows',
    "language sql stable return (select nickname from crm.contact)": r'zz_broken\.sql:2: .*"nickname"',
    "language sql stable retrun 1": r"zz_broken\.sql:2: syntax error",
    "language sql stable return 1;\n\n\nselect * from crm.nowhere": r"zz_broken\.sql:5: .*crm\.nowhere",
}  # fmt: skip


def test_a_mistake_in_a_file_stops_the_apply_and_is_named(home: Home, place: str, files: Path) -> None:
    before = state(home, place)
    for end, words in MISTAKES.items():
        (files / "functions" / "zz_broken.sql").write_text(
            f"create or replace function internal.zz_broken() returns text\n{end};\n"
        )
        with pytest.raises(SchemaError, match=f"(?s){words}"):
            apply(home, place, files)
    assert state(home, place) == before


def test_a_mistake_on_the_way_to_the_first_database_leaves_it_empty(home: Home, empty: str, files: Path) -> None:
    before = by_hand(home, empty, "select count(*) from pg_class")
    (files / "triggers" / "zz_broken.sql").write_text("create or replace trigger nowhere;")
    with pytest.raises(SchemaError, match=r"zz_broken\.sql:1: syntax error"):
        apply(home, empty, files)
    assert by_hand(home, empty, "select count(*) from pg_class") == before


# ---- migrations ---------------------------------------------------------------------------------------

KITE = """create table crm.kite (
    business_id uuid not null default internal.current_business(),
    id uuid not null default uuidv7(),
    name text not null,{column}
    constraint kite_pkey primary key (business_id, id){constraint}
);
comment on table crm.kite is 'It flies.';
{more}"""
FIRST = KITE.format(column="", constraint="", more="")
SECOND = KITE.format(
    column="\n    colour text not null default 'red',",
    constraint=",\n    constraint kite_colour_is_known check (colour in ('red', 'blue'))",
    more="comment on constraint kite_colour_is_known on crm.kite is 'Choose red or blue.';\n"
    "create index kite_by_colour on crm.kite (business_id, colour, id);\n",
)
MIGRATION = """alter table crm.kite add column colour text not null default 'red';
alter table crm.kite add constraint kite_colour_is_known check (colour in ('red', 'blue'));
comment on constraint kite_colour_is_known on crm.kite is 'Choose red or blue.';
create index kite_by_colour on crm.kite (business_id, colour, id);
"""


def write_tables(files: Path, text: str, migration: str = "") -> None:
    (files / "tables" / "990_kite.sql").write_text(text)
    if migration:
        (files / "migrations").mkdir(exist_ok=True)
        (files / "migrations" / "0901_kite_add_colour.sql").write_text(migration)


def test_tables_and_migrations_end_in_the_same_dump(home: Home, empty: str, files: Path) -> None:
    write_tables(files, FIRST)
    assert apply(home, empty, files).created
    write_tables(files, SECOND, MIGRATION)
    assert apply(home, empty, files).migrations == ["0901_kite_add_colour.sql"]
    assert apply(home, empty, files).migrations == []
    with made(home) as fresh:
        report = apply(home, fresh, files)
        assert (report.created, report.migrations) == (True, [])
        assert dump(home, fresh) == dump(home, empty)
        remembered = "select name, sha256 from internal.migration"
        assert by_hand(home, fresh, remembered) == by_hand(home, empty, remembered)
        assert apply(home, fresh, files).migrations == []


def test_two_applies_at_once_migrate_once(home: Home, empty: str, files: Path) -> None:
    write_tables(files, FIRST)
    apply(home, empty, files)
    write_tables(files, SECOND, MIGRATION)
    reports = at_once(*[lambda: apply(home, empty, files)] * 2)
    done = sorted(getattr(report, "migrations", [repr(report)]) for report in reports)
    assert done == [[], ["0901_kite_add_colour.sql"]]


def test_a_migration_that_was_changed_after_it_ran_is_refused(home: Home, empty: str, files: Path) -> None:
    write_tables(files, SECOND, MIGRATION)
    apply(home, empty, files)
    write_tables(files, SECOND, MIGRATION.replace("'red'", "'blue'"))
    with pytest.raises(SchemaError, match=r"0901_kite_add_colour\.sql: was changed after it ran"):
        apply(home, empty, files)


def test_a_migration_that_fails_leaves_nothing_behind(home: Home, place: str, files: Path) -> None:
    before = state(home, place)
    write_tables(files, SECOND, FIRST + "insert into crm.kite (id)\nvalues ('no uuid');")
    with pytest.raises(SchemaError, match=r"0901_kite_add_colour\.sql:\d+: .*no uuid"):
        apply(home, place, files)
    assert state(home, place) == before


def test_a_migration_waits_two_seconds_for_a_busy_table_and_gives_up(home: Home, place: str, files: Path) -> None:
    (files / "migrations").mkdir(exist_ok=True)
    (files / "migrations" / "0902_contact_busy.sql").write_text("alter table crm.contact add column busy int;")
    with psycopg.connect(home.url("postgres", place)) as somebody:
        somebody.execute("lock table crm.contact in access share mode")
        began = time.monotonic()
        with pytest.raises(SchemaError, match=r"0902_contact_busy\.sql.*lock timeout"):
            apply(home, place, files)
        assert time.monotonic() - began < 5


# ---- the key of the contexts --------------------------------------------------------------------------


def business(home: Home, name: str, signed: str) -> object:
    """Whom the application acts for with this context, or the rule that refuses it."""
    with psycopg.connect(home.url("crm_app", name)) as connection:
        try:
            connection.execute("select set_config('app.context', %s, true)", (signed,))
            return connection.execute("select internal.current_business()").fetchone()[0]  # type: ignore[index]
        except psycopg.errors.InsufficientPrivilege as error:
            return error.diag.constraint_name


def test_the_old_key_is_good_for_ten_minutes_beside_the_new_one(home: Home, place: str) -> None:
    actor = context.worker(TIDY)
    old, new = context.Signer(KEY).sign(actor), context.Signer(NEXT_KEY).sign(actor)
    assert [business(home, place, signed) for signed in (old, new)] == [TIDY, "context_is_forged"]
    apply(home, place, key=NEXT_KEY)
    assert [business(home, place, signed) for signed in (old, new)] == [TIDY, TIDY]
    ((left,),) = by_hand(
        home, place, "select extract(epoch from valid_until - clock_timestamp())::float from internal.context_key "
                     "where valid_until is not null")  # fmt: skip
    assert 590 < left <= 600
    by_hand(home, place, "update internal.context_key set valid_until = valid_until - interval '10 minutes'")
    assert [business(home, place, signed) for signed in (old, new)] == ["context_is_forged", TIDY]
    apply(home, place, key=NEXT_KEY)
    assert by_hand(home, place, "select count(*) from internal.context_key") == [(1,)]


def test_going_back_to_the_old_key_within_its_ten_minutes_keeps_it(home: Home, place: str) -> None:
    for key in (NEXT_KEY, KEY):
        apply(home, place, key=key)
    assert business(home, place, context.Signer(KEY).sign(context.worker(TIDY))) == TIDY
    valid = "select key_id from internal.context_key where valid_until is null"
    assert by_hand(home, place, valid) == [(hashlib.sha256(b"key id:" + KEY.encode()).hexdigest()[:8],)]


def test_a_forged_context_is_refused(home: Home, place: str) -> None:
    signed = context.Signer(KEY).sign(context.worker(TIDY))
    message, _, mac = signed.rpartition("|")
    parts = message.split("|")
    foreign = hmac.new(b"another key", message.encode(), hashlib.sha256).hexdigest()
    unknown = context.Signer("a key that nobody ever installed here").sign(context.worker(TIDY))
    late = "|".join([parts[0], "1", *parts[2:]])
    forgeries = {
        "another business": signed.replace(str(TIDY), str(TIDY)[:-1] + "2"),
        "another role": signed.replace("|worker|system|", "|owner|person|"),
        "longer life": signed.replace(parts[1], str(int(parts[1]) + 9999)),
        "another key": f"{message}|{foreign}",
        "no signature": message,
        "an empty signature": f"{message}|",
        "a field more": f"{message}|x|{mac}",
        "an unknown key": unknown,
        "words": "drop table",
    }
    assert {what: business(home, place, forged) for what, forged in forgeries.items()} == dict.fromkeys(
        forgeries, "context_is_forged"
    )
    assert business(home, place, "") == "context_is_missing"
    expired = f"{late}|{hmac.new(KEY.encode(), late.encode(), hashlib.sha256).hexdigest()}"
    assert business(home, place, expired) == "context_is_expired"
