"""Mails to customers: what is planned, to whom, when and why."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from quart import Blueprint, Response, request

from crm import db, forms
from crm.auth.middleware import after, safe_next
from crm.render import render

blueprint = Blueprint("message", __name__)

PAGE = 12


@blueprint.get("/messages")
async def index() -> Response:
    """What waits to be sent, the next first, a page at a time."""
    messages = await db.many("message_list", **_from(request.args.get("after", "")))
    last = messages[PAGE - 1] if len(messages) > PAGE else None
    return await render(
        "message/index", messages=messages[:PAGE], more=f"{last.send_at.isoformat()}|{last.id}" if last else None
    )


def _from(after_what: str) -> dict[str, Any]:
    at, _, message_id = after_what.partition("|")
    try:
        return {"after_at": datetime.fromisoformat(at).astimezone(UTC), "after_id": UUID(message_id)}
    except (ValueError, OverflowError):
        return {"after_at": None, "after_id": None}


@blueprint.get("/messages/<uuid:message_id>")
async def show(message_id: UUID) -> Response:
    return await render("message/show", message=await db.one("message_read", message_id=message_id))


@blueprint.post("/messages/<uuid:message_id>/sending")
async def send(message_id: UUID) -> Response:
    message = await db.one("message_send", message_id=message_id)
    return after(f"/messages/{message.id}", "The mail is on its way.")


@blueprint.post("/messages/<uuid:message_id>/cancellation")
async def cancel(message_id: UUID) -> Response:
    message = await db.one("message_cancel", message_id=message_id)
    target = await forms.text("next")
    return after(safe_next(target) if target else f"/contacts/{message.contact_id}", "The message will not be sent.")
