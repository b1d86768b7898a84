"""What a customer may ask for by law: their data, and an end of it."""

import asyncio
import io
import json
import re
import zipfile
from typing import Any
from uuid import UUID

from quart import Blueprint, Response, current_app, g

from crm import db, forms
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
    contents = []
    store: Store = current_app.config["FILES"]
    for file in records.get("file", []):
        found = await db.one("file_content", file_id=UUID(file["id"]), thumbnail=False)
        try:
            content = await store.get(g.session.business_id, found.id, found.content)
        except FileNotFoundError:
            continue
        contents.append((f"files/{found.id}.{'jpg' if found.kind == 'photo' else 'pdf'}", content))
    body = await asyncio.to_thread(_zip, records, contents)
    name = re.sub(r"[^A-Za-z0-9]+", "-", records["contact"][0]["name"]).strip("-") or "contact"
    response = Response(body, content_type="application/zip")
    response.headers.set("Content-Disposition", "attachment", filename=f"{name}.zip")
    return response


@blueprint.post("/contacts/<uuid:contact_id>/erasure")
@refusals(show)
async def erase(contact_id: UUID) -> Response:
    await db.many("contact_erase", contact_id=contact_id, name=await forms.text("name"))
    return after(f"/contacts/{contact_id}", "Their data was erased.")


def _zip(records: dict[str, list[Any]], contents: list[tuple[str, bytes]]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("data.json", json.dumps(records, indent=2, ensure_ascii=False))
        for name, content in contents:
            archive.writestr(name, content, zipfile.ZIP_STORED)
    return out.getvalue()
