"""A backup restored into an empty database is the same database, wall and all."""

import os
import subprocess
import sys

import psycopg
import pytest
from psycopg import sql

from tests.conftest import become
from tests.rls.catalogue import offences

TABLES = """
select relname from pg_class
where relnamespace = 'crm'::regnamespace and relkind in ('r', 'p') and not relispartition order by 1
"""


def digests(url: str) -> dict[str, str]:
    """A digest of every table's rows."""
    with psycopg.connect(url) as connection:
        return {
            table: connection.execute(
                sql.SQL("select md5(coalesce(string_agg(r::text, chr(10) order by r::text), '')) from crm.{} r").format(
                    sql.Identifier(table)
                )
            ).fetchone()[0]
            for (table,) in connection.execute(TABLES).fetchall()
        }


@pytest.fixture
def empty(home):
    """The address of an empty database in the same cluster."""
    with psycopg.connect(home.admin_url, autocommit=True) as connection:
        connection.execute("create database crm_restored")
    yield home.url("postgres", "crm_restored")
    with psycopg.connect(home.admin_url, autocommit=True) as connection:
        connection.execute("drop database crm_restored with (force)")


def crm(home, database: str, *arguments: str) -> str:
    environment = {
        **os.environ, "CRM_DATABASE_URL": home.url("crm_app", database), "CRM_DATABASE_ADMIN_URL": home.url("postgres", database),
        "CRM_CONTEXT_KEY": home.secrets["context_key"],
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-m", "crm.cli", *arguments], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_dump_restore_and_everything_is_there(home, empty, tmp_path):
    crm(home, "crm", "db", "backup", str(tmp_path / "crm.dump"))
    assert (tmp_path / "crm.dump").stat().st_mode & 0o077 == 0
    # The test world's clock is no production function: a restore applies the real one.
    crm(home, "crm_restored", "db", "restore", str(tmp_path / "crm.dump"))
    assert digests(empty) == digests(home.admin_url)
    with psycopg.connect(empty) as connection:
        assert offences(connection) == []


def test_who_was_erased_stays_erased_after_a_restore(home, signer, empty, tmp_path):
    """The backup is from before the erasure; the journal, kept apart from it, is from after."""
    with psycopg.connect(home.admin_url) as connection:
        become(connection, signer, "owner")
        (contact,) = connection.execute("select id from api.contact_create('person', 'Bea Backwater')").fetchone()
    crm(home, "crm", "db", "backup", str(tmp_path / "crm.dump"))
    with psycopg.connect(home.admin_url) as connection:
        become(connection, signer, "owner")
        connection.execute("select api.contact_erase(%s, 'Bea Backwater')", (contact,))
    (tmp_path / "journal").write_text(journal := crm(home, "crm", "db", "erasures"))
    assert "Backwater" not in journal
    crm(home, "crm_restored", "db", "restore", str(tmp_path / "crm.dump"))
    with psycopg.connect(empty) as connection:
        assert connection.execute("select name from crm.contact where id = %s", (contact,)).fetchone() == (
            "Bea Backwater",
        )
    assert "contacts erased again of" in crm(home, "crm_restored", "db", "erase-again", str(tmp_path / "journal"))
    with psycopg.connect(empty) as connection:
        name, erased_at = connection.execute(
            "select name, erased_at from crm.contact where id = %s", (contact,)
        ).fetchone()
        assert name.startswith("Erased customer")
        assert erased_at is not None
