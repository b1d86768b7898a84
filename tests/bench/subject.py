"""What is measured: a page, its statements with their values, and the person who looks at it."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import psycopg
from psycopg.rows import namedtuple_row

from crm import timezone
from crm.run import Home


@dataclass(frozen=True)
class Subject:
    """`calls` are the statements of the page in their order, each with its values."""

    title: str
    path: str
    person: Any  # the member: business_id, id, account_id, name, role, business, time_zone, currency
    calls: tuple[tuple[str, dict[str, Any]], ...]
    rows: int


PERSON = """
select m.business_id, m.id, m.account_id, m.name, m.role, b.name as business, b.time_zone, b.currency
from crm.member m join crm.business b on b.business_id = m.business_id
where m.business_id = %s and m.role = %s order by m.email limit 1
"""
# The largest: what is fast there is fast everywhere.
BUSINESS = "select business_id from crm.contact group by 1 order by count(*) desc limit 1"
BUSY = """
select (a.starts_at at time zone %s)::date as day, count(*) as visits
from crm.assignment a where a.business_id = %s and a.member_id = %s and a.starts_at < now()
group by 1 order by 2 desc, 1 desc limit 1
"""


def _person(connection: psycopg.Connection[Any], role: str) -> Any:
    row = connection.execute(BUSINESS).fetchone()
    assert row, "there are no businesses"
    return connection.execute(PERSON, (row.business_id, role)).fetchone()


def day(home: Home) -> Subject:
    """A technician's fullest day."""
    with psycopg.connect(home.admin_url, row_factory=namedtuple_row) as connection:
        person = _person(connection, "technician")
        busy: Any = connection.execute(BUSY, (person.time_zone, person.business_id, person.id)).fetchone()
    zone = ZoneInfo(person.time_zone)

    def at(days: int) -> datetime:
        return datetime.combine(busy.day + timedelta(days=days), datetime.min.time(), zone).astimezone(UTC)

    monday = -busy.day.weekday()
    today = timezone.today(person.time_zone)
    calls = (
        ("ticket_day", {"from_at": at(0), "to_at": at(1)}),
        ("ticket_day_counts", {"zone": person.time_zone, "from_at": at(monday), "to_at": at(monday + 7)}),
        ("ticket_forgotten", {"before": datetime.combine(today, datetime.min.time(), zone).astimezone(UTC)}),
    )
    return Subject("A technician's day", f"/day?date={busy.day}", person, calls, busy.visits)


def contacts(home: Home) -> Subject:
    """The first page of the contact list, as the office sees it."""
    with psycopg.connect(home.admin_url, row_factory=namedtuple_row) as connection:
        person = _person(connection, "office")
    values = {"after_key": "", "after_id": UUID(int=0)}
    calls = (
        ("contact_list", values),
        ("service_list", {"archived": True}),
        ("saved_list_names", {}),
        ("attribute_keys", {}),
    )
    return Subject("The contact list", "/contacts", person, calls, 20)


SUBJECTS = (contacts, day)
