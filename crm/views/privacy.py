"""What a customer may ask for by law: their data, and an end of it."""

import json
import zipfile
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

from quart import Blueprint, Response, current_app, g

from crm import archive, db, forms
from crm.auth.middleware import after
from crm.files import Store
from crm.forms import Form, refusals
from crm.render import render

blueprint = Blueprint("privacy", __name__)


@blueprint.get("/contacts/<uuid:contact_id>/privacy")
async def show(contact_id: UUID) -> Response:
    await db.require("contact_export")
    return await render("privacy/show", contact=await db.one("contact_read", contact_id=contact_id), form=Form())


@blueprint.post("/contacts/<uuid:contact_id>/export")
async def export(contact_id: UUID) -> Response:
    """A zip of everything known of them, to be handed to them."""
    rows = await db.many("contact_export", contact_id=contact_id)
    records: dict[str, list[Any]] = {}
    for row in rows:
        records.setdefault(row.noun, []).append(row.content)
    store: Store = current_app.config["FILES"]
    name = archive.name_from(records["contact"][0]["name"], "contact")
    return archive.attachment(_archive(records, g.session.business_id, store), name)


@blueprint.post("/contacts/<uuid:contact_id>/erasure")
@refusals(show)
async def erase(contact_id: UUID) -> Response:
    await db.many("contact_erase", contact_id=contact_id, name=await forms.text("name"))
    return after(f"/contacts/{contact_id}", "Their data was erased.")


async def _archive(records: dict[str, list[Any]], business_id: UUID, store: Store) -> AsyncIterator[bytes]:
    """The zip while it is sent."""
    pipe = archive.Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as zipped:
        zipped.writestr("data.json", json.dumps(records, indent=2, ensure_ascii=False))
        file_ids = [UUID(record["id"]) for record in records.get("file", [])]
        async for part in archive.add_files(zipped, pipe, file_ids, business_id, store):
            yield part
    yield pipe.taken()
