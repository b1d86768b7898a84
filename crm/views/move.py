"""A visit moved to another time or another technician: by a form, or by what the calendar's pointer sends."""

from datetime import timedelta
from typing import Any, cast
from uuid import UUID

from jinja2.runtime import Context
from quart import Blueprint, Response, g, request

from crm import db, filters, forms, timezone
from crm.auth.middleware import after
from crm.forms import Form, refusals
from crm.render import context, render
from crm.views.ticket import CLOSED, OPEN

blueprint = Blueprint("move", __name__)

ACCEPTED = "They had accepted the time before. "


@blueprint.get("/tickets/<uuid:ticket_id>/move")
async def edit(ticket_id: UUID) -> Response:
    """Where the visit is, or where it was to go and could not; `from` says whose visit it is, of several."""
    await db.require("ticket_move")
    ticket, members, technicians = await db.read(
        db.call("ticket_read", ticket_id=ticket_id),
        db.call("ticket_members", ticket_id=ticket_id),
        db.call("technician_list"),
    )
    if ticket.status not in OPEN:
        return after(f"/tickets/{ticket_id}", CLOSED, "bad")
    starts_at = timezone.local(ticket.starts_at, g.session.time_zone)
    sent = await request.form
    length = int((ticket.ends_at - ticket.starts_at).total_seconds() // 60)
    minutes = int(sent["minutes"]) if sent.get("minutes", "").isdecimal() and len(sent["minutes"]) < 5 else length
    whose = sent.get("from", request.args.get("from", str(members[0].id) if members else ""))
    form = Form(
        date=f"{starts_at:%Y-%m-%d}", time=f"{starts_at:%H:%M}", hours=f"{minutes // 60}:{minutes % 60:02}", to=whose, view=request.args.get("view", "day"),
        **{"from": whose},
    )  # fmt: skip
    form.fill()
    return await render("ticket/move", ticket=ticket, members=members, technicians=technicians, form=form)


@blueprint.post("/tickets/<uuid:ticket_id>/move")
@refusals(edit)
async def update(ticket_id: UUID) -> Response:
    """What is not said stays: a drag to another day says only the day."""
    ticket = await db.one("ticket_read", ticket_id=ticket_id)
    zone = g.session.time_zone
    was = timezone.local(ticket.starts_at, zone)
    on = await forms.day("date") or was.date()
    starts_at = timezone.from_wall(on, await forms.clock("time") or was.time(), zone)
    moved = await db.one(
        "ticket_move", ticket_id=ticket_id, starts_at=starts_at, ends_at=starts_at + await _length(ticket),
        from_member_id=await forms.identifier("from"), to_member_id=await forms.identifier("to"),
        book_anyway_reason=await forms.text("book_anyway_reason"),
    )  # fmt: skip
    view = await forms.text("view")
    where = f"/calendar/{view if view in ('day', 'week') else 'day'}?date={on}&moved={moved.id}"
    return after(where, _told(ticket, await db.one("calendar_moved", ticket_id=ticket_id)))


def _told(before: Any, moved: Any) -> str:
    """When and by whom it is done now, and whether the customer hears of it."""
    shown = cast(Context, context())
    when = filters.span(shown, moved.starts_at, moved.ends_at)
    words = f"{moved.name[:40]}: moved to {when}, {moved.technicians[:40] if moved.technicians else 'nobody yet'}."
    accepted = before.confirmation == "confirmed" and moved.confirmation == "pending"
    if moved.asking:
        return (
            f"{words} {ACCEPTED if accepted else ''}{'A mail asks them anew.' if moved.told else 'A mail asks them.'}"
        )
    return f"{words} {ACCEPTED}No mail asks them anew: call them." if accepted else words


async def _length(ticket: Any) -> timedelta:
    if minutes := await forms.whole("minutes", "the minutes"):
        return timedelta(minutes=minutes)
    if await forms.text("hours"):
        return timedelta(minutes=await forms.hours("hours"))
    length: timedelta = ticket.ends_at - ticket.starts_at
    return length
