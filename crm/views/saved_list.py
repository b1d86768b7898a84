"""Lists of contacts that people come back to: what the list is narrowed to, under a name."""

from uuid import UUID

from quart import Blueprint, Response

from crm import db, forms
from crm.auth.middleware import after
from crm.contact_filter import Filters
from crm.forms import refusals
from crm.views import contact

blueprint = Blueprint("saved_list", __name__)


async def _list() -> Response:
    """The list as it was when somebody wanted to save it."""
    return await contact.listed(await _filters())


@blueprint.post("/contacts/lists")
@refusals(_list)
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
    return Filters.of_query(await forms.text("query") or "")
