"""The waitlist: who would come sooner, which times became free, and to whom they are offered."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any
from uuid import UUID

from quart import Blueprint, Response, g, request

from crm import db, forms, timezone
from crm.auth.middleware import after, safe_next
from crm.forms import Form, refusals
from crm.render import render
from crm.views import search
from crm.views.working_hours import DAYS

blueprint = Blueprint("waitlist", __name__)

PAGE = 15
DAY_PARTS = [("any", "Any time"), ("morning", "Before noon"), ("afternoon", "From noon on")]


@blueprint.get("/waitlist")
async def index(**_: UUID) -> Response:
    """Times that became free with who fits, then everybody who waits, the soonest wish first."""
    on, _comma, entry_id = request.args.get("after", "").partition("|")
    entries, *around = await db.read(
        db.call("waitlist_list", after_on=forms.date_of(on), after_id=forms.identifier_of(entry_id)), *freed_calls(None)
    )
    last = entries[PAGE - 1] if len(entries) > PAGE else None
    return await render(
        "waitlist/index", entries=entries[:PAGE], more=f"{last.from_on}|{last.id}" if last else None, form=Form(), place="/waitlist",
        **freed(*around),
    )  # fmt: skip


def freed_calls(ticket_id: UUID | None) -> tuple[db.Call, ...]:
    """What became free, of everybody's time or of what one visit gave up."""
    return (
        db.call("freed_slot_list", ticket_id=ticket_id),
        db.call("waitlist_offer_list", ticket_id=ticket_id),
    )


def freed(rows: Sequence[Any], offers: Sequence[Any]) -> dict[str, Any]:
    """Each time with who fits and what was offered of it, and offers of times that are not free any more."""
    slots = {slot_id: list(fits) for slot_id, fits in groupby(rows, key=lambda row: row.id)}
    return {
        "freed": [
            (fits[0], [fit for fit in fits if fit.waitlist_entry_id], [offer for offer in offers if offer.freed_slot_id == slot_id])
            for slot_id, fits in slots.items()
        ],
        "earlier": [offer for offer in offers if offer.freed_slot_id not in slots],
    }  # fmt: skip


@blueprint.get("/waitlist/new")
async def new() -> Response:
    """For the visit or the contact in the URL; without one, ask who it is for."""
    await db.require("waitlist_entry_create")
    ticket_id, contact_id = forms.query_identifier("ticket"), forms.query_identifier("contact")
    ticket = await db.one("ticket_read", ticket_id=ticket_id) if ticket_id else None
    if ticket:
        contact_id = ticket.contact_id
    if not contact_id:
        q = search.typed()
        (contacts,) = await db.read(search.contacts_for(q))
        return await render("waitlist/who", q=q, contacts=[c for c in contacts if not getattr(c, "archived_at", None)])
    contact, choices = await _choices(contact_id)
    addresses = choices["addresses"]
    form = Form(
        from_on=timezone.today(g.session.time_zone), day_part="any", address_id=addresses[0].id if addresses else ""
    )
    return await render(
        "waitlist/new", contact=contact, ticket=ticket, form=form, **choices,
        chosen=await forms.ticked("service_ids"), weekdays=await forms.ticked("weekdays"),
    )  # fmt: skip


@blueprint.post("/waitlist/new")
@refusals(new)
async def create() -> Response:
    await db.one(
        "waitlist_entry_create", contact_id=await forms.identifier("contact_id"), ticket_id=await forms.identifier("ticket_id"), **await _wish()
    )  # fmt: skip
    return after("/waitlist", "On the waitlist. A time that becomes free and fits is shown here.")


