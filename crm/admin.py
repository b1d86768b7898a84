"""`crm db …`: what an administrator does to the database."""

import argparse
import os
import subprocess
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
from psycopg.rows import namedtuple_row

from crm import config, schema
from crm.config import ConfigError, Settings
from crm.context import Actor
from crm.embedded import client_environment, postgres_binaries

HOURS = 8  # how long a psql session may last


def add_commands(commands: Any) -> None:
    """apply, psql, url, context, backup, restore, erasures, erase-again."""
    apply = commands.add_parser("apply", help="bring the database to what schema/ says")
    apply.set_defaults(command=_apply)

    psql = commands.add_parser("psql", help="psql as somebody, inside their business; the entry is audited")
    psql.add_argument("--as", dest="email", required=True, metavar="EMAIL")
    psql.add_argument("--reason", required=True)
    psql.add_argument("--business", help="its id, when the address belongs to several")
    psql.add_argument("arguments", nargs="*", help="passed on to psql, after --")
    psql.set_defaults(command=_psql)

    url = commands.add_parser("url", help="print the connection string of a role")
    url.add_argument("--role", default="crm_app", choices=["crm_app", "crm_support", "crm_backup", "postgres"])
    url.set_defaults(command=_url)

    context = commands.add_parser("context", help="print a signed context, for psql and tests")
    context.add_argument("--as", dest="email", required=True, metavar="EMAIL")
    context.add_argument("--business")
    context.add_argument("--seconds", type=int, default=HOURS * 3600)
    context.set_defaults(command=_context)

    backup = commands.add_parser("backup", help="dump the database to a file")
    backup.add_argument("file", type=Path)
    backup.set_defaults(command=_backup)

    restore = commands.add_parser("restore", help="restore a dump into an empty database")
    restore.add_argument("file", type=Path)
    restore.set_defaults(command=_restore)

    erasures = commands.add_parser("erasures", help="print the journal of erasures: keep it apart from the backups")
    erasures.set_defaults(command=_erasures)

    erase = commands.add_parser("erase-again", help="after a restore: erase again what the journal says")
    erase.add_argument("journal", type=Path)
    erase.set_defaults(command=_erase_again)

    for command in (apply, psql, url, context, backup, restore, erasures, erase):
        command.add_argument("--data", type=Path, default=Path(os.environ.get("DATA") or ".crm"),
                             help="the data folder of `crm run`, when nothing is configured")  # fmt: skip


def _connection_url(options: argparse.Namespace, role: str) -> str:
    """Of the configured database, or of the embedded one that `crm run` keeps running."""
    settings = config.load()
    if role == "postgres" and settings.database_admin_url:
        return settings.database_admin_url
    if settings.database_url:
        if role == "crm_app":
            return settings.database_url
        raise ConfigError("Set CRM_DATABASE_ADMIN_URL to a role that may do this.")
    from crm.run import Home

    home = Home(options.data.resolve())
    return home.url(role)


def _context_key(options: argparse.Namespace) -> bytes:
    key = config.load().context_key
    if not config.load().database_url:
        from crm.run import Home

        key = Home(options.data.resolve()).secrets["context_key"]
    if not key:
        raise ConfigError("Set CRM_CONTEXT_KEY: the database must know what contexts are signed with.")
    return key.encode()


def _passwords(options: argparse.Namespace) -> dict[str, str]:
    """Of the roles that log in, as far as we know them."""
    url = config.load().database_url
    if url:
        password = psycopg.conninfo.conninfo_to_dict(url).get("password")
        return {"crm_app": str(password)} if password else {}
    from crm.run import Home

    return {role: Home(options.data.resolve()).secrets[role] for role in ("crm_app", "crm_support", "crm_backup")}


def _apply(options: argparse.Namespace) -> None:
    url = _connection_url(options, "postgres")
    report = schema.apply(url, context_key=_context_key(options), passwords=_passwords(options))
    done = "created" if report.created else f"{len(report.migrations)} migrations"
    print(f"{report.files} files applied, {done}.")


def _sign(connection: psycopg.Connection[Any], options: argparse.Namespace, seconds: int) -> Any:
    rows = connection.execute(
        """
        select m.business_id, m.member_id, m.role,
               internal.sign_context(m.business_id, m.member_id, m.role, 'person', 'psql', %s) as context
        from internal.membership m join crm.account a using (account_id)
        where a.email = lower(%s) and m.active and (%s::uuid is null or m.business_id = %s::uuid)
        """,
        (seconds, options.email, options.business, options.business),
    ).fetchall()
    if not rows:
        raise ConfigError(f"Nobody signs in as {options.email}.")
    if len(rows) > 1:
        ids = ", ".join(str(row.business_id) for row in rows)
        raise ConfigError(f"{options.email} belongs to several businesses; add --business with one of {ids}.")
    return rows[0]


