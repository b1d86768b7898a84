"""The demo business: a window cleaner in Huntsville, Alabama, with two years behind it and a full day today."""

import random
from typing import Any
from uuid import UUID

import psycopg
from psycopg.rows import namedtuple_row

BUSINESS = UUID("d0000000-0000-7000-8000-000000000001")
PEOPLE = (  # name, address, role: the demo signs in as the first of each role
    ("Dana Whitfield", "owner@example.com", "owner"),
    ("Priya Raman", "office@example.com", "office"),
    ("Marcus Bell", "technician@example.com", "technician"),
    ("Elena Soto", "elena@example.com", "technician"),
    ("Tom Okafor", "tom@example.com", "technician"),
)
LINK_MINUTES = 60


def _connect(admin_url: str) -> psycopg.Connection[Any]:
    return psycopg.connect(admin_url, row_factory=namedtuple_row)


def is_missing(admin_url: str) -> bool:
    with _connect(admin_url) as connection:
        row = connection.execute("select from crm.business where business_id = %s", (BUSINESS,)).fetchone()
        return row is None


def sign_in_links(admin_url: str, base: str) -> list[str]:
    """One link each for owner, office and technician, made by the administrator: bound to no browser."""
    from crm.auth import link

    links = []
    with _connect(admin_url) as connection:
        connection.execute("set local role crm_owner")
        for _, email, _ in PEOPLE[:3]:
            words = link.make()
            connection.execute(
                "insert into crm.sign_in_link (email, token_hash, expires_at) "
                "values (%s, %s, now() + make_interval(mins => %s))",
                (email, words.token_hash, LINK_MINUTES),
            )
            links.append(f"{base}/auth/verify?token={words.token}")
    return links


def fill(admin_url: str) -> None:
    """Make the demo business through the same tables and rules as everybody else's."""
    chance = random.Random(20)  # the same people every time
    with _connect(admin_url) as connection:
        connection.execute("set local role crm_owner")
        connection.execute("select internal.act_as(%s, null, 'worker')", (BUSINESS,))
        connection.execute(
            "insert into crm.business (business_id, name, time_zone, currency, tax_basis_points) "
            "values (%s, 'Tennessee Valley Window Care', 'America/Chicago', 'USD', 0)",
            (BUSINESS,),
        )
        connection.execute("insert into crm.counter (name) values ('invoice')")
        for name, email, role in PEOPLE:
            connection.execute(
                "with a as (insert into crm.account (email) values (%(email)s) "
                "on conflict (email) do update set email = excluded.email returning account_id) "
                "insert into crm.member (account_id, name, email, role, joined_at) "
                "select account_id, %(name)s, %(email)s, %(role)s, now() from a",
                {"name": name, "email": email, "role": role},
            )
        for number in range(300):
            first, last = chance.choice(FIRST), chance.choice(LAST)
            (contact,) = connection.execute(
                "insert into crm.contact (name, phone, email) values (%s, %s, %s) returning id",
                (
                    f"{first} {last}",
                    f"(256) 555-{1000 + number:04}",
                    f"{first}.{last}{number}@example.com".lower(),
                ),
            ).fetchall()
            connection.execute(
                "insert into crm.address (contact_id, street, city, region, postcode) values (%s, %s, 'Madison', 'AL', '35758')",
                (contact.id, f"{chance.randint(1, 999)} {chance.choice(STREETS)}"),
            )


FIRST = [
    "James",
    "Mary",
    "Robert",
    "Patricia",
    "John",
    "Linda",
    "Michael",
    "Barbara",
    "David",
    "Susan",
    "William",
    "Jessica",
    "Carlos",
    "Ana",
    "Wei",
    "Aisha",
]
LAST = [
    "Smith",
    "Johnson",
    "Brown",
    "Garcia",
    "Miller",
    "Davis",
    "Nguyen",
    "Lee",
    "Walker",
    "Young",
    "Allen",
    "King",
    "Wright",
    "Patel",
    "Hughes",
    "Ramos",
]
STREETS = (
    "Oak Ridge Dr",
    "Hughes Rd",
    "Mill Rd",
    "Balch Rd",
    "County Line Rd",
    "Sullivan St",
    "Wall Triana Hwy",
)
