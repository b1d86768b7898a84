"""The calendar of the office: a day by technician, a week by technician and day, a month by day."""

from calendar import Calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from quart import Blueprint, Response, g, request

from crm import db, forms, timezone
from crm.render import render

blueprint = Blueprint("calendar", __name__)

STATES = [
    ("", "Any state"),
    ("scheduled", "Planned"),
    ("in_progress", "Under way"),
    ("completed", "Done"),
    ("cancelled", "Cancelled"),
]
QUARTER = 15  # minutes of a row of the day's grid
HOURS = (8, 17)  # what the grid shows at least


@dataclass(frozen=True)
class Narrowed:
    """What the calendar is narrowed to, as its address says it; what cannot be read narrows nothing."""

    technician_id: UUID | None
    service_id: UUID | None
    status: str | None
    city: str | None

    @classmethod
    def of_query(cls) -> "Narrowed":
        status = request.args.get("status")
        city = request.args.get("city", "").replace("\0", "").strip()[:100]
        known = status if status in dict(STATES) and status else None
        return cls(_identifier("technician"), _identifier("service"), known, city or None)

    def values(self) -> dict[str, Any]:
        return {
            "technician_id": self.technician_id,
            "service_id": self.service_id,
            "status": self.status,
            "city": self.city,
        }

    @property
    def query(self) -> dict[str, str]:
        given = {"technician": self.technician_id, "service": self.service_id, "status": self.status, "city": self.city}
        return {name: str(value) for name, value in given.items() if value}


@blueprint.get("/calendar/day")
async def day() -> Response:
    """Technicians side by side on a grid of time, those without one first; on a phone one after the other."""
    on, narrowed = _date(), Narrowed.of_query()
    (from_at, to_at), (week_from, week_to) = _reach("day", on), _reach("week", on)
    visits, counts, tasks, members, services, away, stamp = await db.read(
        db.call("calendar_day", from_at=from_at, to_at=to_at, **narrowed.values()),
        db.call("calendar_counts", zone=g.session.time_zone, from_at=week_from, to_at=week_to),
        db.call("task_list"),
        db.call("technician_list"),
        db.call("service_list", archived=False),
        db.call("time_off_list"),
        db.call("calendar_version", from_at=from_at, to_at=to_at),
    )
    first, last = _hours(visits)
    columns = _columns(visits, members, narrowed, first)
    off = [each for each in away if each.starts_at < to_at and each.ends_at > from_at]
    week = timedelta(days=7)
    return await render(
        "calendar/day", columns=columns, hours=list(range(first, last)), away=off, tasks=tasks,
        **_strip("/calendar/day", on, {each.day: each.visits for each in counts}, narrowed),
        **_frame("day", on, on - week, on + week, narrowed, members, services, stamp),
    )  # fmt: skip


@blueprint.get("/calendar/week")
async def week() -> Response:
    """Technicians by day; on a phone one day of it, technician by technician."""
    on, narrowed = _date(), Narrowed.of_query()
    monday = on - timedelta(days=on.weekday())
    from_at, to_at = _reach("week", on)
    visits, members, services, away, stamp = await db.read(
        db.call("calendar_week", zone=g.session.time_zone, from_at=from_at, to_at=to_at, **narrowed.values()),
        db.call("technician_list"),
        db.call("service_list", archived=False),
        db.call("time_off_list"),
        db.call("calendar_version", from_at=from_at, to_at=to_at),
    )
    days = [monday + timedelta(days=n) for n in range(7)]
    counts: dict[date, int] = {}
    for visit in visits:
        if visit.place == 1:
            counts[visit.day] = counts.get(visit.day, 0) + visit.visits
    step = timedelta(days=7)
    return await render(
        "calendar/week", rows=_rows(visits, members, narrowed, days, away), monday=monday,
        **_strip("/calendar/week", on, counts, narrowed),
        **_frame("week", on, on - step, on + step, narrowed, members, services, stamp),
    )  # fmt: skip


