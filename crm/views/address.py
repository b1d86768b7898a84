"""Addresses of a contact."""

from uuid import UUID

from quart import Blueprint, Response

from crm import db, forms
from crm.auth.middleware import after
from crm.forms import Form, refusals
from crm.render import render

blueprint = Blueprint("address", __name__)

FIELDS = ("label", "street", "city", "region", "postcode", "access_note")


@blueprint.get("/contacts/<uuid:contact_id>/addresses/new")
async def new(contact_id: UUID) -> Response:
    await db.require("address_create")
    contact = await db.one("contact_read", contact_id=contact_id)
    return await render("address/new", contact=contact, form=Form())


@blueprint.post("/contacts/<uuid:contact_id>/addresses")
@refusals(new)
async def create(contact_id: UUID) -> Response:
    await db.one("address_create", contact_id=contact_id, **{name: await forms.text(name) for name in FIELDS})
    return after(f"/contacts/{contact_id}", "The address was added.")


@blueprint.get("/addresses/<uuid:address_id>/edit")
async def edit(address_id: UUID) -> Response:
    await db.require("address_update")
    address = await db.one("address_read", address_id=address_id)
    return await render("address/edit", address=address, form=Form(address))


@blueprint.post("/addresses/<uuid:address_id>")
@refusals(edit)
async def update(address_id: UUID) -> Response:
    address = await db.one("address_update", address_id=address_id, **{name: await forms.text(name) for name in FIELDS})
    return after(f"/contacts/{address.contact_id}", "The address was saved.")
