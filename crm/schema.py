"""The schema machine: `crm db apply`.

One transaction: lock, roles, prelude, tables or pending migrations, functions, views, triggers,
policies, permissions, seeds; then every body is validated and anything that no file wrote stops it.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from psycopg.rows import tuple_row

from crm.paths import SCHEMA

Connection = psycopg.Connection[tuple[Any, ...]]

LOCK = 7_226_017_441  # any number, the same for every apply


class SchemaError(RuntimeError):
    """The schema cannot be applied; the message says where and what to do. Nothing was changed."""


@dataclass
class Report:
    """What an apply did."""

    files: int = 0
    migrations: list[str] = field(default_factory=list)
    created: bool = False


# Everything that is re-applied whole is rewritten by this very transaction. What it did not write,
# no file describes: an old overload, a policy made by hand, a trigger of a deleted file.
ORPHANS = """
select format('drop function %s;', p.oid::regprocedure)
from pg_proc p
where p.pronamespace in ('crm'::regnamespace, 'api'::regnamespace, 'internal'::regnamespace)
  and p.xmin <> pg_current_xact_id()::xid
  -- the clock of a test database is its own
  and not (p.proname = 'now' and p.pronamespace = 'internal'::regnamespace)
union all
select format('drop view %s;', c.oid::regclass)
from pg_class c join pg_rewrite r on r.ev_class = c.oid
where c.relnamespace in ('crm'::regnamespace, 'api'::regnamespace, 'internal'::regnamespace)
  and c.relkind = 'v' and r.xmin <> pg_current_xact_id()::xid
union all
select format('drop trigger %I on %s;', t.tgname, t.tgrelid::regclass)
from pg_trigger t join pg_class c on c.oid = t.tgrelid
where c.relnamespace in ('crm'::regnamespace, 'internal'::regnamespace)
  and not t.tgisinternal and t.tgparentid = 0 and t.xmin <> pg_current_xact_id()::xid
union all
select format('drop policy %I on %s;', p.polname, p.polrelid::regclass)
from pg_policy p join pg_class c on c.oid = p.polrelid
where c.relnamespace in ('crm'::regnamespace, 'internal'::regnamespace)
  and p.xmin <> pg_current_xact_id()::xid
union all
select format('drop schema %I cascade;', n.nspname)
from pg_namespace n
where n.nspname not in ('crm', 'api', 'internal', 'extensions', 'public', 'information_schema')
  and n.nspname !~ '^pg_'
union all
select format('drop %s %s;', case c.relkind when 'v' then 'view' when 'S' then 'sequence' else 'table' end, c.oid::regclass)
from pg_class c
where c.relnamespace in ('public'::regnamespace, 'api'::regnamespace) and c.relkind in ('r', 'p', 'v', 'm', 'S', 'f')
order by 1
"""

# The tables as they are. Compared with what the last apply left, so that a column, constraint or
# index made by hand is found although tables are never re-applied.
TABLE_OBJECTS = """
with t as (
    select c.oid, c.relname, c.relkind, c.oid::regclass::text as name from pg_class c
    where c.relnamespace in ('crm'::regnamespace, 'internal'::regnamespace)
      and c.relkind in ('r', 'p', 'S') and not c.relispartition
)
select 'table', name, relkind::text from t
union all
select 'column', name || '.' || a.attname,
       concat_ws(' ', format_type(a.atttypid, a.atttypmod), case when a.attnotnull then 'not null' end,
                 a.attgenerated::text, a.attidentity::text, pg_get_expr(d.adbin, d.adrelid))
from t join pg_attribute a on a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped
left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
union all
select 'constraint', conname || ' on ' || name, pg_get_constraintdef(k.oid)
from t join pg_constraint k on k.conrelid = t.oid and k.contype <> 't'
union all
select 'index', i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid)
from t join pg_index i on i.indrelid = t.oid
where not exists (select from pg_constraint k where k.conindid = i.indexrelid and k.conrelid = i.indrelid)
order by 1, 2
"""

VALIDATE = """
select p.oid::regprocedure::text, p.oid, l.lanname,
       coalesce((select substr(c, 13) from unnest(p.proconfig) c where c like 'search_path=%'), 'pg_catalog')
from pg_proc p join pg_language l on l.oid = p.prolang
where p.pronamespace in ('crm'::regnamespace, 'api'::regnamespace, 'internal'::regnamespace)
  and l.lanname in ('sql', 'plpgsql')
