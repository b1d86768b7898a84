"""How long the database takes to find a contact, for each kind of thing that people type, in a large and a small business;
and to say who answers the filters of the list, and how many.

The whole statement of the page is timed, by the clock of the server, as the office and as a technician.
"""

import statistics as middle
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import psycopg
from psycopg.rows import namedtuple_row

from crm import statements
from crm.contact_filter import Filters
from crm.paths import SQL
from crm.run import Home
from crm.views.search import words

ROUNDS = 9
SIZES = (
    "select business_id, count(*) as contacts from crm.contact group by 1 order by 2 desc limit 1",
    "select business_id, count(*) as contacts from crm.contact group by 1 order by abs(count(*) - 800) limit 1",
)
MEMBER = "select id, role from crm.member where business_id = %s and role = %s order by id limit 1"
SOMEBODY = """
select c.name, c.phone, c.email, a.street, a.postcode from crm.contact c
join crm.address a on a.business_id = c.business_id and a.contact_id = c.id
where c.business_id = %s and c.email is not null offset 500 limit 1
"""


def asked(row: Any) -> dict[str, str]:
    """What is typed, by kind, to find this contact."""
    first, _, last = row.name.partition(" ")
    digits = "".join(c for c in row.phone if c.isdigit())
    return {
        "a letter": first[0], "two letters": first[:2], "three letters": first[:3], "a first name": first, "a surname": last,
        "the whole name": f"{last} {first}", "a name misspelt": last[:2] + last[3:], "last four digits": digits[-4:],
        "the whole number": f"+1 {row.phone}", "an e-mail": row.email, "a street": row.street, "a postcode": row.postcode,
        "a fact": "pet: dog", "nothing there is": "qqxxqq",
    }  # fmt: skip


def narrowed(service_id: UUID) -> dict[str, str]:
    """What the list is narrowed to, by kind, as the address says it."""
    month = date.today() - timedelta(days=120)
    return {
        "no visit for 6 months in 35758 with a dog": "quiet=6&place=35758&fact=pet:+dog",
        "the same in a city": "quiet=6&place=Madison&fact=pet:+dog",
        "a postcode": "place=35758", "a city": "place=Madison", "a place there is not": "place=Nowhere",
        "a dog": "fact=pet:+dog", "a pet": "fact=pet", "a gate code": "fact=gate+code:+4471",
        "no visit for 6 months": "quiet=6", "no visit for 23 months": "quiet=23",
        "owes": "owes=1", "overdue": "owes=overdue", "owes in a city": "owes=1&place=Madison",
        "has had a service": f"service={service_id}", "organisations": "kind=organisation", "archived": "archived=1",
        "last visited that month": f"visited_from={month}&visited_to={month + timedelta(days=30)}",
        "a name and a city": "q=smith&place=Madison",
    }  # fmt: skip


def measure(home: Home) -> None:
    """Print milliseconds: the median and the worst of each kind."""
    named = statements.load(SQL)
    for size in SIZES:
        with psycopg.connect(home.admin_url, row_factory=namedtuple_row, prepare_threshold=1) as connection:
            (business,) = connection.execute(size).fetchall()
            (row,) = connection.execute(SOMEBODY, (business.business_id,)).fetchall()
            for role in ("office", "technician"):
                (member,) = connection.execute(MEMBER, (business.business_id, role)).fetchall()
                context = (
                    "select set_config('app.context', internal.sign_context(%s, %s, %s, 'person', 'web', 3600), false)"
                )
                connection.execute(context, (business.business_id, member.id, member.role))
                connection.execute("set role crm_app; set plan_cache_mode = force_generic_plan")
                title = f"{role} of a business of {business.contacts:,} contacts (ms: median, worst of {ROUNDS})"
                time = _watch(connection, business.business_id)
                searches = {kind: {"q": q, "words": words(q)} for kind, q in asked(row).items()}
                _print(f"Search, {title}", {kind: time(named["contact_search"], one) for kind, one in searches.items()})
                service = connection.execute("select id from crm.service order by id limit 1").fetchone()
                filters = {kind: Filters.of_query(q).values() for kind, q in narrowed(service.id).items()}  # type: ignore[union-attr]
                start = {"after_key": "", "after_id": UUID(int=0)}
                pages = {kind: time(named["contact_filter"], one | start) for kind, one in filters.items()}
                _print(f"A page of a narrowed list, {title}", pages)
                counts = {kind: time(named["contact_filter_count"], one) for kind, one in filters.items()}
                _print(f"How many are on it, {title}", counts)
                connection.execute("reset role")


def _print(title: str, times: dict[str, list[float]]) -> None:
    print(f"\n{title}")
    for kind, each in times.items():
        print(f"  {kind:44}{middle.median(each):8.2f}{max(each):8.2f}")
    print(f"  {'the slowest kind':44}{max(middle.median(each) for each in times.values()):8.2f}", flush=True)


def _watch(connection: psycopg.Connection[Any], business_id: Any) -> Callable[..., list[float]]:
    """Times a statement, asked by whoever the connection is."""

    def times(statement: statements.Statement, values: dict[str, Any]) -> list[float]:
        given = values | {"business_id": business_id}
        return _times(connection, statement, [given[name] for name in statement.parameters])

    return times


def _times(connection: psycopg.Connection[Any], statement: statements.Statement, values: list[Any]) -> list[float]:
    cursor = psycopg.RawCursor(connection)
    cursor.execute(statement.text, values)
    times = []
    for _ in range(ROUNDS):
        began = connection.execute("select clock_timestamp() as at").fetchone()
        cursor.execute(statement.text, values).fetchall()
        ended = connection.execute("select clock_timestamp() as at").fetchone()
        times.append((ended.at - began.at).total_seconds() * 1000)  # type: ignore[union-attr]
    return times
