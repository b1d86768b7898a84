"""What happened with a contact, newest first, a page at a time."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from quart import Blueprint, Response, request

from crm import db
from crm.render import render

blueprint = Blueprint("timeline", __name__)

PAGE = 15  # with all else that a contact has, what a phone is sent in one go
LATEST = datetime(2200, 1, 1, tzinfo=UTC)


@blueprint.get("/contacts/<uuid:contact_id>/timeline")
async def index(contact_id: UUID) -> Response:
    """Older entries, from where the page before ended."""
    contact, entries = await db.read(
        db.call("contact_read", contact_id=contact_id),
        db.call("contact_timeline", contact_id=contact_id, **_from(request.args.get("before", ""))),
    )
    return await render("timeline/index", contact=contact, **page(entries))


def start() -> dict[str, Any]:
    """Where the first page begins."""
    return {"before_at": LATEST, "before_id": UUID(int=2**128 - 1)}


def page(entries: list[Any]) -> dict[str, Any]:
    """The entries of one page, and where the next begins."""
    last = entries[PAGE - 1] if len(entries) > PAGE else None
    return {"entries": entries[:PAGE], "older": f"{last.at.isoformat()}|{last.id}" if last else None}


def _from(before: str) -> dict[str, Any]:
    """Where a page begins, from the URL; from the top when that cannot be read."""
    at, _, entry_id = before.partition("|")
    try:
        return {"before_at": datetime.fromisoformat(at).astimezone(UTC), "before_id": UUID(entry_id)}
    except (ValueError, OverflowError):
        return start()
