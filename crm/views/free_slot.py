"""The next free times, while a visit is being booked."""

from datetime import UTC, datetime, time
from uuid import UUID

from quart import Blueprint, Response, g, request

from crm import db, forms, timezone
from crm.render import render

blueprint = Blueprint("free_slot", __name__)


@blueprint.get("/tickets/slots")
async def index() -> Response:
    """The part of the booking form that says when there is time for what is chosen in it."""
    await db.require("ticket_create")
    (slots,) = await db.read(call())
    return await render("free_slot/_found", slots=slots, contact_id=forms.query_identifier("contact_id"))


def call() -> db.Call:
    """The times for what the address says, from its day on; what cannot be read asks for nothing in particular."""
    now = datetime.now(UTC)
    day = forms.query_date("date") or forms.date_of(request.args.get("starts_at", "")[:10])
    from_at = max(timezone.from_wall(day, time(), g.session.time_zone), now) if day else now
    return db.call(
        "free_slot_list", member_ids=_identifiers("member_ids"), from_at=from_at, minutes=_minutes(),
        service_ids=_identifiers("service_ids"), address_id=forms.query_identifier("address_id"),
        contact_id=forms.query_identifier("contact") or forms.query_identifier("contact_id"),
    )  # fmt: skip


def _minutes() -> int | None:
    try:
        minutes = forms.minutes_of(request.args.get("hours", ""))
    except ValueError:
        return None
    return minutes if 0 < minutes <= 24 * 60 else None


def _identifiers(name: str) -> list[UUID]:
    return [known for value in request.args.getlist(name)[:50] if (known := forms.identifier_of(value))]
