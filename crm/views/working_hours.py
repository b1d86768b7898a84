"""When people work: the week of everybody, of each who has their own, and who is away."""

from collections.abc import Iterable
from datetime import time
from itertools import groupby
from typing import Any
from uuid import UUID

from quart import Blueprint, Response, g

from crm import db, forms
from crm.auth.middleware import after
from crm.forms import Form, refusals
from crm.render import render

blueprint = Blueprint("working_hours", __name__)

DAYS = list(enumerate(("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"), start=1))


@blueprint.get("/settings/hours")
async def index() -> Response:
    """Everybody's week, whose differs, and who is away."""
    hours, members, away, booked = await db.read(
        db.call("working_hours_list"), db.call("technician_list"), db.call("time_off_list"),
        db.call("time_off_visits", zone=g.session.time_zone, time_off_id=None),
    )  # fmt: skip
    weeks = {member_id: weeks_of(days) for member_id, days in groupby(hours, key=lambda each: each.member_id)}
    within = {off_id: list(days) for off_id, days in groupby(booked, key=lambda each: each.id)}
    return await render("working_hours/index", weeks=weeks, members=members, away=away, within=within)


@blueprint.get("/settings/hours/edit")
async def edit() -> Response:
    return await _edit(None)


@blueprint.get("/settings/hours/<uuid:member_id>")
async def edit_member(member_id: UUID) -> Response:
    return await _edit(member_id)


async def _edit(member_id: UUID | None) -> Response:
    await db.require("working_hours_set")
    hours, members = await db.read(db.call("working_hours_list"), db.call("technician_list"))
    own = {each.weekday: each for each in hours if each.member_id == member_id}
    shared = {each.weekday: each for each in hours if each.member_id is None}
    shown: dict[str, Any] = {}
    for weekday, _ in DAYS:
        day = (own or shared).get(weekday)
        shown |= {
            f"works-{weekday}": bool(day),
            f"from-{weekday}": _typed(day and day.starts_at),
            f"until-{weekday}": _typed(day and day.ends_at),
        }
    member = next((each for each in members if each.id == member_id), None)
    if member_id and not member:
        await db.one("member_read", id=member_id)  # says that there is nobody, as everywhere
    return await render("working_hours/edit", member=member, own=bool(own), days=DAYS, form=Form(**shown))


@blueprint.post("/settings/hours/edit")
@refusals(edit)
async def update() -> Response:
    await _save(None)
    return after("/settings/hours", "The week was saved. Visits that are booked stay where they are.")


@blueprint.post("/settings/hours/<uuid:member_id>")
@refusals(edit_member)
async def update_member(member_id: UUID) -> Response:
    await _save(member_id)
    return after("/settings/hours", "The week was saved. Visits that are booked stay where they are.")


async def _save(member_id: UUID | None) -> None:
    """What is ticked, with its times. To have none of one's own is to tick "as everybody"."""
    weekdays: list[int] = []
    starts: list[time | None] = []
    ends: list[time | None] = []
    if not await forms.flag("shared"):
        for weekday, _ in DAYS:
            if await forms.flag(f"works-{weekday}"):
                weekdays.append(weekday)
                starts.append(await forms.clock(f"from-{weekday}"))
                ends.append(await forms.clock(f"until-{weekday}"))
    await db.many("working_hours_set", for_member_id=member_id, weekdays=weekdays, starts=starts, ends=ends)


def _typed(at: time | None) -> str:
    return f"{at:%H:%M}" if at else ""


def weeks_of(days: Iterable[Any]) -> list[tuple[str, time, time]]:
    """Days of the same hours together: ("Monday to Friday", 8:00, 17:00)."""
    names = dict(DAYS)
    found: list[tuple[list[int], time, time]] = []
    for day in days:
        if found and found[-1][1:] == (day.starts_at, day.ends_at) and found[-1][0][-1] == day.weekday - 1:
            found[-1][0].append(day.weekday)
        else:
            found.append(([day.weekday], day.starts_at, day.ends_at))
    return [
        (names[run[0]] if len(run) == 1 else f"{names[run[0]]} {'and' if len(run) == 2 else 'to'} {names[run[-1]]}", start, end)
        for run, start, end in found
    ]  # fmt: skip
