"""Facts about a contact."""

from uuid import UUID

from quart import Blueprint, Response, request

from crm import db, forms
from crm.auth.middleware import after
from crm.forms import Form, refusals
from crm.render import render

blueprint = Blueprint("attribute", __name__)

KINDS = [("text", "Words"), ("number", "A number"), ("yes_no", "Yes or no"), ("date", "A date"), ("list", "A list")]


@blueprint.get("/contacts/<uuid:contact_id>/attributes/new")
async def new(contact_id: UUID) -> Response:
    await db.require("attribute_set")
    return await render("attribute/new", editing="new", form=Form(), kinds=KINDS, **await _known(contact_id))


@blueprint.post("/contacts/<uuid:contact_id>/attributes")
async def create(contact_id: UUID) -> Response:
    """Set a fact: a new one, or another value of one that is there."""
    answer: Response = await (_change if (await request.form).get("attribute_id") else _add)(contact_id=contact_id)
    return answer


@refusals(new)
async def _add(contact_id: UUID) -> Response:
    return await _set(contact_id)


@blueprint.get("/attributes/<uuid:attribute_id>/edit")
async def edit(attribute_id: UUID) -> Response:
    await db.require("attribute_set")
    fact = await db.one("attribute_read", attribute_id=attribute_id)
    return await render("attribute/edit", editing=str(fact.id), form=Form(fact), **await _known(fact.contact_id))


async def _edit_again(contact_id: UUID) -> Response:
    fact_id = await forms.identifier("attribute_id", "Choose a fact.")
    return await edit(fact_id) if fact_id else await new(contact_id)


@refusals(_edit_again)
async def _change(contact_id: UUID) -> Response:
    return await _set(contact_id)


async def _set(contact_id: UUID) -> Response:
    fact = await db.one(
        "attribute_set", contact_id=contact_id, key=await forms.text("key"), value=await forms.text("value"),
        kind=await forms.text("kind"),
    )  # fmt: skip
    return after(f"/contacts/{contact_id}", f"{fact.key.capitalize()} was noted.")


@blueprint.get("/attributes/<uuid:attribute_id>")
async def show(attribute_id: UUID) -> Response:
    """What a fact is, and what it was before."""
    fact, history = await db.read(
        db.call("attribute_read", attribute_id=attribute_id), db.call("attribute_history", attribute_id=attribute_id)
    )
    return await render("attribute/show", fact=fact, history=history)


@blueprint.post("/attributes/<uuid:attribute_id>/removal")
async def destroy(attribute_id: UUID) -> Response:
    fact = await db.one("attribute_remove", attribute_id=attribute_id)
    return after(f"/contacts/{fact.contact_id}", f"{fact.key.capitalize()} was removed.")


async def _known(contact_id: UUID) -> dict[str, object]:
    contact, attributes, keys = await db.read(
        db.call("contact_read", contact_id=contact_id),
        db.call("contact_attributes", contact_id=contact_id),
        db.call("attribute_keys"),
    )
    return {"contact": contact, "attributes": attributes, "keys": keys}
