"""Two contacts that are not the same, as somebody says."""

from uuid import UUID

from quart import Blueprint, Response

from crm import db, forms
from crm.auth.middleware import after
from crm.errors import Refused

blueprint = Blueprint("not_duplicate", __name__)


@blueprint.post("/contacts/<uuid:contact_id>/not-duplicates")
async def create(contact_id: UUID) -> Response:
    """They are two: nobody is asked about them again."""
    other_id = await forms.identifier("other_id", "Choose the other contact.")
    if other_id is None:
        raise Refused("not_duplicate_is_of_two", "Choose the other contact.")
    await db.one("not_duplicate_add", contact_id=contact_id, other_id=other_id)
    return after("/duplicates", "Noted: they are not the same.")


@blueprint.post("/contacts/<uuid:contact_id>/not-duplicates/<uuid:other_id>/removal")
async def destroy(contact_id: UUID, other_id: UUID) -> Response:
    """They may be one after all."""
    await db.one("not_duplicate_remove", contact_id=contact_id, other_id=other_id)
    return after(f"/contacts/{contact_id}/merge/{other_id}", "Taken back: they may be the same.")