def somebody(options: argparse.Namespace) -> tuple[Actor, Settings]:
    """Who acts at the command line, and the settings to do it with."""
    with psycopg.connect(_connection_url(options, "postgres"), row_factory=namedtuple_row) as connection:
        entry = _sign(connection, options, 60)
    key = _context_key(options).decode()
    settings = config.load(database_url=_connection_url(options, "crm_app"), context_key=key, pool_size=1)
    return Actor(entry.business_id, entry.role, entry.member_id, source="psql"), settings


def _psql(options: argparse.Namespace) -> None:
    with psycopg.connect(_connection_url(options, "postgres"), row_factory=namedtuple_row) as connection:
        entry = _sign(connection, options, HOURS * 3600)
        connection.execute("select set_config('app.context', %s, true)", (entry.context,))
        connection.execute("select internal.security_event_record('psql_entered', %s)", (options.reason,))
    environment = {
        **os.environ,
        **client_environment(),
        "PGOPTIONS": f"-c role=crm_support -c app.context={entry.context}",
    }
    url = _connection_url(options, "crm_support" if not config.load().database_url else "postgres")
    binary = postgres_binaries() / "psql"
    target, secret = _without_password(url)
    raise SystemExit(subprocess.call([binary, target, *options.arguments], env=environment | secret))


def _without_password(url: str) -> tuple[str, dict[str, str]]:
    """The connection string for a command line that everybody on the machine can list, and its password for the environment."""
    parts = psycopg.conninfo.conninfo_to_dict(url)
    password = parts.pop("password", None)
    return psycopg.conninfo.make_conninfo("", **parts), {"PGPASSWORD": str(password)} if password else {}


def _url(options: argparse.Namespace) -> None:
    print(_connection_url(options, options.role))


def _context(options: argparse.Namespace) -> None:
    with psycopg.connect(_connection_url(options, "postgres"), row_factory=namedtuple_row) as connection:
        print(_sign(connection, options, options.seconds).context)


def _backup(options: argparse.Namespace) -> None:
    url = _connection_url(options, "postgres" if config.load().database_url else "crm_backup")
    target, secret = _without_password(url)
    command = [
        postgres_binaries() / "pg_dump",
        "--format=custom",
        "--exclude-table=internal.context_key",
        "--file",
        options.file,
        target,
    ]
    # Nobody else may read it, from its first byte on.
    os.close(os.open(options.file, os.O_WRONLY | os.O_CREAT, 0o600))
    options.file.chmod(0o600)
    if subprocess.call(command, env={**os.environ, **client_environment(), **secret}):
        raise ConfigError("The backup failed; what is in the file cannot be restored.")
    print(f"{options.file}: {options.file.stat().st_size:,} bytes")


def _restore(options: argparse.Namespace) -> None:
    """Roles, data, then an apply: a dump does not carry what the database as such forbids."""
    url = _connection_url(options, "postgres")
    schema.make_roles(url)
    target, secret = _without_password(url)
    command = [
        postgres_binaries() / "pg_restore",
        "--exit-on-error",
        "--single-transaction",
        "--dbname",
        target,
        options.file,
    ]
    if subprocess.call(command, env={**os.environ, **client_environment(), **secret}):
        raise ConfigError("The restore failed and changed nothing. The database must be empty.")
    schema.apply(url, context_key=_context_key(options), passwords=_passwords(options))
    print("Restored.")


def _erasures(options: argparse.Namespace) -> None:
    """A line for each contact: business, contact, when. Ids and times, no words."""
    with psycopg.connect(_connection_url(options, "postgres")) as connection:
        rows = connection.execute("select business_id, contact_id, created_at from crm.erasure order by created_at, id")
        for business_id, contact_id, at in rows:
            print(business_id, contact_id, at.isoformat(), sep="\t")


def _erase_again(options: argparse.Namespace) -> None:
    try:
        lines = [line.split("\t") for line in options.journal.read_text().splitlines() if line]
        pairs = [(UUID(business_id), UUID(contact_id)) for business_id, contact_id, _ in lines]
    except (OSError, ValueError):
        raise ConfigError(f"{options.journal} is no journal as `crm db erasures` prints it.") from None
    erased = 0
    with psycopg.connect(_connection_url(options, "postgres")) as connection:
        for business_id, contact_id in pairs:
            with connection.transaction():
                connection.execute("set local role crm_owner")
                row = connection.execute("select internal.erasure_replay(%s, %s)", (business_id, contact_id)).fetchone()
                erased += row[0] if row else 0
    print(f"{erased} contacts erased again of {len(pairs)} in the journal.")
