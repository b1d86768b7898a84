"""The catalogue lint: rules over what is in the database, whoever put it there.

`offences(connection)` works on any database of this schema, from a test, a start-up check or a shell.
"""

import re
from functools import cache
from pathlib import Path
from typing import Any

import psycopg

from crm import statements
from crm.paths import SQL

Offence = tuple[str, object]


@cache
def _parts() -> dict[str, str]:
    text = Path(__file__).with_name("catalogue.sql").read_text(encoding="utf-8")
    parts = re.split(r"^-- (prologue|rule: \w+)\n", re.sub(r"^-- ====.*\n", "", text, flags=re.M), flags=re.M)[1:]
    return {name.removeprefix("rule: "): body.strip() for name, body in zip(parts[::2], parts[1::2], strict=True)}


@cache
def _queries() -> str:
    return ",".join(sorted(statements.load(SQL)))


def rules() -> list[str]:
    """The names of all rules."""
    return [name for name in _parts() if name != "prologue"]


def offences(connection: psycopg.Connection[Any], *only: str) -> list[Offence]:
    """(rule, offender) for everything in this database that breaks a rule; only the named rules when given.

    The connection is a superuser's. Nothing is changed.
    """
    parts, found = _parts(), []
    connection.execute("select set_config('lint.queries', %s, false)", (_queries(),))
    for name in only or rules():
        cursor = connection.execute(f"/* {name} */ {parts['prologue']}\n{parts[name]}".encode())
        found += [(name, row[0]) for row in cursor.fetchall()]
    return found
