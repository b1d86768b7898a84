"""`crm demo`: many businesses with very many contacts, for tests and benches. PostgreSQL makes the rows itself."""

import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from math import gcd
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
from psycopg.rows import namedtuple_row

from crm.config import ConfigError
from crm.demo import words
from crm.demo.book import copy

SHARE = 0.2  # of all contacts that the first business has
BACK, DAYS = 730, 760  # visits from two years ago until a month ahead
MOST = 9_000  # visits of one technician in that time: a dozen a day
AT_ONCE = 50_000  # contacts in one transaction
SEARCHED = 1_000  # contacts whose words are written down in one call
ZONES = ("America/Chicago", "America/New_York", "America/Denver", "America/Los_Angeles", "Europe/London")
SERVICES = (
    ("Exterior windows", "per_unit", 450, "pane"),
    ("Gutter cleaning", "flexible", 14000, None),
    ("Storefront weekly", "fixed", 3500, None),
)
PREPARE = Path(__file__).with_name("large_prepare.sql").read_bytes()
# Signed anew for each part: what takes minutes outlives a context.
SEARCH = """
select internal.act_as(p.business_id, null, 'worker'), internal.contact_search_refresh(array(
    select pg_temp.made_id(p.seed, 'contact', p.number, n) from generate_series(%s, least(%s, p.contacts) - 1) n))
from plan p where p.business_id = %s
"""
FILL = Path(__file__).with_name("large.sql").read_bytes()


@dataclass(frozen=True)
class Business:
    number: int
    id: UUID
    contacts: int
    staff: tuple[tuple[UUID, UUID, str, str, str], ...]  # account, member, name, address, role
    services: tuple[UUID, ...]

    @property
    def visits(self) -> int:
        return self.contacts * 3 // 2

    @property
    def stride(self) -> int:
        """About the golden section of the contacts, with no common divisor: so each has its turn."""
        stride = max(1, int(self.contacts * 0.618))
        while gcd(stride, self.contacts) > 1:
            stride += 1
        return stride


def make(
    admin_url: str,
    contacts: int,
    businesses: int,
    seed: int = 1,
    say: Callable[[str], None] = print,
    share: float = SHARE,
) -> None:
    """Add the businesses with all that is theirs; the first has `share` of all contacts. The same seed makes the same
    rows, laid around the day it runs."""
    if businesses < 1 or contacts < 2 * businesses:
        raise ConfigError("There must be at least one business, and two contacts for each.")
    began = time.monotonic()
    plan = list(_plan(contacts, businesses, seed, share))
    try:
        connected: psycopg.Connection[Any] = psycopg.connect(admin_url, row_factory=namedtuple_row, autocommit=True)
    except psycopg.OperationalError as error:
        raise ConfigError("The database does not answer. Is `crm run` running?") from error
    with connected as connection:
        (us,) = connection.execute("select rolsuper from pg_roles where rolname = current_user").fetchall()
        if not us.rolsuper:
            raise ConfigError("The rows are written past the triggers: set CRM_DATABASE_ADMIN_URL to a superuser.")
        known = connection.execute(
            "select from crm.account where email = any (%s)", ([each.staff[0][3] for each in plan],)
        )
        if known.fetchone() is not None:
            raise ConfigError(f"The data of seed {seed} is there already; take another --seed.")
        connection.execute(PREPARE)
        _copy_words(connection)
        done = 0
        for group in _groups(plan):
            with connection.transaction():
                _write(connection, group, seed)
            done += sum(each.contacts for each in group)
            say(f"{done:,} of {contacts:,} contacts, {time.monotonic() - began:.0f} s")
        connection.execute("vacuum analyze")
    say(f"Ready in {time.monotonic() - began:.0f} s. The owners are {plan[0].staff[0][3]} to {plan[-1].staff[0][3]}.")


