"""Customers moved in from a file: read, guessed, and handed to the database, from a page or from the command line."""

import asyncio
import json
from typing import Any
from uuid import UUID

from crm import db
from crm.book import tidy
from crm.book.mapping import guess, preset_of
from crm.book.reader import Table, read

AT_ONCE = 2000  # rows in one call


async def begin(name: str, data: bytes) -> UUID:
    """An import of this file, with its columns guessed: all of its rows, or nothing. Raises Unreadable."""
    table, mapping = await asyncio.to_thread(_read, name, data)
    async with db.transaction() as tx:
        made = await tx.run(
            "contact_import_create", file_name=_plain(name), file_kind=table.kind, preset=preset_of(table.columns),
            columns=list(table.columns), mapping=mapping,
        )  # fmt: skip
        for first in range(0, len(table.rows), AT_ONCE):
            rows = await asyncio.to_thread(json.dumps, table.rows[first : first + AT_ONCE])
            await tx.run("contact_import_rows_add", contact_import_id=made.id, first=first + 1, rows=rows)
    found: Any = made.id
    return UUID(str(found))


def _read(name: str, data: bytes) -> tuple[Table, list[str]]:
    table = read(name, data)
    return table, guess(table.columns, table.rows)


def _plain(name: str) -> str:
    """The name of a file without its folders, on one line."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return (tidy.line(tidy.clean(last)) or "customers")[:200].strip()
