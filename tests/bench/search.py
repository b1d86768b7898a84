"""How long the database takes to find a contact, for each kind of thing that people type, in a large and a small business.

The whole statement of the page is timed, by the clock of the server, as the office and as a technician.
"""

import statistics as middle
from typing import Any

import psycopg
from psycopg.rows import namedtuple_row

from crm import statements
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


def measure(home: Home) -> None:
    """Print milliseconds: the median and the worst of each kind."""
    statement = statements.load(SQL)["contact_search"]
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
                times = {kind: _times(connection, statement, business.business_id, q) for kind, q in asked(row).items()}
                connection.execute("reset role")
                print(
                    f"\nSearch, {role} of a business of {business.contacts:,} contacts (ms: median, worst of {ROUNDS})"
                )
                for kind, each in times.items():
                    print(f"  {kind:20}{middle.median(each):8.2f}{max(each):8.2f}")
                print(
                    f"  {'the slowest kind':20}{max(middle.median(each) for each in times.values()):8.2f}", flush=True
                )


def _times(
    connection: psycopg.Connection[Any], statement: statements.Statement, business_id: Any, q: str
) -> list[float]:
    given = {"business_id": business_id, "q": q, "words": words(q)}
    values = [given[name] for name in statement.parameters]
    cursor = psycopg.RawCursor(connection)
    cursor.execute(statement.text, values)
    times = []
    for _ in range(ROUNDS):
        began = connection.execute("select clock_timestamp() as at").fetchone()
        cursor.execute(statement.text, values).fetchall()
        ended = connection.execute("select clock_timestamp() as at").fetchone()
        times.append((ended.at - began.at).total_seconds() * 1000)  # type: ignore[union-attr]
    return times
