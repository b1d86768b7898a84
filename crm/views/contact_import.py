"""Moving in: customers from a file, looked over, taken in, and taken back."""

import asyncio
from typing import Any
from uuid import UUID

from quart import Blueprint, Response, current_app, g, request

from crm import db, forms, moving
from crm.auth.middleware import after
from crm.book import preview
from crm.book.mapping import NOT_IMPORTED, PRESETS
from crm.book.reader import Unreadable
from crm.book.table import MOST_COLUMNS
from crm.book.writer import csv_bytes
from crm.forms import Form, refusals
from crm.render import render, wants_fragment

blueprint = Blueprint("contact_import", __name__)

DUPLICATES = [
    ("skip", "Leave them as they are", "Only new customers are added."),
    ("update", "Update them", "What the file has is written over what is there; the rest stays."),
    ("create", "Add them once more", "Also when the same e-mail address or phone number is there already."),
]
SAMPLE = (
    ("Name", "Phone", "Email", "Street", "City", "State", "Postcode", "Notes", "Pet", "Gate code"),
    ("Ann Example", "(256) 555-0101", "ann@example.com", "12 Oak Ridge Dr", "Madison", "AL", "35758", "Ring twice", "spaniel, Pip", "#1408"),
    ("Corner Bakery", "256-555-0102", "", "4 Main St", "Huntsville", "AL", "35801", "Before nine", "", ""),
)  # fmt: skip


@blueprint.get("/imports")
async def index() -> Response:
    return await render("contact_import/index", imports=await db.many("contact_import_list"))


@blueprint.get("/imports/new")
async def new() -> Response:
    await db.require("contact_import_create")
    return await render("contact_import/new", form=Form(), programs=list(PRESETS))


@blueprint.post("/imports")
@refusals(new)
async def create() -> Response:
    """Read a file; its rows wait until somebody has looked its columns over."""
    await db.require("contact_import_create")
    file = (await request.files).get("file")
    data = await asyncio.to_thread(file.read) if file else b""
    if not file or not file.filename:
        raise forms.refuse("file", "Choose a file first.")
    try:
        contact_import_id = await moving.begin(file.filename, data)
    except Unreadable as unreadable:
        raise forms.refuse("file", unreadable.message) from None
    return after(f"/imports/{contact_import_id}")


@blueprint.get("/imports/sample.csv")
async def sample() -> Response:
    """A small file that shows what one may look like."""
    return _csv("customers.csv", csv_bytes(SAMPLE[0], SAMPLE[1:]))


@blueprint.get("/imports/<uuid:contact_import_id>")
async def show(contact_import_id: UUID) -> Response:
    """The columns to look over; later how far it is; then what came of it."""
    found = await db.one("contact_import_read", contact_import_id=contact_import_id)
    if found.state == "mapping":
        return await _look_over(found)
    left = []
    if found.state not in ("waiting", "running", "undoing"):
        left = await db.many("contact_import_left", contact_import_id=contact_import_id)
    part = wants_fragment() and request.headers.get("HX-Target", "").endswith("import")
    return await render(f"contact_import/{'_state' if part else 'show'}", found=found, left=left, form=Form())


@blueprint.post("/imports/<uuid:contact_import_id>")
@refusals(show)
async def update(contact_import_id: UUID) -> Response:
    """Where each column goes, and what becomes of customers who are known."""
    await db.one("contact_import_map", contact_import_id=contact_import_id, **await _columns())
    return after(f"/imports/{contact_import_id}")


@blueprint.post("/imports/<uuid:contact_import_id>/start")
@refusals(show)
async def start(contact_import_id: UUID) -> Response:
    """Take the rows in, with the columns as they are on the screen."""
    async with db.transaction() as tx:
        await tx.run("contact_import_map", contact_import_id=contact_import_id, **await _columns())
        await tx.run("contact_import_start", contact_import_id=contact_import_id)
    return after(f"/imports/{contact_import_id}")


@blueprint.post("/imports/<uuid:contact_import_id>/cancellation")
@refusals(show)
async def cancel(contact_import_id: UUID) -> Response:
    found = await db.one("contact_import_cancel", contact_import_id=contact_import_id)
    if found.started_at:
        return after(f"/imports/{contact_import_id}", "No more rows are taken in.")
    return after("/imports", f"{found.file_name} was not imported.")


@blueprint.get("/imports/<uuid:contact_import_id>/undo")
async def new_undo(contact_import_id: UUID) -> Response:
    await db.require("contact_import_undo")
    found = await db.one("contact_import_read", contact_import_id=contact_import_id)
    return await render("contact_import/undo", found=found, form=Form())


@blueprint.post("/imports/<uuid:contact_import_id>/undo")
@refusals(new_undo)
async def undo(contact_import_id: UUID) -> Response:
    await db.one("contact_import_undo", contact_import_id=contact_import_id)
    return after(f"/imports/{contact_import_id}")


@blueprint.get("/imports/<uuid:contact_import_id>/failures.csv")
async def failures(contact_import_id: UUID) -> Response:
    """The rows that failed, each with why: mended there, the file can be imported again."""
    found, rows = await db.read(
        db.call("contact_import_read", contact_import_id=contact_import_id),
        db.call("contact_import_failures", contact_import_id=contact_import_id),
    )
    lines = ((*row.cells, row.reason) for row in rows)
    data = await asyncio.to_thread(csv_bytes, [*found.columns, NOT_IMPORTED], lines)
    return _csv("rows-that-failed.csv", data)


async def _columns() -> dict[str, Any]:
    """Where each column goes, as the form says."""
    count = sum(name.startswith("column-") for name in await request.form)
    return {
        "mapping": [await forms.text(f"column-{place}") or "" for place in range(min(count, MOST_COLUMNS))],
        "duplicates": await forms.text("duplicates"),
    }


async def _look_over(found: Any) -> Response:
    rows = await db.many("contact_import_sample", contact_import_id=found.id)
    form = Form(found)
    mapping = [form[f"column-{place}"] or "" for place in range(len(found.columns))] if form.errors else found.mapping
    people, bad = await asyncio.to_thread(preview.people, rows, mapping, g.session.time_zone)
    return await render(
        "contact_import/mapping", found=found, form=form, columns=preview.columns(found.columns, mapping, rows),
        people=people, bad=bad, looked_at=len(rows), duplicates=DUPLICATES,
    )  # fmt: skip


def _csv(name: str, data: bytes) -> Response:
    response: Response = current_app.response_class(data, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
