"""A visit moved to another time or another technician: by a form, or by what the calendar's pointer sends."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from quart import Blueprint, Response, g, request

from crm import db, forms, timezone
from crm.auth.middleware import after
from crm.calendar_filter import Narrowed
from crm.forms import Form, refusals
from crm.render import render, words
from crm.views.ticket import CLOSED, OPEN

blueprint = Blueprint("move", __name__)


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
    return await render(
        "ticket/move", ticket=ticket, members=members, technicians=technicians, form=form, narrowed=Narrowed.of(sent or request.args),
    )  # fmt: skip


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
    now = await db.one("calendar_moved", ticket_id=ticket_id)
    return after(await _calendar(on, moved=str(moved.id)), words("ticket/moved", before=ticket, moved=now))


@blueprint.post("/tickets/<uuid:ticket_id>/move/undo")
@refusals(edit)
async def undo(ticket_id: UUID) -> Response:
    """Back to when and whom it was, which is a slip of the hand ago."""
    await db.one("ticket_move_undo", change_set_id=await forms.identifier("change_set_id"))
    now = await db.one("calendar_moved", ticket_id=ticket_id)
    on = timezone.local(now.starts_at, g.session.time_zone).date()
    return after(await _calendar(on), words("ticket/moved", before=None, moved=now))


async def _calendar(on: date, **more: str) -> str:
    """The day, or the week, that the visit was moved from, narrowed as it was, at the day where it is now."""
    view = await forms.text("view")
    narrowed = Narrowed.of(await request.form)
    return narrowed.address(f"/calendar/{view if view in ('day', 'week') else 'day'}", on, **more)


async def _length(ticket: Any) -> timedelta:
    if minutes := await forms.whole("minutes", "the minutes"):
        return timedelta(minutes=minutes)
    if await forms.text("hours"):
        return timedelta(minutes=await forms.hours("hours"))
    length: timedelta = ticket.ends_at - ticket.starts_at
    return length
