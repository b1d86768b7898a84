"""Lists of contacts that people come back to: what the list is narrowed to, under a name."""

from uuid import UUID

from quart import Blueprint, Response, request

from crm import db, forms
from crm.auth.middleware import after
from crm.contact_filter import Filters
from crm.forms import Form, refusals
from crm.render import render
from crm.views import contact

blueprint = Blueprint("saved_list", __name__)


@blueprint.get("/contacts/lists/new")
async def new() -> Response:
    """What it is narrowed to, and a place for its name."""
    await db.require("saved_list_save")
    filters = await _filters()
    return await render(
        "saved_list/new", filters=filters, services=await db.many("service_list", archived=True), form=Form()
    )


@blueprint.post("/contacts/lists")
@refusals(new)
async def create() -> Response:
    """Save the list under a name; a list of that name becomes this one."""
    filters = await _filters()
    saved = await db.one("saved_list_save", name=await forms.text("name"), query=filters.query)
    return after(contact.address(filters), f"{saved.name} was saved.")


@blueprint.post("/contacts/lists/<uuid:saved_list_id>/removal")
async def destroy(saved_list_id: UUID) -> Response:
    saved = await db.one("saved_list_remove", saved_list_id=saved_list_id)
    return after("/contacts", f"{saved.name} was removed.")


async def _filters() -> Filters:
    """From the form that is being saved, or from the address that leads to it."""
    query = await forms.text("query")
    return Filters.read(request.args) if query is None else Filters.of_query(query)
