"""Notes about a contact or one of their visits."""

from typing import Any
from uuid import UUID

from quart import Blueprint, Response, g

from crm import db, forms
from crm.auth.middleware import after
from crm.forms import Form, refusals
from crm.render import keep, render
from crm.views import search

blueprint = Blueprint("note", __name__)


@blueprint.get("/notes/new")
async def who() -> Response:
    """Whom a note is about."""
    await db.require("note_add")
    q = search.typed()
    (contacts,) = await db.read(search.contacts_for(q))
    return await render("note/who", q=q, contacts=contacts)


@blueprint.get("/contacts/<uuid:contact_id>/notes/new")
async def new(contact_id: UUID) -> Response:
    await db.require("note_add")
    contact = await db.one("contact_read", contact_id=contact_id)
    page = f"/contacts/{contact_id}"
    return await render("note/new", name=contact.name, back_to=page, action=f"{page}/notes", form=Form())


@blueprint.post("/contacts/<uuid:contact_id>/notes")
@refusals(new)
async def create(contact_id: UUID) -> Response:
    await db.one("note_add", contact_id=contact_id, body=await forms.text("body"), ticket_id=None, **await forms.sent())
    return after(f"/contacts/{contact_id}", "The note was added.")


@blueprint.get("/tickets/<uuid:ticket_id>/notes/new")
async def new_for_ticket(ticket_id: UUID) -> Response:
    await db.require("note_add")
    ticket = await db.one("ticket_read", ticket_id=ticket_id)
    page = f"/tickets/{ticket_id}"
    return keep(await render("note/new", name=ticket.name, back_to=page, action=f"{page}/notes/new", form=Form()))


@blueprint.post("/tickets/<uuid:ticket_id>/notes/new")
@refusals(new_for_ticket)
async def create_for_ticket(ticket_id: UUID) -> Response:
    """Also after the visit was closed: what is on the visit stays, the note stands beside it."""
    await db.one("note_add", contact_id=None, body=await forms.text("body"), ticket_id=ticket_id, **await forms.sent())
    return after(f"/tickets/{ticket_id}", "The note was added.")


@blueprint.get("/notes/<uuid:note_id>/edit")
async def edit(note_id: UUID) -> Response:
    await db.require("note_update")
    note, *history = await db.read(db.call("note_read", note_id=note_id), *_history(note_id))
    return await render("note/edit", note=note, form=Form(note), history=history[0] if history else [])


@blueprint.post("/notes/<uuid:note_id>")
@refusals(edit)
async def update(note_id: UUID) -> Response:
    note = await db.one("note_update", note_id=note_id, body=await forms.text("body"))
    return after(_home(note), "The note was changed.")


@blueprint.post("/notes/<uuid:note_id>/removal")
@refusals(edit)
async def destroy(note_id: UUID) -> Response:
    note = await db.one("note_remove", note_id=note_id)
    return after(_home(note), "The note was removed.")


def _history(note_id: UUID) -> list[db.Call]:
    """What it said before, for those who may look at the audit."""
    return [db.call("note_history", note_id=note_id)] if db.may(g.session.role, "note_history") else []


def _home(note: Any) -> str:
    return f"/tickets/{note.ticket_id}" if note.ticket_id else f"/contacts/{note.contact_id}"
