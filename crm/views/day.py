"""A technician's day: now and next first."""

import hashlib
from typing import Any

from quart import Blueprint, Response, g

from crm import db, forms, timezone
from crm.render import keep, render
from crm.views.calendar import WEEK, span, strip, week_of
from crm.views.ticket import OPEN

blueprint = Blueprint("day", __name__)

MOST_AHEAD = 40


@blueprint.get("/day")
async def show() -> Response:
    """My visits of a day; the running one first to hand, then the next."""
    today = timezone.today(g.session.time_zone)
    day = forms.query_date("date") or today
    from_at, to_at = span(day)
    week_from, week_to = span(week_of(day)[0], 7)
    visits, counts, forgotten, offers = await db.read(
        db.call("ticket_day", from_at=from_at, to_at=to_at),
        db.call("ticket_day_counts", zone=g.session.time_zone, from_at=week_from, to_at=week_to),
        db.call("ticket_forgotten", before=span(today)[0]),
        db.call("waitlist_offer_day", from_at=from_at, to_at=to_at),
    )
    running = next((v.id for v in visits if v.status == "in_progress"), None)
    upcoming = next((v.id for v in visits if v.status == "scheduled"), None)
    first_open = next((n for n, v in enumerate(visits) if v.status in ("scheduled", "in_progress")), 0)
    page = await render(
        "day/show", path="/day", day=day, today=today, before=day - WEEK, after=day + WEEK,
        days=strip(day, {c.day: c.visits for c in counts}, lambda each: f"/day?date={each}"), visits=visits,
        behind=visits[:first_open], ahead=visits[first_open:],
        offers=offers, now_id=running or (upcoming if day <= today else None), forgotten=forgotten if day == today else [],
        done=sum(v.status == "completed" for v in visits), worth=sum(v.total_minor for v in visits if v.status != "cancelled"),
        offline=_ahead(visits) if day == today else None,
    )  # fmt: skip
    return keep(page) if day == today else page


def _ahead(visits: list[Any]) -> tuple[str, str]:
    """What a phone fetches ahead: the open visits of today, and a number that changes when any of it does."""
    open_ones = [visit for visit in visits if visit.status in OPEN][:MOST_AHEAD]
    version = hashlib.sha256(repr([visit._replace(now=None) for visit in open_ones]).encode()).hexdigest()[:12]
    return " ".join(f"/tickets/{visit.id}" for visit in open_ones), version
