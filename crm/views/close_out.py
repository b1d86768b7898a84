"""Closing a visit out: five short steps, each saved as it is answered."""

import json
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from quart import Blueprint, Response, current_app, g, redirect, request

from crm import db, forms, money, timezone
from crm.auth.middleware import after
from crm.forms import Form, refusals
from crm.render import is_ahead, keep, render

blueprint = Blueprint("close_out", __name__)

STEPS = ("work", "note", "next", "confirm", "done")
LABELS = ("Time and work", "Notes", "Next", "Confirm", "Done")
FOLLOW_UPS = [
    ("visit", "Book the next visit", "Same people, same work, at today's prices."),
    ("message", "Reach out later", "A mail is planned; the office sees it and can stop it."),
    ("none", "No follow-up", "Nothing is planned."),
]

WEEKS = (4, 6, 8, 12)  # after which the next visit often is
SERIES_GOES_ON = ("none", "The series goes on", "Nothing is planned beside it.")

UNANSWERED = SimpleNamespace(
    work_answered_at=None, note_answered_at=None, next_answered_at=None, follow_up=None, follow_up_months=None, follow_up_starts_at=None
)  # fmt: skip


async def _page(ticket_id: UUID, step: str, **values: Any) -> Response:
    """A step with what all of them show: the visit, its answers so far, the way back."""
    ticket, answers, gaps = await db.read(
        db.call("ticket_read", ticket_id=ticket_id),
        db.maybe("close_out_read", ticket_id=ticket_id),
        db.call("close_out_gaps", ticket_id=ticket_id),
    )
    # A phone asks for the steps of the day ahead, for when there is no connection; what it sends later is asked of the rules as ever.
    ahead = is_ahead() and ticket.status == "scheduled"
    if step != "done" and ticket.status != "in_progress" and not ahead:
        return redirect(f"/tickets/{ticket_id}" + ("/close-out/done" if ticket.status == "completed" else ""), 303)  # type: ignore[return-value]
    if step == "done" and ticket.status != "completed":
        return redirect(f"/tickets/{ticket_id}", 303)  # type: ignore[return-value]
    base = f"/tickets/{ticket_id}/close-out/"
    reached = STEPS.index(step)
    links = [
        (label, base + name) if n < reached and step != "done" else label
        for n, (name, label) in enumerate(zip(STEPS, LABELS, strict=True))
    ]
    follow_ups = [*FOLLOW_UPS[:2], SERIES_GOES_ON] if ticket.series_goes_on else FOLLOW_UPS
    page = await render(
        f"close_out/{step}", ticket=ticket, follow_ups=follow_ups, answers=answers or UNANSWERED, gap={gap.step: gap.reason for gap in gaps}, labels=links, base=base,
        **values,
    )  # fmt: skip
    return keep(page) if step != "done" else page


@blueprint.get("/tickets/<uuid:ticket_id>/close-out/work")
async def work(ticket_id: UUID) -> Response:
    ticket, lines = await db.read(
        db.call("ticket_read", ticket_id=ticket_id), db.call("ticket_lines", ticket_id=ticket_id)
    )
    zone = g.session.time_zone
    started = timezone.local(ticket.clocked_in_at or ticket.now, zone)
    finished = timezone.local(ticket.clocked_out_at or ticket.now, zone)
    form = Form(
        clocked_in_at=f"{started:%Y-%m-%dT%H:%M}",
        clocked_out_at=f"{finished:%Y-%m-%dT%H:%M}",
        reason=ticket.clock_reason,
    )
    return await _page(ticket_id, "work", lines=lines, form=form)


@blueprint.post("/tickets/<uuid:ticket_id>/close-out/work")
@refusals(work)
async def save_work(ticket_id: UUID) -> Response:
    if gap := await forms.text("gap_reason"):
        return await _save_gap(ticket_id, "work", gap)
    lines, form = [], await request.form
    for line in await db.many("ticket_lines", ticket_id=ticket_id):
        quantity, price = f"quantity-{line.id}", f"price-{line.id}"
        lines.append(
            {
                "id": str(line.id),
                "quantity": await forms.decimal(quantity) if quantity in form else str(line.quantity),
                "unit_price_minor": await forms.amount(price) if price in form else line.unit_price_minor,
                "price_confirmed": line.price_confirmed or await forms.flag(f"confirmed-{line.id}"),
            }
        )
    await db.one(
        "close_out_work", ticket_id=ticket_id, clocked_in_at=await forms.instant("clocked_in_at"),
        clocked_out_at=await forms.instant("clocked_out_at"), reason=await forms.text("reason"), lines=json.dumps(lines),
        **await forms.sent(),
    )  # fmt: skip
    return after(f"/tickets/{ticket_id}/close-out/note")