order by 1
"""


def apply(
    admin_url: str,
    *,
    schema: Path = SCHEMA,
    context_key: bytes | None = None,
    passwords: dict[str, str] | None = None,
) -> Report:
    """Bring the database to what the files say, or change nothing and raise SchemaError.

    `admin_url` connects as a superuser or as a role that may create roles. `passwords` maps login
    roles to passwords; `context_key` (32 bytes or more) is what contexts are signed with from now on.
    """
    report = Report()
    with psycopg.connect(admin_url, row_factory=tuple_row) as connection:
        connection.execute("select pg_advisory_xact_lock(%s)", (LOCK,))
        connection.execute("set local lock_timeout = '10s'")
        connection.execute("set local check_function_bodies = off")  # files may use what comes later
        connection.execute("set local client_min_messages = warning")
        _run(connection, report, [schema / "roles.sql", schema / "database.sql"])
        connection.execute("set local role crm_owner")
        fresh = _one(connection, "select to_regclass('crm.business') is null")
        _run(connection, report, _files(schema / "prelude"))
        if fresh:
            report.created = True
            _run(connection, report, _files(schema / "tables"))
            _remember_migrations(connection, schema, report, run=False)
        else:
            _refuse_table_drift(connection)
            _remember_migrations(connection, schema, report, run=True)
        for room in ("functions", "views", "triggers"):
            _run(connection, report, _files(schema / room))
        connection.execute("select internal.audit_partitions_make()")
        _run(connection, report, _files(schema / "policies"))
        _run(connection, report, [schema / "permissions.sql"])
        if context_key is not None:
            connection.execute("select internal.context_key_set(%s)", (context_key,))
            _run(connection, report, _files(schema / "seed"))
        _validate_bodies(connection)
        _refuse_orphans(connection)
        connection.execute("delete from internal.table_object")
        connection.execute(f"insert into internal.table_object (kind, identity, definition) {TABLE_OBJECTS}")
        connection.execute("reset role")
        for role, password in (passwords or {}).items():
            connection.execute(sql.SQL("alter role {} password {}").format(sql.Identifier(role), sql.Literal(password)))
    return report


def make_roles(admin_url: str, *, schema: Path = SCHEMA) -> None:
    """Only the roles, which belong to the cluster: what a restore needs before anything else."""
    with psycopg.connect(admin_url, row_factory=tuple_row) as connection:
        _run(connection, Report(), [schema / "roles.sql"])


def fingerprint(schema: Path = SCHEMA) -> str:
    """One hash over every schema file, for `/health` and for tests."""
    digest = hashlib.sha256()
    for path in sorted(schema.rglob("*.sql")):
        digest.update(path.relative_to(schema).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def _files(folder: Path) -> Iterator[Path]:
    return iter(sorted(folder.rglob("*.sql")))


def _one(connection: Connection, statement: str) -> object:
    row = connection.execute(statement).fetchone()
    return row[0] if row else None


def _run(connection: Connection, report: Report, files: Iterable[Path]) -> None:
    for path in files:
        text = path.read_text(encoding="utf-8")
        try:
            connection.execute(text)  # the text of our own file
        except psycopg.Error as error:
            raise SchemaError(_located(path, text, error)) from error
        report.files += 1


def _located(path: Path, text: str, error: psycopg.Error) -> str:
    position = error.diag.statement_position
    line = text[: int(position)].count("\n") + 1 if position else 1
    message = error.diag.message_primary or str(error)
    hint = f"\n  hint: {error.diag.message_hint}" if error.diag.message_hint else ""
    where = f"\n  {error.diag.context}" if error.diag.context else ""
    return f"{path}:{line}: {message}{hint}{where}"


def _remember_migrations(connection: Connection, schema: Path, report: Report, *, run: bool) -> None:
    known: dict[str, str] = dict(connection.execute("select name, sha256 from internal.migration").fetchall())
    for path in _files(schema / "migrations"):
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        if path.name in known:
            if known[path.name] != digest:
                raise SchemaError(f"{path}: was changed after it ran. Put it back and write another migration.")
            continue
        if run:
            connection.execute("set local lock_timeout = '2s'")
            _run(connection, report, [path])
            report.migrations.append(path.name)
        connection.execute("insert into internal.migration (name, sha256) values (%s, %s)", (path.name, digest))


def _refuse_table_drift(connection: Connection) -> None:
    before = {(k, i): d for k, i, d in connection.execute("select * from internal.table_object").fetchall()}
    now = {(k, i): d for k, i, d in connection.execute(TABLE_OBJECTS).fetchall()}
    lines = []
    for kind, identity in sorted(now.keys() - before.keys()):
        lines.append(f"no file wrote {kind} {identity}: {_drop(str(kind), str(identity))}")
    for kind, identity in sorted(before.keys() - now.keys()):
        lines.append(f"{kind} {identity} is gone from the database: {before[kind, identity]}")
    for key in sorted(k for k in now.keys() & before.keys() if now[k] != before[k]):
        lines.append(f"{key[0]} {key[1]} was changed by hand: {before[key]} became {now[key]}")
    if lines:
        raise SchemaError(
            "The tables are not as the last apply left them. Undo this, or put it into tables/ and the next migration:\n  "
            + "\n  ".join(lines)
        )


def _drop(kind: str, identity: str) -> str:
    match kind:
        case "column":
            table, _, column = identity.rpartition(".")
            return f"alter table {table} drop column {column};"
        case "constraint":
            name, _, table = identity.partition(" on ")
            return f"alter table {table} drop constraint {name};"
        case _:
            return f"drop {kind} {identity};"


def _validate_bodies(connection: Connection) -> None:
    """Compile every body now, with PL/pgSQL's extra checks as errors, instead of at its first call."""
    connection.execute("set local check_function_bodies = on")
    connection.execute("set local plpgsql.extra_errors = 'shadowed_variables,strict_multi_assignment,too_many_rows'")
    for name, oid, language, search_path in connection.execute(VALIDATE).fetchall():
        validator = "fmgr_sql_validator" if language == "sql" else "plpgsql_validator"
        connection.execute("select set_config('search_path', %s, true)", (search_path,))
        try:
            connection.execute(sql.SQL("select {}(%s)").format(sql.Identifier(validator)), (oid,))
        except psycopg.Error as error:
            raise SchemaError(f"{name}: {error.diag.message_primary}\n  {error.diag.context or ''}") from error
    connection.execute("set local plpgsql.extra_errors = 'none'")
    connection.execute("set local search_path to default")


def _refuse_orphans(connection: Connection) -> None:
    drops = [str(row[0]) for row in connection.execute(ORPHANS).fetchall()]
    if drops:
        raise SchemaError(
            "No file describes these any more. Put the lines into the next migration:\n  " + "\n  ".join(drops)
        )