@blueprint.get("/waitlist/<uuid:waitlist_entry_id>")
async def edit(waitlist_entry_id: UUID) -> Response:
    """What they wait for; of who waits no longer, why."""
    entry, services = await db.read(
        db.call("waitlist_entry_read", waitlist_entry_id=waitlist_entry_id),
        db.call("waitlist_entry_services", waitlist_entry_id=waitlist_entry_id),
    )
    contact, choices = await _choices(entry.contact_id)
    submitted = await request.form
    form = Form(entry, hours=f"{entry.minutes // 60}:{entry.minutes % 60:02}" if entry.minutes else "")
    return await render(
        "waitlist/edit", entry=entry, contact=contact, ticket=entry if entry.ticket_id else None, form=form, **choices,
        chosen=await forms.ticked("service_ids") if submitted else {str(service.id) for service in services},
        weekdays=await forms.ticked("weekdays") if submitted else {str(day) for day in entry.weekdays or ()},
    )  # fmt: skip


@blueprint.post("/waitlist/<uuid:waitlist_entry_id>")
@refusals(edit)
async def update(waitlist_entry_id: UUID) -> Response:
    await db.one("waitlist_entry_update", waitlist_entry_id=waitlist_entry_id, **await _wish())
    return after("/waitlist", "Changed.")


@blueprint.post("/waitlist/<uuid:waitlist_entry_id>/end")
@refusals(edit)
async def end(waitlist_entry_id: UUID) -> Response:
    await db.one("waitlist_entry_end", waitlist_entry_id=waitlist_entry_id, reason=await forms.text("reason"))
    return after("/waitlist", "They wait no longer.")


@blueprint.post("/freed-slots/<uuid:freed_slot_id>/offers")
@refusals(index)
async def offer(freed_slot_id: UUID) -> Response:
    """Offer the time to one of those who fit."""
    await db.one(
        "waitlist_offer_make",
        freed_slot_id=freed_slot_id,
        waitlist_entry_id=await forms.identifier("waitlist_entry_id"),
    )
    return await _back("Offered. The twenty minutes begin when the mail is sent.")


@blueprint.post("/waitlist-offers/<uuid:waitlist_offer_id>/withdrawal")
@refusals(index)
async def withdraw(waitlist_offer_id: UUID) -> Response:
    await db.one("waitlist_offer_withdraw", waitlist_offer_id=waitlist_offer_id)
    return await _back("The offer was stopped.")


@blueprint.post("/freed-slots/<uuid:freed_slot_id>")
async def update_slot(freed_slot_id: UUID) -> Response:
    """Whether the next one is asked by itself."""
    slot = await db.one("freed_slot_update", freed_slot_id=freed_slot_id, offers_next=await forms.flag("offers_next"))
    return await _back(
        "It is offered to the next by itself." if slot.offers_next else "It is offered to nobody by itself any more."
    )


async def _back(toast: str) -> Response:
    target = await forms.text("next")
    return after(safe_next(target) if target else "/waitlist", toast)


async def _choices(contact_id: UUID) -> tuple[Any, dict[str, Any]]:
    """The contact, and what can be chosen in both forms."""
    contact, addresses, services, technicians = await db.read(
        db.call("contact_read", contact_id=contact_id),
        db.call("contact_addresses", contact_id=contact_id),
        db.call("service_list", archived=False),
        db.call("technician_list"),
    )
    return contact, {
        "addresses": addresses, "services": services, "technicians": technicians, "days": DAYS, "day_parts": DAY_PARTS,
    }  # fmt: skip


async def _wish() -> dict[str, Any]:
    """What both forms have."""
    weekdays = (await request.form).getlist("weekdays")
    if any(len(day) != 1 or not day.isascii() or not day.isdigit() for day in weekdays):
        raise forms.refuse("weekdays", forms.UNREADABLE)
    return {
        "address_id": await forms.identifier("address_id"),
        "for_member_id": await forms.identifier("for_member_id"),
        "service_ids": await forms.identifiers("service_ids"),
        "minutes": await forms.hours("hours") if await forms.text("hours") else None,
        "from_on": await forms.day("from_on"),
        "until_on": await forms.day("until_on"),
        "weekdays": [int(day) for day in weekdays],
        "day_part": await forms.text("day_part"),
        "note": await forms.text("note"),
    }
