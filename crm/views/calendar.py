"""The calendar of the office: a day by technician, a week by technician and day, a month by day."""

from calendar import Calendar
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from typing import Any

from quart import Blueprint, Response, g, request

from crm import calendar_layout, db, forms, timezone
from crm.calendar_filter import STATES, Narrowed
from crm.render import render

blueprint = Blueprint("calendar", __name__)

WEEK = timedelta(days=7)


@blueprint.get("/calendar/day")
async def day() -> Response:
    """Technicians side by side on a grid of time, those without one first; on a phone one after the other."""
    on, narrowed, zone = _date(), Narrowed.of(request.args), g.session.time_zone
    (from_at, to_at), (week_from, week_to) = _reach("day", on), _reach("week", on)
    visits, counts, tasks, *around = await db.read(
        db.call("calendar_day", from_at=from_at, to_at=to_at, **narrowed.values()),
        db.call("calendar_counts", zone=zone, from_at=week_from, to_at=week_to),
        db.call("task_list"),
        *_around("day", on),
    )
    members, _, off, *_ = around
    first, last = calendar_layout.hours(visits, zone)
    return await render(
        "calendar/day", tasks=tasks, hours=list(range(first, last)), away=[each for each in off if each.starts_at < to_at and each.ends_at > from_at],
        columns=calendar_layout.columns(visits, calendar_layout.people(members, narrowed.technician_id), first, zone),
        days=strip(on, {each.day: each.visits for each in counts}, lambda day: narrowed.address("/calendar/day", day)),
        clock=timezone.local(datetime.now(UTC), zone).time() if on == timezone.today(zone) else None,
        **_frame("day", on, (on - WEEK, on + WEEK), narrowed, around),
    )  # fmt: skip


@blueprint.get("/calendar/sheet")
async def sheet() -> Response:
    """What each technician takes along on paper: a sheet for everybody who has a visit that day."""
    on, narrowed = _date(), Narrowed.of(request.args)
    from_at, to_at = _reach("day", on)
    visits = await db.many("calendar_sheet", from_at=from_at, to_at=to_at, technician_id=narrowed.technician_id)
    sheets = [list(rows) for _, rows in groupby(visits, key=lambda visit: visit.member_id)]
    return await render("calendar/sheet", day=on, sheets=sheets, back_url=narrowed.address("/calendar/day", on))


@blueprint.get("/calendar/week")
async def week() -> Response:
    """Technicians by day; on a phone one day of it, technician by technician."""
    on, narrowed, zone = _date(), Narrowed.of(request.args), g.session.time_zone
    from_at, to_at = _reach("week", on)
    visits, *around = await db.read(
        db.call("calendar_week", zone=zone, from_at=from_at, to_at=to_at, **narrowed.values()), *_around("week", on)
    )
    members, _, off, *_ = around
    days = week_of(on)
    counts: dict[date, int] = {}
    for visit in visits:
        if visit.place == 1:
            counts[visit.day] = counts.get(visit.day, 0) + visit.visits
    return await render(
        "calendar/week", monday=days[0],
        rows=calendar_layout.rows(visits, calendar_layout.people(members, narrowed.technician_id), days, off, zone),
        days=strip(on, counts, lambda day: narrowed.address("/calendar/week", day)),
        **_frame("week", on, (on - WEEK, on + WEEK), narrowed, around),
    )  # fmt: skip


@blueprint.get("/calendar/month")
async def month() -> Response:
    """How many visits each day has, and the first of them."""
    on, narrowed, zone = _date(), Narrowed.of(request.args), g.session.time_zone
    from_at, to_at = _reach("month", on)
    visits, *around = await db.read(
        db.call("calendar_month", zone=zone, from_at=from_at, to_at=to_at, **narrowed.values()), *_around("month", on)
    )
    weeks, first = Calendar().monthdatescalendar(on.year, on.month), on.replace(day=1)
    closed = [each for each in around[2] if each.member_id is None]
    return await render(
        "calendar/month", weeks=weeks, first=first,
        closed={day for days in weeks for day in days if calendar_layout.away(None, day, closed, zone)},
        found={day: list(rows) for day, rows in groupby(visits, key=lambda each: each.day)},
        **_frame("month", on, ((first - timedelta(days=1)).replace(day=1), (first + timedelta(days=32)).replace(day=1)), narrowed, around),
    )  # fmt: skip


@blueprint.get("/calendar/version")
async def version() -> Response:
    """Whether the calendar that somebody has open is still what is so: the number they have, or another."""
    from_at, to_at = _reach(request.args.get("view", "day"), _date())
    return Response(
        await db.scalar("calendar_version", from_at=from_at, to_at=to_at), content_type="text/plain; charset=utf-8"
    )


def span(first: date, days: int = 1) -> tuple[datetime, datetime]:
    """From the first midnight until the last, in the business's zone."""
    return calendar_layout.span(first, days, g.session.time_zone)


def week_of(on: date) -> list[date]:
    """The days of its week, from Monday."""
    return [on + timedelta(days=n - on.weekday()) for n in range(7)]


def strip(on: date, busy: dict[date, int], href: Callable[[date], str]) -> list[dict[str, Any]]:
    """The days of a week as links, for the macro `day_strip`."""
    return [
        {
            "id": f"day-{day}", "href": href(day), "weekday": f"{day:%a}", "day": day.day,
            "rest": f"{day:%B}, {busy.get(day, 0)} visits", "busy": day in busy, "current": day == on,
        }
        for day in week_of(on)
    ]  # fmt: skip


def _reach(view: str, on: date) -> tuple[datetime, datetime]:
    """From when until when a view shows what there is."""
    if view == "week":
        return span(week_of(on)[0], 7)
    if view == "month":
        weeks = Calendar().monthdatescalendar(on.year, on.month)
        return span(weeks[0][0], 7 * len(weeks))
    return span(on)


def _date() -> date:
    return forms.query_date("date") or timezone.today(g.session.time_zone)


def _around(view: str, on: date) -> tuple[db.Call, ...]:
    """What every view asks beside its visits; after a move, also whether it can be undone."""
    moved = forms.query_identifier("moved")
    from_at, to_at = _reach(view, on)
    return (
        db.call("technician_list"),
        db.call("service_list", archived=False),
        db.call("time_off_list"),
        db.call("calendar_version", from_at=from_at, to_at=to_at),
        *([db.call("ticket_move_last", ticket_id=moved)] if moved else []),
    )


def _frame(view: str, on: date, beside: tuple[date, date], narrowed: Narrowed, around: list[Any]) -> dict[str, Any]:
    """What every view shows around its visits: the ways to other days and views, and what it is narrowed to."""
    members, services, _, stamp, *moves = around
    return {
        "view": view, "day": on, "today": timezone.today(g.session.time_zone), "version": stamp, "moved": request.args.get("moved", ""), "moves": moves[0] if moves else [],
        "narrowed": narrowed, "states": STATES, "members": members, "services": services,
        "urls": {name: narrowed.address(f"/calendar/{name}", on) for name in ("day", "week", "month")}
        | {"before": narrowed.address(f"/calendar/{view}", beside[0]), "after": narrowed.address(f"/calendar/{view}", beside[1]),
           "day_before": narrowed.address("/calendar/day", on - timedelta(days=1)), "day_after": narrowed.address("/calendar/day", on + timedelta(days=1)),
           "today": narrowed.address(f"/calendar/{view}", None)},
    }  # fmt: skip
