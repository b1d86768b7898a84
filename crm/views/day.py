"""A technician's day: now and next first. And the office's: everybody's, with what waits for a person."""

from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Any

from quart import Blueprint, Response, g

from crm import db, forms, timezone
from crm.render import render

blueprint = Blueprint("day", __name__)


def _span(first: date, days: int = 1) -> tuple[datetime, datetime]:
    zone = g.session.time_zone
    last = first + timedelta(days=days)
    return timezone.from_wall(first, time(), zone), timezone.from_wall(last, time(), zone)


def _frame(path: str, chosen: date, busy: dict[date, int]) -> dict[str, Any]:
    """What both pages have around the visits: the week's days, and the ways to other weeks."""
    monday = chosen - timedelta(days=chosen.weekday())
    days = [
        {
            "id": f"day-{day}", "href": f"{path}?date={day}", "weekday": f"{day:%a}", "day": day.day,
            "rest": f"{day:%B}, {busy.get(day, 0)} visits", "busy": day in busy, "current": day == chosen,
        }
        for day in (monday + timedelta(days=n) for n in range(7))
    ]  # fmt: skip
    week = timedelta(days=7)
    return {
        "path": path, "day": chosen, "today": timezone.today(g.session.time_zone), "days": days,
        "before": chosen - week, "after": chosen + week,
    }  # fmt: skip


@blueprint.get("/day")
async def show() -> Response:
    """My visits of a day; the running one first to hand, then the next."""
    today = timezone.today(g.session.time_zone)
    day = forms.query_date("date") or today
    from_at, to_at = _span(day)
    week_from, week_to = _span(day - timedelta(days=day.weekday()), 7)
    visits, counts, forgotten = await db.read(
        db.call("ticket_day", from_at=from_at, to_at=to_at),
        db.call("ticket_day_counts", zone=g.session.time_zone, from_at=week_from, to_at=week_to),
        db.call("ticket_forgotten", before=_span(today)[0]),
    )
    running = next((v.id for v in visits if v.status == "in_progress"), None)
    upcoming = next((v.id for v in visits if v.status == "scheduled"), None)
    first_open = next((n for n, v in enumerate(visits) if v.status in ("scheduled", "in_progress")), 0)
    return await render(
        "day/show", **_frame("/day", day, {c.day: c.visits for c in counts}), visits=visits,
        behind=visits[:first_open], ahead=visits[first_open:],
        now_id=running or (upcoming if day <= today else None), forgotten=forgotten if day == today else [],
        done=sum(v.status == "completed" for v in visits), worth=sum(v.total_minor for v in visits if v.status != "cancelled"),
    )  # fmt: skip


@blueprint.get("/calendar/day")
async def board() -> Response:
    """Everybody's visits of a day, the ones without a technician first, and the open tasks."""
    day = forms.query_date("date") or timezone.today(g.session.time_zone)
    from_at, to_at = _span(day)
    week_from, week_to = _span(day - timedelta(days=day.weekday()), 7)
    visits, counts, tasks = await db.read(
        db.call("ticket_board", from_at=from_at, to_at=to_at),
        db.call("ticket_board_counts", zone=g.session.time_zone, from_at=week_from, to_at=week_to),
        db.call("task_list"),
    )
    columns = [(name, list(rows)) for name, rows in groupby(visits, key=lambda visit: visit.technician)]
    return await render(
        "day/board", **_frame("/calendar/day", day, {c.day: c.visits for c in counts}), columns=columns, tasks=tasks,
    )  # fmt: skip
