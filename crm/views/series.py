"""Repeating visits: looking, changing with a preview, pausing, ending, and taking a change back."""

from collections import Counter
from uuid import UUID

from quart import Blueprint, Response, request

from crm import db, forms, repeats, series_form
from crm.auth.middleware import after
from crm.forms import Form, refusals
from crm.render import render

blueprint = Blueprint("series", __name__)

SHOWN = 40  # of a preview; what needs a decision is always shown
SCOPES = [
    ("this", "Only this visit", "It is marked as moved by hand."),
    ("following", "This and all after it", "Those before it stay as they are."),
    ("all", "All visits to come", "They move by as much as this one."),
]


@blueprint.get("/series/<uuid:series_id>")
async def show(series_id: UUID) -> Response:
    change_id = forms.query_identifier("change")
    series, members, services, visits, history, *change = await db.read(
        db.call("series_read", series_id=series_id, from_on=None),
        db.call("series_members", series_id=series_id),
        db.call("series_services", series_id=series_id),
        db.call("series_visits", series_id=series_id),
        db.call("series_history", series_id=series_id),
        *([db.maybe("series_change", change_set_id=change_id)] if change_id else []),
    )
    return await render(
        "series/show", series=series, members=members, services=services, visits=visits, history=history,
        change=change[0] if change and change[0] and not change[0].undone_at else None, form=Form(paused_from=series.today, ended_on=series.today),
    )  # fmt: skip


@blueprint.get("/series/<uuid:series_id>/edit")
async def edit(series_id: UUID) -> Response:
    """From the visit in the address on, or from the next one."""
    await db.require("series_update")
    wanted = forms.identifier_of((await request.form).get("ticket_id") or request.args.get("ticket", ""))
    visit = await (
        db.find("series_visit", series_id=series_id, ticket_id=wanted)
        if wanted
        else db.find("series_next", series_id=series_id)
    )
    series, members, done, services, technicians = await db.read(
        db.call("series_read", series_id=series_id, from_on=visit.occurrence_on if visit else None),
        db.call("series_members", series_id=series_id),
        db.call("series_services", series_id=series_id),
        db.call("service_list", archived=False),
        db.call("technician_list"),
    )
    if series.ended_at:
        return after(f"/series/{series_id}", "This series has ended: nothing on it changes any more.", "bad")
    if visit is None or visit.status != "scheduled":
        return after(f"/series/{series_id}", "There is no open visit to change it from.", "bad")
    addresses = await db.many("contact_addresses", contact_id=series.contact_id)
    on = visit.occurrence_on
    form = Form(
        series, starts_at=f"{on}T{series.starts_at_wall:%H:%M}", hours=f"{series.minutes // 60}:{series.minutes % 60:02}",
        scope="following" if wanted else "all", rrule="",
    )  # fmt: skip
    form.prefer("count", series.count_left)
    form.prefer("rrule")  # a rule that stood here would count instead of what is changed above
    submitted = await request.form
    return await render(
        "series/edit", series=series, visit=visit, on=on, addresses=addresses, services=services, technicians=technicians, form=form,
        monthly=repeats.monthly_choices(on, series), scopes=SCOPES,
        chosen=await forms.ticked("member_ids", "service_ids") if submitted else {str(row.id) for row in (*members, *done)},
        weekdays=set(submitted.getlist("weekdays")) if submitted else {str(day) for day in series.weekdays or ()},
    )  # fmt: skip


@blueprint.post("/series/<uuid:series_id>/preview")
@refusals(edit)
async def preview(series_id: UUID) -> Response:
    """What a change would do to each visit, before it is made."""
    series = await db.one("series_read", series_id=series_id, from_on=None)
    steps = await db.many("series_preview", series_id=series_id, **await series_form.changes(series))
    counts = Counter(step.does for step in steps)
    counts["by_hand"] = sum(step.by_hand and step.does == "stay" for step in steps)
    clashes = [step.new_starts_at for step in steps if step.clash]
    counts["clash"] = len(clashes)
    shown = [step for step in steps if step.does != "skip"]
    form = await request.form
    return await render(
        "series/preview", series=series, counts=counts, first_clash=min(clashes, default=None), steps=[step for number, step in enumerate(shown) if number < SHOWN or step.by_hand or step.clash], number=len(shown),
        fields=[(name, value) for name, value in form.items(multi=True) if name not in ("csrf", "move_by_hand")],
        ticked=set(form.getlist("move_by_hand")),
    )  # fmt: skip


@blueprint.post("/series/<uuid:series_id>")
@refusals(edit)
async def update(series_id: UUID) -> Response:
    series = await db.one("series_read", series_id=series_id, from_on=None)
    done = await db.one("series_update", series_id=series_id, **await series_form.changes(series))
    said = [
        f"{number} {words}" for number, words in (
            (done.moved, "moved"), (done.changed, "changed"), (done.made, "new"), (done.cancelled, "cancelled"), (done.stayed_by_hand, "moved by hand stay"),
            (done.clashing, "without a technician: see your tasks"),
        ) if number
    ]  # fmt: skip
    return after(
        f"/series/{done.series_id}?change={done.change_set_id}", f"Saved. Visits: {', '.join(said) or 'none changed'}."
    )


@blueprint.post("/series/<uuid:series_id>/pause")
@refusals(show)
async def pause(series_id: UUID) -> Response:
    change = await db.one(
        "series_pause",
        series_id=series_id,
        from_on=await forms.day("paused_from"),
        until_on=await forms.day("paused_until"),
    )
    return after(f"/series/{series_id}?change={change.id}", "Paused. Its visits then are cancelled.")


@blueprint.post("/series/<uuid:series_id>/resumption")
@refusals(show)
async def resume(series_id: UUID) -> Response:
    change = await db.one("series_resume", series_id=series_id)
    return after(f"/series/{series_id}?change={change.id}", "It goes on from today.")


@blueprint.post("/series/<uuid:series_id>/end")
@refusals(show)
async def end(series_id: UUID) -> Response:
    change = await db.one("series_end", series_id=series_id, from_on=await forms.day("ended_on"))
    return after(f"/series/{series_id}?change={change.id}", "Ended. Its visits from that day on are cancelled.")


@blueprint.post("/tickets/<uuid:ticket_id>/skip")
async def skip(ticket_id: UUID) -> Response:
    change = await db.one("series_skip", ticket_id=ticket_id)
    series = await db.one("series_of_ticket", ticket_id=ticket_id)
    return after(f"/series/{series.id}?change={change.id}", "Left out this once. The series goes on.")


@blueprint.get("/series-changes/<uuid:series_change_id>")
async def show_change(series_change_id: UUID) -> Response:
    """What a change did, and what was changed since, which keeps it from being undone."""
    change, since = await db.read(
        db.call("series_change", change_set_id=series_change_id),
        db.call("series_undo_changes", change_set_id=series_change_id),
    )
    return await render("series/change", change=change, since=since, form=Form())


@blueprint.post("/series-changes/<uuid:series_change_id>/undo")
@refusals(show_change)
async def undo(series_change_id: UUID) -> Response:
    change = await db.one("series_change", change_set_id=series_change_id)
    await db.one("series_undo", change_set_id=series_change_id)
    return after(f"/series/{change.series_id}", "Undone: its visits are as they were before.")
