"""Facts about a contact."""

from uuid import UUID

from quart import Blueprint, Response

from crm import db, forms
from crm.auth.middleware import after
from crm.forms import Form, refusals
from crm.render import render

blueprint = Blueprint("attribute", __name__)


@blueprint.get("/contacts/<uuid:contact_id>/attributes/new")
async def new(contact_id: UUID) -> Response:
    contact = await db.one("contact_read", contact_id=contact_id)
    return await render("attribute/new", contact=contact, form=Form())


@blueprint.post("/contacts/<uuid:contact_id>/attributes")
@refusals(new)
async def create(contact_id: UUID) -> Response:
    fact = await db.one(
        "attribute_set", contact_id=contact_id, key=await forms.text("key"), value=await forms.text("value")
    )
    return after(f"/contacts/{contact_id}", f"{fact.key} was noted.")


@blueprint.post("/attributes/<uuid:attribute_id>/removal")
async def destroy(attribute_id: UUID) -> Response:
    fact = await db.one("attribute_remove", attribute_id=attribute_id)
    return after(f"/contacts/{fact.contact_id}", f"{fact.key} was removed.")
