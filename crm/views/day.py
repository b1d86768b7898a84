"""A technician's day: now and next first."""

from datetime import date, timedelta
from typing import Any

from quart import Blueprint, Response, g

from crm import db, forms, timezone
from crm.render import render
from crm.views.calendar import span

blueprint = Blueprint("day", __name__)


def _frame(path: str, chosen: date, busy: dict[date, int]) -> dict[str, Any]:
    """What the page has around the visits: the week's days, and the ways to other weeks."""
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
    from_at, to_at = span(day)
    week_from, week_to = span(day - timedelta(days=day.weekday()), 7)
    visits, counts, forgotten = await db.read(
        db.call("ticket_day", from_at=from_at, to_at=to_at),
        db.call("ticket_day_counts", zone=g.session.time_zone, from_at=week_from, to_at=week_to),
        db.call("ticket_forgotten", before=span(today)[0]),
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
