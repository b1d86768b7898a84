"""Planned messages."""

from uuid import UUID

from quart import Blueprint, Response

from crm import db
from crm.auth.middleware import after

blueprint = Blueprint("message", __name__)


@blueprint.post("/messages/<uuid:message_id>/cancellation")
async def cancel(message_id: UUID) -> Response:
    message = await db.one("message_cancel", message_id=message_id)
    return after(f"/contacts/{message.contact_id}", "The message will not be sent.")
