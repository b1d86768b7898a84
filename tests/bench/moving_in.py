"""How long it takes to move in: a file of customers with an address and three facts each, while somebody else works.

The whole way of the worker is timed, one job after the other, against a business of its own; meanwhile pages of contacts
are read, one after the other, and the slowest of them says whether an import is in anybody's way.
"""

import asyncio
import json
import statistics
import time
import uuid
from contextlib import suppress

import psycopg
from psycopg.rows import namedtuple_row

from crm import context, db
from crm.config import Settings
from crm.run import Home
from crm.worker import Job, contact_import

COLUMNS = ["Name", "Phone", "Email", "Street", "City", "State", "Postcode", "Notes", "Pet", "Ladder", "Screens"]
MAPPING = [
    "name",
    "phone",
    "email",
    "street",
    "city",
    "region",
    "postcode",
    "note",
    "attribute:pet",
    "attribute:ladder",
    "attribute:screens",
]
SMALLEST = """
select m.business_id, m.member_id from internal.membership m
where m.role = 'owner' and m.active
order by (select count(*) from crm.contact c where c.business_id = m.business_id) limit 1
"""


def row(number: int) -> list[str]:
    return [
        f"Mover {number:05} Featherstone", f"256-{200 + number // 10_000:03}-{number % 10_000:04}", f"mover{number}@example.com",
        f"{number} Old Railroad Bed Road", "Madison", "AL", "35758", "Pays by check", "a dog called Pip", "the long one", str(number % 40),
    ]  # fmt: skip


def measure(home: Home, rows: int) -> None:
    """Print the seconds of an import and of its undo, and what a page took meanwhile."""
    asyncio.run(_measure(home, rows))


async def _measure(home: Home, rows: int) -> None:
    with psycopg.connect(home.admin_url, row_factory=namedtuple_row) as connection:
        (owner,) = connection.execute(SMALLEST).fetchall()
    person = context.Actor(owner.business_id, "owner", owner.member_id)
    worker = context.worker(owner.business_id)
    await db.open(
        Settings(database_url=home.url(), valkey_url=home.valkey.url, context_key=home.secrets["context_key"])
    )
    try:
        context.current.set(person)
        began = time.monotonic()
        async with db.transaction() as tx:
            made = await tx.run(
                "contact_import_create",
                file_name="bench.csv",
                file_kind="csv",
                preset=None,
                columns=COLUMNS,
                mapping=MAPPING,
            )
            for first in range(1, rows + 1, 2000):
                part = json.dumps([row(number) for number in range(first, min(first + 2000, rows + 1))])
                await tx.run("contact_import_rows_add", contact_import_id=made.id, first=first, rows=part)
        print(f"\nMoving in: {rows:,} customers with an address and three facts each")
        print(f"  {'rows of the file kept':28}{time.monotonic() - began:8.1f} s", flush=True)
        await db.one("contact_import_start", contact_import_id=made.id)
        await _until(made.id, worker, person, contact_import.apply, "done", "taken into the book")
        context.current.set(person)
        await db.one("contact_import_undo", contact_import_id=made.id)
        await _until(made.id, worker, person, contact_import.undo, "undone", "taken back")
    finally:
        await db.close()


async def _until(
    import_id: uuid.UUID, worker: context.Actor, person: context.Actor, handler: object, state: str, title: str
) -> None:
    """Run the worker's jobs until the import is in this state, and read pages meanwhile."""
    pages = asyncio.create_task(_read_pages(person))
    context.current.set(worker)
    job, jobs, began = Job(uuid.uuid4(), {"contact_import_id": str(import_id)}, "contact_import"), [], time.monotonic()
    while (await db.one("contact_import_work", contact_import_id=import_id)).state != state:
        started = time.monotonic()
        await handler(job, None)  # type: ignore[operator]
        jobs.append(time.monotonic() - started)
    print(
        f"  {title:28}{time.monotonic() - began:8.1f} s, {len(jobs)} jobs of {statistics.median(jobs) * 1000:.0f} ms, the longest {max(jobs) * 1000:.0f} ms"
    )
    pages.cancel()
    with suppress(asyncio.CancelledError):
        await pages


async def _read_pages(person: context.Actor) -> None:
    context.current.set(person)
    times: list[float] = []
    try:
        while True:
            began = time.monotonic()
            await db.many("contact_list", after_key="", after_id=uuid.UUID(int=0))
            times.append((time.monotonic() - began) * 1000)
            await asyncio.sleep(0.05)
    finally:
        print(
            f"  {'a page meanwhile':28}{statistics.median(times):8.1f} ms, the slowest of {len(times)} {max(times):.0f} ms",
            flush=True,
        )