@blueprint.get("/tickets/<uuid:ticket_id>/close-out/note")
async def note(ticket_id: UUID) -> Response:
    ticket = await db.one("ticket_read", ticket_id=ticket_id)
    return await _page(ticket_id, "note", form=Form(ticket))


@blueprint.post("/tickets/<uuid:ticket_id>/close-out/note")
@refusals(note)
async def save_note(ticket_id: UUID) -> Response:
    """Keep the note, and what can be read out of it as proposals."""
    if gap := await forms.text("gap_reason"):
        return await _save_gap(ticket_id, "note", gap)
    ticket = await db.one("close_out_note", ticket_id=ticket_id, note=await forms.text("note"), **await forms.sent())
    if ticket.status == "in_progress":  # else this came a second time, after the visit was closed
        findings = await current_app.config["EXTRACTOR"].extract(ticket.note)
        proposals = [{"key": f.key, "value": f.value, "words": f.words, "starts_at": f.starts_at} for f in findings]
        await db.many("proposal_replace", ticket_id=ticket_id, proposals=json.dumps(proposals))
    return after(f"/tickets/{ticket_id}/close-out/next")


@blueprint.get("/tickets/<uuid:ticket_id>/close-out/next")
async def next_step(ticket_id: UUID) -> Response:
    answers = await db.find("close_out_read", ticket_id=ticket_id)
    form = Form(answers, follow_up_months=6)
    if answers and answers.follow_up_starts_at:
        at = timezone.local(answers.follow_up_starts_at, g.session.time_zone)
        form.prefer("follow_up_starts_at", f"{at:%Y-%m-%dT%H:%M}")
    if proposed := request.args.get("follow_up_starts_at"):
        form.prefer("follow_up", "visit")
        form.prefer("follow_up_starts_at", proposed)
    return await _page(ticket_id, "next", form=form, weeks=WEEKS)


@blueprint.post("/tickets/<uuid:ticket_id>/close-out/next")
@refusals(next_step)
async def save_next(ticket_id: UUID) -> Response:
    if gap := await forms.text("gap_reason"):
        return await _save_gap(ticket_id, "next", gap)
    follow_up = await forms.text("follow_up")
    await db.one(
        "close_out_next", ticket_id=ticket_id, follow_up=follow_up,
        months=await forms.whole("follow_up_months", "the months") if follow_up == "message" else None,
        starts_at=await forms.instant("follow_up_starts_at") if follow_up == "visit" else None,
        **await forms.sent(),
    )  # fmt: skip
    return after(f"/tickets/{ticket_id}/close-out/confirm")


@blueprint.get("/tickets/<uuid:ticket_id>/close-out/confirm")
async def confirm(ticket_id: UUID) -> Response:
    lines, proposals = await db.read(
        db.call("ticket_lines", ticket_id=ticket_id), db.call("proposal_list", ticket_id=ticket_id)
    )
    return await _page(
        ticket_id,
        "confirm",
        lines=lines,
        proposals=proposals,
        form=Form(),
        total=sum(line.total_minor for line in lines),
    )


@blueprint.post("/tickets/<uuid:ticket_id>/close-out/confirm")
@refusals(confirm)
async def complete(ticket_id: UUID) -> Response:
    """Everything confirmed: the visit is completed and frozen."""
    decisions = []
    for field in await request.form:
        if field.startswith("decision-"):
            number = field.removeprefix("decision-")
            choice = await forms.text(field)
            value = await forms.text(f"value-{number}") if choice == "edit" else None
            decisions.append(
                {"id": number, "decision": "rejected" if choice == "reject" else "accepted", "value": value}
            )
    await db.one("ticket_complete", ticket_id=ticket_id, decisions=json.dumps(decisions), **await forms.sent())
    return after(f"/tickets/{ticket_id}/close-out/done", "The visit is closed.")


@blueprint.get("/tickets/<uuid:ticket_id>/close-out/done")
async def done(ticket_id: UUID) -> Response:
    invoice, lines = await db.read(
        db.maybe("ticket_invoice", ticket_id=ticket_id), db.call("ticket_lines", ticket_id=ticket_id)
    )
    total = money.show(sum(line.total_minor for line in lines), g.session.currency)
    return await _page(ticket_id, "done", invoice=invoice, total=total)


async def _save_gap(ticket_id: UUID, step: str, reason: str) -> Response:
    """ "Can't do this, because…": the step is answered with a reason."""
    await db.one("close_out_gap", ticket_id=ticket_id, step=step, reason=reason, **await forms.sent())
    following = STEPS[STEPS.index(step) + 1]
    return after(f"/tickets/{ticket_id}/close-out/{following}", "Noted. The owner will see why.")
