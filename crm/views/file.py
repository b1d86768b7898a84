"""Photos and documents of contacts and visits."""

import asyncio
from pathlib import PurePath
from typing import Any
from uuid import UUID, uuid4, uuid5

from quart import Blueprint, Response, abort, current_app, g, request
from werkzeug.datastructures import FileStorage

from crm import db, files, forms
from crm.auth.middleware import after
from crm.files import Store
from crm.forms import refusals
from crm.render import render

blueprint = Blueprint("file", __name__)

AT_ONCE = 5
UNPACKING = asyncio.Semaphore(2)  # photos at a time: each takes a processor and a hundred megabytes


@blueprint.get("/contacts/<uuid:contact_id>/files")
async def index(contact_id: UUID) -> Response:
    contact, found = await db.read(
        db.call("contact_read", contact_id=contact_id), db.call("contact_files", contact_id=contact_id)
    )
    return await render("file/index", contact=contact, files=found, errors=g.get("errors") or {})


@blueprint.post("/contacts/<uuid:contact_id>/files")
@refusals(index)
async def create(contact_id: UUID) -> Response:
    await db.one("contact_read", contact_id=contact_id)
    number = await _keep(contact_id=contact_id, ticket_id=None)
    return after(f"/contacts/{contact_id}/files", _said(number))


async def _ticket_again(ticket_id: UUID) -> Response:
    ticket = await db.one("ticket_read", ticket_id=ticket_id)
    return await index(ticket.contact_id)


@blueprint.post("/tickets/<uuid:ticket_id>/files")
@refusals(_ticket_again)
async def create_for_ticket(ticket_id: UUID) -> Response:
    """Also after the visit was closed."""
    ticket = await db.one("ticket_read", ticket_id=ticket_id)
    number = await _keep(contact_id=ticket.contact_id, ticket_id=ticket_id)
    return after(f"/tickets/{ticket_id}", _said(number))


@blueprint.get("/files/<uuid:file_id>")
async def show(file_id: UUID) -> Response:
    return await _sent(file_id, thumbnail=False)


@blueprint.get("/files/<uuid:file_id>/thumbnail")
async def thumbnail(file_id: UUID) -> Response:
    return await _sent(file_id, thumbnail=True)


@blueprint.get("/files/<uuid:file_id>/edit")
async def edit(file_id: UUID) -> Response:
    return await render("file/edit", file=await db.one("file_read", file_id=file_id))


@blueprint.post("/files/<uuid:file_id>/removal")
async def destroy(file_id: UUID) -> Response:
    removed = await db.one("file_remove", file_id=file_id)
    if removed.kept_in == "folder":
        await _store().remove(g.session.business_id, file_id)
    return after(f"/contacts/{removed.contact_id}/files", f"{removed.name} was removed.")


def _store() -> Store:
    kept: Store = current_app.config["FILES"]
    return kept


async def _keep(*, contact_id: UUID, ticket_id: UUID | None) -> int:
    """Make what was sent harmless and keep it, all of it or nothing; returns how many there were."""
    sent = [each for each in (await request.files).getlist("files") if each.filename]
    if not 0 < len(sent) <= AT_ONCE:
        raise forms.refuse("files", f"Choose one to {AT_ONCE} photos or PDFs.")
    business_id, kept = g.session.business_id, []
    try:
        prepared = [(_name(each), await _prepared(each.read())) for each in sent]
        spare, sent_as = [], await forms.sent()
        async with db.transaction() as tx:
            for number, (name, file) in enumerate(prepared):
                file_id = uuid4()
                kept.append(file_id)
                content = await _store().put(business_id, file_id, file.content)
                added = await tx.run(
                    "file_add", file_id=file_id, contact_id=contact_id, ticket_id=ticket_id, kind=file.kind, name=name,
                    media_type=file.media_type, bytes=len(file.content), width=file.width, height=file.height,
                    content=content, thumbnail=file.thumbnail, **_numbered(sent_as, number),
                )  # fmt: skip
                if added.id is None:  # it came before
                    spare.append(file_id)
        for file_id in spare:
            await _store().remove(business_id, file_id)
    except files.Unusable as unusable:
        raise forms.refuse("files", str(unusable)) from None
    except BaseException:
        for file_id in kept:
            await _store().remove(business_id, file_id)
        raise
    return len(sent)


def _numbered(sent_as: dict[str, Any], number: int) -> dict[str, Any]:
    """Several files are sent as one; each is added under an id of its own, the same one each time it is sent."""
    action_id = sent_as["action_id"]
    return sent_as | {"action_id": action_id and uuid5(action_id, str(number))}


async def _prepared(data: bytes) -> files.Prepared:
    async with UNPACKING:
        return await asyncio.to_thread(files.prepare, data)


def _name(sent: FileStorage) -> str:
    """The name it had, without its folder, in one line."""
    name = "".join(c for c in PurePath((sent.filename or "").replace("\\", "/")).name if c.isprintable()).strip()
    return name[:120].strip() or "File"


def _said(number: int) -> str:
    return "The file was added." if number == 1 else f"{number} files were added."


async def _sent(file_id: UUID, *, thumbnail: bool) -> Response:
    """The bytes, as what they are and nothing else: no browser guesses, nothing in them runs."""
    file = await db.one("file_content", file_id=file_id, thumbnail=thumbnail)
    try:
        content = file.content if thumbnail else await _store().get(g.session.business_id, file_id, file.content)
    except FileNotFoundError:
        abort(404)
    # Kept by the browser, and asked for each time all the same: who has signed out, or may not see it any more, does not.
    tag = f'"{file.id}{"-small" if thumbnail else ""}"'
    known = tag in request.headers.get("If-None-Match", "")
    response = Response(b"", 304) if known else Response(content, content_type=file.media_type)
    response.headers["ETag"] = tag
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = "private, no-cache"
    if file.kind != "photo":
        response.headers.set("Content-Disposition", "attachment", filename="document.pdf")
    return response
