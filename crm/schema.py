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
with room as (
    select oid from pg_namespace
    where nspname in ('crm', 'api', 'internal', 'extensions', 'public')
), of_extension as (
    select classid, objid from pg_depend where deptype = 'e'
)
select format('drop %s %s;', case p.prokind when 'p' then 'procedure' when 'a' then 'aggregate' else 'function' end,
              p.oid::regprocedure)
from pg_proc p
where p.pronamespace in (select oid from room) and p.xmin <> pg_current_xact_id()::xid
  and ('pg_proc'::regclass, p.oid) not in (select * from of_extension)
  -- the clock of a test database is its own
  and not (p.proname = 'now' and p.pronamespace = 'internal'::regnamespace)
union all
select format('drop view %s;', c.oid::regclass)
from pg_class c join pg_rewrite r on r.ev_class = c.oid
where c.relnamespace in (select oid from room) and c.relkind = 'v' and r.xmin <> pg_current_xact_id()::xid
  and ('pg_class'::regclass, c.oid) not in (select * from of_extension)
union all
select format('drop rule %I on %s;', r.rulename, c.oid::regclass)
from pg_class c join pg_rewrite r on r.ev_class = c.oid
where c.relnamespace in (select oid from room) and c.relkind in ('r', 'p')
union all
select format('drop trigger %I on %s;', t.tgname, t.tgrelid::regclass)
from pg_trigger t join pg_class c on c.oid = t.tgrelid
where c.relnamespace in (select oid from room)
  and not t.tgisinternal and t.tgparentid = 0 and t.xmin <> pg_current_xact_id()::xid
union all
select format('drop policy %I on %s;', p.polname, p.polrelid::regclass)
from pg_policy p join pg_class c on c.oid = p.polrelid
where c.relnamespace in (select oid from room) and p.xmin <> pg_current_xact_id()::xid
union all
select format('drop schema %I cascade;', n.nspname)
from pg_namespace n
where n.nspname not in ('crm', 'api', 'internal', 'extensions', 'public', 'information_schema')
  and n.nspname !~ '^pg_'
union all
select format('drop %s %s;', case c.relkind when 'S' then 'sequence' when 'm' then 'materialized view'
              when 'f' then 'foreign table' else 'table' end, c.oid::regclass)
from pg_class c
where c.relnamespace in ('public'::regnamespace, 'api'::regnamespace, 'extensions'::regnamespace)
  and c.relkind in ('r', 'p', 'm', 'S', 'f')
  and ('pg_class'::regclass, c.oid) not in (select * from of_extension)
order by 1
"""

# The tables as they are. Compared with what the last apply left, so that a column, constraint or
# index made by hand is found although tables are never re-applied.
TABLE_OBJECTS = """
with t as (
    select c.oid, c.relname, c.relkind, c.oid::regclass::text as name from pg_class c
    where c.relnamespace in ('crm'::regnamespace, 'internal'::regnamespace)
      and c.relkind in ('r', 'p', 'S', 'm', 'f') and not c.relispartition
)
select case relkind when 'S' then 'sequence' when 'm' then 'materialized view' when 'f' then 'foreign table'
       else 'table' end, name, relkind::text from t
union all
select 'column', name || '.' || a.attname,
       concat_ws(' ', format_type(a.atttypid, a.atttypmod), case when a.attnotnull then 'not null' end,
                 nullif(a.attgenerated::text, ''), nullif(a.attidentity::text, ''), pg_get_expr(d.adbin, d.adrelid))
from t join pg_attribute a on a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped
left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
where t.relkind in ('r', 'p')
union all
select 'constraint', conname || ' on ' || name, pg_get_constraintdef(k.oid)
from t join pg_constraint k on k.conrelid = t.oid and k.contype <> 't'
union all
select 'index', i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid)
from t join pg_index i on i.indrelid = t.oid
where not exists (select from pg_constraint k where k.conindid = i.indexrelid and k.conrelid = i.indrelid)
union all
select case y.typtype when 'd' then 'domain' else 'type' end, y.oid::regtype::text,
       concat_ws(' ', y.typtype::text, nullif(format_type(y.typbasetype, y.typtypmod), '-'),
                 (select string_agg(e.enumlabel, ', ' order by e.enumsortorder) from pg_enum e where e.enumtypid = y.oid))
from pg_type y left join pg_class c on c.oid = y.typrelid
where y.typnamespace in ('crm'::regnamespace, 'internal'::regnamespace)
  and (y.typtype in ('e', 'd', 'r') or c.relkind = 'c')
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
            drift = _table_drift(connection)
            _remember_migrations(connection, schema, report, run=True)
            _refuse_table_drift(connection, drift)
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
            _set_password(connection, role, password)
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


def _set_password(connection: Connection, role: str, password: str) -> None:
    """Roles belong to the cluster: another of its databases may be setting the same password just now."""
    statement = sql.SQL("alter role {} password {}").format(sql.Identifier(role), sql.Literal(password))
    for patience in range(9, -1, -1):
        try:
            with connection.transaction():
                connection.execute(statement)
            return
        except psycopg.errors.InternalError_:  # tuple concurrently updated
            if not patience:
                raise


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


Objects = dict[tuple[str, str], str]


def _table_objects(connection: Connection, query: str) -> Objects:
    return {(kind, identity): definition for kind, identity, definition in connection.execute(query).fetchall()}


def _table_drift(connection: Connection) -> dict[tuple[str, str], tuple[str | None, str | None]]:
    """What is not as the last apply left it: what it was, what it is."""
    before = _table_objects(connection, "select kind, identity, definition from internal.table_object")
    now = _table_objects(connection, TABLE_OBJECTS)
    return {
        key: (before.get(key), now.get(key)) for key in before.keys() | now.keys() if before.get(key) != now.get(key)
    }


def _refuse_table_drift(connection: Connection, drift: dict[tuple[str, str], tuple[str | None, str | None]]) -> None:
    """Refuse what was made by hand and what no migration has undone since."""
    now = _table_objects(connection, TABLE_OBJECTS) if drift else {}
    new = {identity for (kind, identity), (before, _) in drift.items() if before is None and kind not in PARTS}
    lines = []
    for (kind, identity), (before, found) in sorted(drift.items()):
        if now.get((kind, identity)) != found or (kind in PARTS and _owner(kind, identity) in new):
            continue
        if before is None:
            lines.append(f"no file wrote {kind} {identity}: {_drop(kind, identity)}")
        elif found is None:
            lines.append(f"{kind} {identity} is gone from the database: {before}")
        else:
            lines.append(f"{kind} {identity} was changed by hand: {before} became {found}")
    if lines:
        raise SchemaError(
            "The tables are not as the last apply left them. Undo this by hand, or in the next migration:\n  "
            + "\n  ".join(lines)
        )


PARTS = ("column", "constraint")


def _owner(kind: str, identity: str) -> str:
    return identity.rpartition(".")[0] if kind == "column" else identity.partition(" on ")[2]


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
