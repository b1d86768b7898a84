"""Time off: who is away when, and when the whole business is closed."""

from datetime import datetime, time, timedelta
from uuid import UUID

from quart import Blueprint, Response, g, request

from crm import db, forms, timezone
from crm.auth.middleware import after
from crm.forms import Form, refusals
from crm.render import render

blueprint = Blueprint("time_off", __name__)


@blueprint.get("/time-off/new")
async def new() -> Response:
    await db.require("time_off_add")
    members = await db.many("technician_list")
    form = Form(first_on=timezone.today(g.session.time_zone), for_member_id=request.args.get("member", ""))
    return await render("time_off/new", members=members, form=form)


@blueprint.post("/time-off")
@refusals(new)
async def create() -> Response:
    """Whole days, or on them from one time until another."""
    first, last = await forms.day("first_on"), await forms.day("last_on")
    if first is None:
        raise forms.refuse("first_on", "Choose the first day.")
    start, end = await forms.clock("from"), await forms.clock("until")
    zone = g.session.time_zone
    last = last or first
    ends_at: datetime = (
        timezone.from_wall(last, end, zone) if end else timezone.from_wall(last + timedelta(days=1), time(), zone)
    )
    off = await db.one(
        "time_off_add", for_member_id=await forms.identifier("for_member_id"),
        starts_at=timezone.from_wall(first, start or time(), zone), ends_at=ends_at, reason=await forms.text("reason"),
    )  # fmt: skip
    days = await db.many("time_off_visits", zone=zone, time_off_id=off.id)
    return after("/settings/hours", _told(sum(each.visits for each in days)))


def _told(visits: int) -> str:
    if not visits:
        return "Noted. No visit is booked then."
    if visits == 1:
        return "Noted. 1 visit is booked then and stays: look it over."
    return f"Noted. {visits} visits are booked then and stay: look them over."


@blueprint.post("/time-off/<uuid:time_off_id>/removal")
async def destroy(time_off_id: UUID) -> Response:
    await db.one("time_off_remove", time_off_id=time_off_id)
    return after("/settings/hours", "Taken back.")
