"""The demo business: a window cleaner in Huntsville, Alabama, with two years behind it and a full day today.

Everybody in it is made up. The same people and the same habits every time, laid around the moment of filling.
"""

import random
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import psycopg
from psycopg.rows import namedtuple_row

from crm.demo import book, people, words
from crm.demo.diary import Diary
from crm.demo.history import History
from crm.demo.today import Today

BUSINESS = UUID("d0000000-0000-7000-8000-000000000001")
PEOPLE = (  # name, address, role: the demo signs in as the first of each role
    ("Dana Whitfield", "owner@example.com", "owner"),
    ("Priya Raman", "office@example.com", "office"),
    ("Marcus Bell", "technician@example.com", "technician"),
    ("Elena Soto", "elena@example.com", "technician"),
    ("Tom Okafor", "tom@example.com", "technician"),
)
LINK_MINUTES = 60
ZONE = ZoneInfo("America/Chicago")


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
            made = link.make()
            connection.execute(
                "insert into crm.sign_in_link (email, token_hash, expires_at) "
                "values (%s, %s, now() + make_interval(mins => %s))",
                (email, made.token_hash, LINK_MINUTES),
            )
            links.append(f"{base}/auth/verify?token={made.token}")
    return links


def fill(admin_url: str) -> None:
    """Make the demo business, all of it or nothing. Needs a superuser: history is written past the triggers."""
    chance = random.Random(20)  # the same people every time
    with _connect(admin_url) as connection:
        connection.execute("set local synchronous_commit = off")
        (clock,) = connection.execute("select internal.now() as now").fetchall()
        opened = clock.now - timedelta(days=730)
        connection.execute("select internal.act_as(%s, null, 'worker')", (BUSINESS,))
        connection.execute(
            "insert into crm.business (business_id, name, time_zone, currency, tax_basis_points, payment_terms_days, phone, email, created_at) "
            "values (%s, 'Tennessee Valley Window Care', %s, 'USD', 0, 14, '(256) 555-0100', 'hello@example.com', %s)",
            (BUSINESS, ZONE.key, opened),
        )
        connection.execute("insert into crm.counter (name) values ('invoice')")
        staff = [_hire(connection, opened, *person) for person in PEOPLE]
        services = {}
        for key, *service in words.SERVICES:
            (row,) = connection.execute(
                "insert into crm.service (kind, name, pricing, price_minor, unit_label, duration_minutes, tax_basis_points, created_at) "
                "values (%s, %s, %s, %s, %s, %s, %s, %s) returning id",
                (*service, opened),
            ).fetchall()
            services[key] = row.id
        diary = Diary(people.make(chance, opened, clock.now), clock.now, ZONE, chance)
        connection.execute(book.STAGE)
        for part in (History, Today):
            part(connection, BUSINESS, staff, services, diary, chance).write()
        _hours(connection, staff[-1], clock.now.astimezone(ZONE).date())
        connection.execute(
            "analyze crm.contact, crm.address, crm.ticket, crm.assignment, crm.line_item, crm.invoice, crm.payment"
        )


def _hours(connection: psycopg.Connection[Any], technician: UUID, today: date) -> None:
    """The week of the house, one who starts early, her vacation next month, and a day on which nobody works."""
    connection.execute(
        "insert into crm.working_hours (weekday, starts_at, ends_at) select d, '07:30', '18:00' from generate_series(1, 5) d"
    )
    connection.execute(
        "insert into crm.working_hours (member_id, weekday, starts_at, ends_at) select %s, d, '07:00', '15:30' from generate_series(1, 6) d",
        (technician,),
    )
    for member_id, first, days, reason in (
        (technician, today + timedelta(days=32), 7, "Vacation"),
        (None, today + timedelta(days=25 - today.weekday()), 1, "Stocktaking"),
    ):
        first_at = datetime.combine(first, time(), ZONE)
        connection.execute(
            "insert into crm.time_off (member_id, starts_at, ends_at, reason) values (%s, %s, %s, %s)",
            (member_id, first_at, datetime.combine(first + timedelta(days=days), time(), ZONE), reason),
        )


def _hire(connection: psycopg.Connection[Any], at: object, name: str, email: str, role: str) -> UUID:
    (row,) = connection.execute(
        "with a as (insert into crm.account (email) values (%(email)s) "
        "on conflict (email) do update set email = excluded.email returning account_id) "
        "insert into crm.member (account_id, name, email, role, joined_at, created_at) "
        "select account_id, %(name)s, %(email)s, %(role)s, %(at)s, %(at)s from a returning id",
        {"name": name, "email": email, "role": role, "at": at},
    ).fetchall()
    member: UUID = row.id
    return member
