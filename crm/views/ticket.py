"""Visits: booking, looking, changing, cancelling."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from quart import Blueprint, Response, g, request

from crm import db, forms, repeats, series_form, timezone
from crm.auth.middleware import after
from crm.forms import Form, refusals
from crm.render import keep, render
from crm.views import free_slot, search, waitlist

blueprint = Blueprint("ticket", __name__)

OPEN = ("scheduled", "in_progress")
ARRIVALS = {
    0: "On time",
    30: "Within half an hour",
    60: "Within an hour",
    **{60 * n: f"Within {n} hours" for n in (2, 3, 4)},
}
CLOSED = "This visit is closed: nothing on it changes any more."


def arrivals(minutes: int) -> list[tuple[int, str]]:
    """What can be chosen, and what is so already."""
    return sorted((ARRIVALS | ({} if minutes in ARRIVALS else {minutes: f"Within {minutes} minutes"})).items())


@blueprint.get("/tickets/<uuid:ticket_id>")
async def show(ticket_id: UUID) -> Response:
    ticket, lines, members, invoice, gaps, notes, files, messages, *of_the_desk = await db.read(
        db.call("ticket_read", ticket_id=ticket_id),
        db.call("ticket_lines", ticket_id=ticket_id),
        db.call("ticket_members", ticket_id=ticket_id),
        db.maybe("ticket_invoice", ticket_id=ticket_id),
        db.call("close_out_gaps", ticket_id=ticket_id),
        db.call("ticket_notes", ticket_id=ticket_id),
        db.call("ticket_files", ticket_id=ticket_id),
        db.call("ticket_messages", ticket_id=ticket_id),
        *(
            [db.call("ticket_history", ticket_id=ticket_id), db.maybe("ticket_waitlist", ticket_id=ticket_id), *waitlist.freed_calls(ticket_id)]
            if db.may(g.session.role, "ticket_history") else []
        ),
    )  # fmt: skip
    history, waiting, *around = of_the_desk or [[], None, [], []]
    facts = await db.many("contact_attributes", contact_id=ticket.contact_id)
    page = await render(
        "ticket/show", ticket=ticket, lines=lines, members=members, invoice=invoice, gaps=gaps, facts=facts, notes=notes, files=files,
        messages=messages, series=await db.find("series_of_ticket", ticket_id=ticket_id) if ticket.series_id and db.may(g.session.role, "series_of_ticket") else None,
        history=history, waiting=waiting, place=f"/tickets/{ticket_id}", **waitlist.freed(*around),
    )  # fmt: skip
    return keep(page)


@blueprint.get("/tickets/new")
async def new() -> Response:
    """Book a visit for the contact in the URL, on its date; without one, ask who it is for."""
    await db.require("ticket_create")
    try:
        contact_id = UUID(request.args.get("contact", ""))
    except ValueError:
        return await _who()
    business, contact, addresses, services, technicians, waiting, slots = await db.read(
        db.call("business_arrival"),
        db.call("contact_read", contact_id=contact_id),
        db.call("contact_addresses", contact_id=contact_id),
        db.call("service_list", archived=False),
        db.call("technician_list"),
        db.call("contact_waitlist", contact_id=contact_id),
        free_slot.call(),
    )
    day = forms.query_date("date") or timezone.today(g.session.time_zone) + timedelta(days=1)
    starts_at = request.args.get("starts_at") or first_start(
        day, timezone.local(datetime.now(UTC), g.session.time_zone)
    )
    form = Form(
        starts_at=starts_at,
        address_id=addresses[0].id if addresses else "",
        arrival_minutes=business.arrival_minutes,
    )
    return await render(
        "ticket/new", contact=contact, addresses=addresses, services=services, technicians=technicians, form=form,
        chosen=await forms.ticked("member_ids", "service_ids") or set(request.args.getlist("member_ids")), slots=slots, contact_id=contact_id, waiting=waiting, off=await _off_the_waitlist(waiting),
        arrivals=arrivals(business.arrival_minutes), often=list(series_form.OFTEN.items()), monthly=repeats.monthly_choices(day), weekdays=set((await request.form).getlist("weekdays")),
    )  # fmt: skip


async def _off_the_waitlist(waiting: list[Any]) -> set[str]:
    """The wishes that this visit ends: all, unless the form says otherwise."""
    if g.get("submitted") is not None:
        return await forms.ticked("waitlist_entry_ids")
    return {str(wish.id) for wish in waiting}


def first_start(day: date, now: datetime) -> str:
    """What the form begins with: nine in the morning, or the next full hour of a day that is past it."""
    hour = min(max(9, now.hour + 1), 23) if day == now.date() else 9
    return f"{day}T{hour:02}:00"


async def _who() -> Response:
    q = search.typed()
    (contacts,) = await db.read(search.contacts_for(q))
    on = forms.query_date("date")
    return await render(
        "ticket/who", q=q, contacts=[c for c in contacts if not getattr(c, "archived_at", None)], on=on or ""
    )


@blueprint.post("/tickets/new")
@refusals(new)
async def create() -> Response:
    waited = await forms.identifiers("waitlist_entry_ids")
    wish = await series_form.wished(contact_id=await forms.identifier("contact_id"))
    async with db.transaction() as tx:
        if wish:
            made = await tx.run("series_create", **wish)
            for entry_id in waited:
                await tx.run("waitlist_entry_end", waitlist_entry_id=entry_id, reason="A repeating visit was booked.")
            return after(f"/series/{made.id}", "The visits are booked, a year ahead.")
        ticket = await tx.run(
            "ticket_create", contact_id=await forms.identifier("contact_id"),
            service_ids=await forms.identifiers("service_ids"), **await _fields(length=bool(await forms.text("hours"))),
        )  # fmt: skip
        if await forms.flag("confirmation_mail"):
            await tx.run("ticket_confirmation_ask", ticket_id=ticket.id)
        for entry_id in waited:
            await tx.run("waitlist_entry_book", waitlist_entry_id=entry_id, ticket_id=ticket.id)
    return after(f"/tickets/{ticket.id}", "The visit is booked.")


@blueprint.get("/tickets/<uuid:ticket_id>/edit")
async def edit(ticket_id: UUID) -> Response:
    await db.require("ticket_update")
    ticket, members, technicians = await db.read(
        db.call("ticket_read", ticket_id=ticket_id),
        db.call("ticket_members", ticket_id=ticket_id),
        db.call("technician_list"),
    )
    if ticket.status not in OPEN:
        return after(f"/tickets/{ticket_id}", CLOSED, "bad")
    addresses = await db.many("contact_addresses", contact_id=ticket.contact_id)
    minutes = int((ticket.ends_at - ticket.starts_at).total_seconds() // 60)
    starts_at = timezone.local(ticket.starts_at, g.session.time_zone)
    form = Form(ticket, hours=f"{minutes // 60}:{minutes % 60:02}", starts_at=f"{starts_at:%Y-%m-%dT%H:%M}")
    form.prefer("starts_at")
    return await render(
        "ticket/edit", ticket=ticket, addresses=addresses, technicians=technicians, form=form, arrivals=arrivals(ticket.arrival_minutes),
        chosen=await forms.ticked("member_ids", "service_ids") or {str(member.id) for member in members},
    )  # fmt: skip


@blueprint.post("/tickets/<uuid:ticket_id>")
@refusals(edit)
async def update(ticket_id: UUID) -> Response:
    await db.one("ticket_update", ticket_id=ticket_id, **await _fields())
    return after(f"/tickets/{ticket_id}", "The visit was changed.")


@blueprint.get("/tickets/<uuid:ticket_id>/cancellation/new")
async def new_cancellation(ticket_id: UUID) -> Response:
    await db.require("ticket_cancel")
    ticket = await db.one("ticket_read", ticket_id=ticket_id)
    if ticket.status not in OPEN:
        return after(f"/tickets/{ticket_id}", CLOSED, "bad")
    return await render("ticket/cancel", ticket=ticket, form=Form())


@blueprint.post("/tickets/<uuid:ticket_id>/cancellation")
@refusals(new_cancellation)
async def cancel(ticket_id: UUID) -> Response:
    await db.one("ticket_cancel", ticket_id=ticket_id, reason=await forms.text("reason"))
    return after(f"/tickets/{ticket_id}", "The visit was cancelled. Its time is free again.")


@blueprint.post("/tickets/<uuid:ticket_id>/clock-in")
async def clock_in(ticket_id: UUID) -> Response:
    await db.one("ticket_clock_in", ticket_id=ticket_id, **await forms.sent())
    return after(f"/tickets/{ticket_id}", "The clock is running.")


@blueprint.post("/tickets/<uuid:ticket_id>/clock-out")
async def clock_out(ticket_id: UUID) -> Response:
    ticket = await db.one("ticket_clock_out", ticket_id=ticket_id)
    if ticket.clocked_out_at is None:
        return after(f"/tickets/{ticket_id}", "Your clock has stopped. Others are still at work.")
    return after(f"/tickets/{ticket_id}/close-out/work", "The clock has stopped. Now close the visit out.")


async def _fields(*, length: bool = True) -> dict[str, Any]:
    """What both forms have. Without a length the visit takes as long as its services do."""
    starts_at = await forms.instant("starts_at")
    minutes = await forms.hours("hours") if length else None
    if starts_at is None:
        raise forms.refuse("starts_at", "Choose a date and time.")
    return {
        "address_id": await forms.identifier("address_id"),
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(minutes=minutes) if minutes is not None else None,
        "member_ids": await forms.identifiers("member_ids"),
        "arrival_minutes": await forms.whole("arrival_minutes", "the minutes"),
        "instructions": await forms.text("instructions"),
        "book_anyway_reason": await forms.text("book_anyway_reason"),
    }
