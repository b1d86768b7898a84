"""Customers moved in from a file: read, guessed, and handed to the database, from a page or from the command line."""

import asyncio
import json
from typing import Any
from uuid import UUID

from crm import context, db
from crm.book import tidy
from crm.book.mapping import guess, preset_of
from crm.book.reader import Table, read
from crm.config import Settings

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


async def from_file(settings: Settings, actor: context.Actor, name: str, data: bytes, duplicates: str) -> int:
    """Begin and start in one go, for the command line; the worker does the rest. How many rows there are."""
    await db.open(settings, name="crm import")
    try:
        context.current.set(actor)
        made = await begin(name, data)
        found = await db.one("contact_import_read", contact_import_id=made)
        await db.one("contact_import_map", contact_import_id=made, mapping=found.mapping, duplicates=duplicates)
        started = await db.one("contact_import_start", contact_import_id=made)
    finally:
        await db.close()
    rows: int = started.total_rows
    return rows


def _read(name: str, data: bytes) -> tuple[Table, list[str]]:
    table = read(name, data)
    return table, guess(table.columns, table.rows)


def _plain(name: str) -> str:
    """The name of a file without its folders, on one line."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return (tidy.line(tidy.clean(last)) or "customers")[:200].strip()
