"""Series to try rules on: made, changed and looked at as people of the office do."""

import json
from datetime import date
from typing import Any

from tests.conftest import PANES, PAT, PATS_HOUSE, PEOPLE

TESS, CARL = PEOPLE["technician"].member_id, PEOPLE["colleague"].member_id
NOW = "2030-01-01 12:00+00"  # a Tuesday, morning where Tidy is
CREATE = (
    "select * from api.series_create(p_contact_id => %(contact)s, p_address_id => %(address)s, p_first_on => %(on)s, p_starts_at => %(at)s, "
    "p_minutes => %(minutes)s, p_unit => %(unit)s, p_every => %(every)s, p_weekdays => %(weekdays)s::smallint[], p_monthly_by => %(monthly_by)s, "
    "p_nth => %(nth)s, p_until_on => %(until_on)s, p_count => %(count)s, p_rrule => %(rrule)s, p_member_ids => %(members)s::uuid[], "
    "p_services => %(services)s, p_instructions => %(instructions)s)"
)
CHANGE = (
    "(p_series_id => %(series)s, p_ticket_id => %(ticket)s, p_scope => %(scope)s, p_on => %(on)s, p_starts_at => %(at)s, p_minutes => %(minutes)s, "
    "p_unit => %(unit)s, p_every => %(every)s, p_weekdays => %(weekdays)s::smallint[], p_monthly_by => %(monthly_by)s, p_nth => %(nth)s, "
    "p_until_on => %(until_on)s, p_count => %(count)s, p_rrule => %(rrule)s, p_address_id => %(address)s, p_member_ids => %(members)s::uuid[], "
    "p_services => %(services)s, p_instructions => %(instructions)s, p_move_by_hand => %(move_by_hand)s::uuid[])"
)
WISH: dict[str, Any] = {
    "contact": PAT, "address": PATS_HOUSE, "on": "2030-01-08", "at": "09:00", "minutes": 60, "unit": "week", "every": 1, "weekdays": None,
    "monthly_by": None, "nth": None, "until_on": None, "count": None, "rrule": None, "members": [TESS],
    "services": json.dumps([{"id": str(PANES), "quantity": 24}]), "instructions": None, "ticket": None, "scope": "all", "move_by_hand": [],
}  # fmt: skip


def set_clock(connection: Any, at: str = NOW) -> None:
    connection.execute("select set_config('app.now', %s, true)", (at,))


def make(connection: Any, **wish: Any) -> Any:
    """A series from Tuesday, 8 January 2030 on: each week at nine, Tess at Pat's, unless it is wished otherwise."""
    return connection.execute(CREATE, WISH | wish).fetchone()


def change(connection: Any, series: Any, **wish: Any) -> Any:
    return connection.execute(f"select * from api.series_update{CHANGE}", WISH | {"series": series} | wish).fetchone()


def preview(connection: Any, series: Any, **wish: Any) -> list[Any]:
    return connection.execute(f"select * from api.series_preview{CHANGE}", WISH | {"series": series} | wish).fetchall()


def visits(connection: Any, series: Any, *, every_status: bool = False) -> list[Any]:
    """The open visits of a series with their wall times where Tidy is, in order."""
    return connection.execute(
        "select t.id, t.occurrence_on, t.status, t.moved_by_hand, t.starts_at at time zone 'America/Chicago' as wall, t.starts_at, t.ends_at, "
        "t.confirmation, array(select m.name from crm.assignment a join crm.member m on m.business_id = a.business_id and m.id = a.member_id "
        "where a.business_id = t.business_id and a.ticket_id = t.id order by 1) as who from crm.ticket t where t.series_id = %s and "
        "(t.status = 'scheduled' or %s) order by t.starts_at, t.id",
        (series, every_status),
    ).fetchall()


def walls(connection: Any, series: Any) -> list[str]:
    return [f"{visit.wall:%m-%d %H:%M}" for visit in visits(connection, series)]


def move(connection: Any, visit: Any, to: str, members: list[Any] | None = None) -> None:
    """Somebody moves one visit by hand."""
    connection.execute(
        "select from api.ticket_update(%s, %s, %s::timestamptz, %s::timestamptz + interval '1 hour', %s::uuid[], null)",
        (visit.id, PATS_HOUSE, to, to, members or [TESS]),
    )


def day(text: str) -> date:
    return date.fromisoformat(text)
