"""Customers of a file on their way into the book, and out of it again: some hundred rows a job, each asking for the next."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import fields
from typing import TYPE_CHECKING, Any
from uuid import UUID

from crm import db
from crm.book.people import Address, BadRow, Person, person_of

if TYPE_CHECKING:
    from crm.worker import Job, Tools

PARTS = 10  # of 250 rows in one job


# Field by field: `asdict` copies all that is within, and took a third of the time of reading a row.
PERSON = [field.name for field in fields(Person) if field.name != "tags"]
ADDRESS = [field.name for field in fields(Address)]


async def apply(job: "Job", tools: "Tools") -> None:
    """Take the next rows in, some parts of them, and ask for more: while the database writes one part, the next is read.
    What another worker took in meanwhile is passed over."""
    contact_import_id = UUID(job.payload["contact_import_id"])
    work = await db.one("contact_import_work", contact_import_id=contact_import_id)
    people, last = await _part(contact_import_id, work, 0)
    for left in reversed(range(PARTS)):
        taken = db.one("contact_import_apply", contact_import_id=contact_import_id, people=people, asks=not left)
        if not left:
            await taken
            return
        _, (people, last) = await asyncio.gather(taken, _part(contact_import_id, work, last))
        if not last:
            return


async def _part(contact_import_id: UUID, work: Any, after: int) -> tuple[str, int]:
    """The people of the rows after this number, and the number of the last of them: 0 when there is none."""
    rows = await db.many("contact_import_waiting", contact_import_id=contact_import_id, after=after)
    people = await asyncio.to_thread(people_of, rows, work.mapping, work.time_zone)
    return people, rows[-1].number if rows else 0


async def undo(job: "Job", tools: "Tools") -> None:
    """Take the next rows back."""
    await db.one("contact_import_take_back", contact_import_id=UUID(job.payload["contact_import_id"]))


def people_of(rows: Sequence[Any], mapping: Sequence[str], zone: str) -> str:
    """The people of these rows in JSON, each with its number; of a row that speaks of nobody, why."""
    return json.dumps([{"number": row.number, **_person_of(row.cells, mapping, zone)} for row in rows])


def _person_of(cells: Sequence[str], mapping: Sequence[str], zone: str) -> dict[str, Any]:
    try:
        return known_of(person_of(cells, mapping, zone))
    except BadRow as bad:
        return {"failed": bad.message}


def known_of(person: Person) -> dict[str, Any]:
    """What the database is told of a person. Tags are a fact that is a list."""
    known = {name: getattr(person, name) for name in PERSON}
    if person.address:
        known["address"] = {name: getattr(person.address, name) for name in ADDRESS}
    if person.tags:
        known["attributes"] = {**person.attributes, "tags": ", ".join(person.tags)}
    return known