def _plan(contacts: int, businesses: int, seed: int, share: float = SHARE) -> Iterator[Business]:
    chance = random.Random(seed)

    def made_id() -> UUID:
        return UUID(
            int=0x018CC251F400 << 80 | 0x7 << 76 | chance.getrandbits(12) << 64 | 0x2 << 62 | chance.getrandbits(62)
        )

    big = contacts if businesses == 1 else int(contacts * share)
    each, more = divmod(contacts - big, max(1, businesses - 1))
    for number in range(1, businesses + 1):
        size = big if number == 1 else each + (number - 2 < more)
        technicians = max(2, -(-(size * 3 // 2) // MOST))
        staff = []
        for place in range(2 + technicians):
            role = ("owner", "office")[place] if place < 2 else "technician"
            firsts, lasts = chance.choice(words.FAMILIES)
            mailbox = role if place < 2 else f"technician{place - 1}"
            name = f"{chance.choice(firsts)} {chance.choice(lasts)}"
            staff.append((made_id(), made_id(), name, f"{mailbox}@b{number}.s{seed}.example.com", role))
        yield Business(number, made_id(), size, tuple(staff), tuple(made_id() for _ in SERVICES))


def _groups(plan: list[Business]) -> Iterator[list[Business]]:
    group: list[Business] = []
    for business in plan:
        if group and sum(each.contacts for each in group) + business.contacts > AT_ONCE:
            yield group
            group = []
        group.append(business)
    yield group


def _copy_words(connection: psycopg.Connection[Any]) -> None:
    firsts = [first for names, _ in words.FAMILIES for first in names]
    lasts = [last for _, names in words.FAMILIES for last in names]
    streets = [street for _, _, some in words.PLACES for street in some]
    trades = ["Dental", "Bakery", "Apartments", "Church", "Hardware", "Realty"]
    cities = ["Madison", "Huntsville", "Harvest", "Athens", "Decatur"]
    copy(
        connection,
        "word",
        "firsts, lasts, trades, streets, cities, notes",
        [(firsts, lasts, trades, streets, cities, list(words.HOME_NOTES))],
    )


def _write(connection: psycopg.Connection[Any], group: list[Business], seed: int) -> None:
    """The businesses and their people from here, the rest in large.sql; the triggers sleep meanwhile."""
    connection.execute("set local session_replication_role = replica")
    connection.execute("set local synchronous_commit = off")
    (clock,) = connection.execute("select date_trunc('day', internal.now() at time zone 'UTC') as today").fetchall()
    first_day = clock.today - timedelta(days=BACK)
    people = [(business.id, *person) for business in group for person in business.staff]
    for table, columns, rows in (
        ("crm.business", "business_id, name, time_zone, currency, tax_basis_points, created_at",
         [(b.id, f"{b.staff[0][2]} Windows", ZONES[b.number % len(ZONES)], "USD", 825, first_day) for b in group]),
        ("crm.counter", "business_id, name", [(b.id, "invoice") for b in group]),
        ("crm.account", "account_id, email", [(account, email) for _, account, _, _, email, _ in people]),
        ("crm.member", "business_id, account_id, id, name, email, role, joined_at", [(*person, first_day) for person in people]),
        ("internal.membership", "business_id, account_id, member_id, role, active",
         [(business, account, member, role, True) for business, account, member, _, _, role in people]),
        ("crm.service", "business_id, id, name, pricing, price_minor, unit_label",
         [(b.id, id_, *service) for b in group for id_, service in zip(b.services, SERVICES, strict=True)]),
    ):  # fmt: skip
        copy(connection, table, columns, rows)
    connection.execute("truncate plan")
    copy(
        connection, "plan",
        "seed, number, business_id, zone, contacts, visits, stride, first_day, days, today, technicians, services",
        ((str(seed), b.number, b.id, ZONES[b.number % len(ZONES)], b.contacts, b.visits, b.stride, first_day, DAYS, BACK,
          [member for _, member, _, _, role in b.staff if role == "technician"], list(b.services)) for b in group),
    )  # fmt: skip
    connection.execute(FILL)
    for business in group:
        for first in range(0, business.contacts, SEARCHED):
            connection.execute(SEARCH, (first, first + SEARCHED, business.id))