@blueprint.get("/calendar/month")
async def month() -> Response:
    """How many visits each day has, and the first of them."""
    on, narrowed = _date(), Narrowed.of_query()
    weeks = Calendar().monthdatescalendar(on.year, on.month)
    from_at, to_at = _reach("month", on)
    visits, members, services, away, stamp = await db.read(
        db.call("calendar_month", zone=g.session.time_zone, from_at=from_at, to_at=to_at, **narrowed.values()),
        db.call("technician_list"),
        db.call("service_list", archived=False),
        db.call("time_off_list"),
        db.call("calendar_version", from_at=from_at, to_at=to_at),
    )
    closed = {
        day for off in away if off.member_id is None for week in weeks for day in week if off.starts_at <= span(day)[0] and off.ends_at >= span(day)[1]
    }  # fmt: skip
    first = on.replace(day=1)
    return await render(
        "calendar/month", weeks=weeks, first=first, closed=closed,
        found={day: list(rows) for day, rows in groupby(visits, key=lambda each: each.day)},
        **_frame("month", on, (first - timedelta(days=1)).replace(day=1), (first + timedelta(days=32)).replace(day=1),
                 narrowed, members, services, stamp),
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
    zone = g.session.time_zone
    return timezone.from_wall(first, time(), zone), timezone.from_wall(first + timedelta(days=days), time(), zone)


def _reach(view: str, on: date) -> tuple[datetime, datetime]:
    """From when until when a view shows what there is."""
    if view == "week":
        return span(on - timedelta(days=on.weekday()), 7)
    if view == "month":
        weeks = Calendar().monthdatescalendar(on.year, on.month)
        return span(weeks[0][0], 7 * len(weeks))
    return span(on)


def _date() -> date:
    return forms.query_date("date") or timezone.today(g.session.time_zone)


def _identifier(name: str) -> UUID | None:
    try:
        return UUID(request.args.get(name, ""))
    except ValueError:
        return None


def _frame(
    view: str,
    on: date,
    before: date,
    after: date,
    narrowed: Narrowed,
    members: list[Any],
    services: list[Any],
    stamp: str,
) -> dict[str, Any]:
    """What every view has around its visits: the ways to other days and views, and what it is narrowed to."""
    return {
        "view": view, "day": on, "today": timezone.today(g.session.time_zone), "version": stamp, "moved": request.args.get("moved", ""), "narrowed": narrowed, "states": STATES,
        "members": members, "services": services,
        "urls": {name: address(f"/calendar/{name}", on, narrowed) for name in ("day", "week", "month")}
        | {"before": address(f"/calendar/{view}", before, narrowed), "after": address(f"/calendar/{view}", after, narrowed),
           "today": address(f"/calendar/{view}", None, narrowed)},
    }  # fmt: skip


def address(path: str, on: date | None, narrowed: Narrowed) -> str:
    query = ({"date": str(on)} if on else {}) | narrowed.query
    return f"{path}?{urlencode(query)}" if query else path


def _strip(path: str, on: date, busy: dict[date, int], narrowed: Narrowed) -> dict[str, Any]:
    monday = on - timedelta(days=on.weekday())
    return {"days": [
        {
            "id": f"day-{day}", "href": address(path, day, narrowed), "weekday": f"{day:%a}", "day": day.day,
            "rest": f"{day:%B}, {busy.get(day, 0)} visits", "busy": day in busy, "current": day == on,
        }
        for day in (monday + timedelta(days=n) for n in range(7))
    ]}  # fmt: skip


def _hours(visits: Iterable[Any]) -> tuple[int, int]:
    """The hours of the grid: a working day, and as far as there are visits."""
    zone, (first, last) = g.session.time_zone, HOURS
    for visit in visits:
        start, end = timezone.local(visit.starts_at, zone), timezone.local(visit.ends_at, zone)
        over = end.date() > start.date()
        first, last = min(first, start.hour), 24 if over else max(last, end.hour + (end.minute > 0))
    return first, last


def _columns(visits: list[Any], members: list[Any], narrowed: Narrowed, first: int) -> list[dict[str, Any]]:
    """A column for each who has visits and each who could; `row` and `rows` say where in the grid a visit stands."""
    zone = g.session.time_zone
    found: dict[UUID | None, dict[str, Any]] = {}
    if not narrowed.technician_id:
        found[None] = {"id": None, "name": None, "visits": []}
    for member in members:
        if member.role == "technician" and narrowed.technician_id in (None, member.id):
            found[member.id] = {"id": member.id, "name": member.name, "visits": []}
    for visit in visits:
        start, end = timezone.local(visit.starts_at, zone), timezone.local(visit.ends_at, zone)
        row = ((start.hour - first) * 60 + start.minute) // QUARTER + 1
        minutes = (end - start).total_seconds() / 60
        rows = max(2, min(-(-int(minutes) // QUARTER), 96 - row + 1))
        column = found.setdefault(visit.member_id, {"id": visit.member_id, "name": visit.technician, "visits": []})
        column["visits"].append((visit, row, rows))
    return list(found.values())


def _rows(
    visits: list[Any], members: list[Any], narrowed: Narrowed, days: list[date], away: list[Any]
) -> list[dict[str, Any]]:
    """A row for nobody, then one for each technician: of each day what is to be seen of it."""
    found: dict[UUID | None, dict[str, Any]] = {}
    if not narrowed.technician_id:
        found[None] = {"id": None, "name": None, "days": {}}
    for member in members:
        if member.role == "technician" and narrowed.technician_id in (None, member.id):
            found[member.id] = {"id": member.id, "name": member.name, "days": {}}
    for (member_id, day), cell in groupby(visits, key=lambda each: (each.member_id, each.day)):
        shown = list(cell)
        row = found.setdefault(member_id, {"id": member_id, "name": shown[0].technician, "days": {}})
        row["days"][day] = {
            "visits": shown,
            "more": shown[0].visits - len(shown),
            "first": shown[0].starts_at,
            "last": shown[0].last_at,
        }
    for row in found.values():
        row["cells"] = [(day, row["days"].get(day), _away(row["id"], day, away)) for day in days]
    return list(found.values())


def _away(member_id: UUID | None, day: date, away: list[Any]) -> str:
    """Why somebody is away for the whole of a day, or nothing."""
    from_at, to_at = span(day)
    for off in away:
        if off.member_id in (None, member_id) and off.starts_at <= from_at and off.ends_at >= to_at:
            return off.reason or ("Time off" if off.member_id else "Closed")
    return ""
