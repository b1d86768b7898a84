"""The test world: real PostgreSQL and Valkey, two businesses, every role.

Each test process has its own servers in a temporary folder. Rules are tested by typing SQL as an
administrator or as a person would (`psql`); pages through the application (`browse`).
"""

import re
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
import pytest_asyncio
import redis
from psycopg.rows import namedtuple_row
from quart.typing import TestClientProtocol
from werkzeug.test import encode_multipart

from crm import context, db
from crm.app import create_app
from crm.auth.session import Sessions
from crm.config import Settings
from crm.paths import SCHEMA
from crm.run import Home
from tests.home import temporary_home

FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "shared_buffers": "64MB",
        "track_functions": "all", "autovacuum": "off"}  # fmt: skip  # nothing takes a lock but the tests


@dataclass(frozen=True)
class Person:
    """Somebody of the test world."""

    name: str
    email: str
    role: str
    business_id: UUID
    member_id: UUID
    account_id: UUID

    def actor(self, *, read_only: bool = False, **more: Any) -> context.Actor:
        return context.Actor(
            self.business_id, self.role, self.member_id, read_only=read_only, request_id="test", **more
        )


def _id(number: int) -> UUID:
    return UUID(f"00000000-0000-7000-8000-{number:012}")


TIDY, RIVAL = _id(1), _id(2)
PEOPLE = {
    # Tidy Windows: an owner, the office, a technician and a colleague of hers
    "owner": Person("Olive", "olive@tidy.test", "owner", TIDY, _id(11), _id(111)),
    "office": Person("Omar", "omar@tidy.test", "office", TIDY, _id(12), _id(112)),
    "technician": Person("Tess", "tess@tidy.test", "technician", TIDY, _id(13), _id(113)),
    "colleague": Person("Carl", "carl@tidy.test", "technician", TIDY, _id(14), _id(114)),
    # Rival Panes: strangers
    "stranger": Person("Sam", "sam@rival.test", "owner", RIVAL, _id(21), _id(121)),
    "strange_office": Person("Sue", "sue@rival.test", "office", RIVAL, _id(22), _id(122)),
    "strange_technician": Person("Stan", "stan@rival.test", "technician", RIVAL, _id(23), _id(123)),
}
PAT, QUINN, RITA = (
    _id(31),
    _id(32),
    _id(33),
)  # Tidy's contacts: Tess visits Pat, Carl visits Quinn; Rita is Rival's
PANES, GUTTERS, STOREFRONT, RIVALS_SERVICE = _id(51), _id(52), _id(53), _id(54)
TESS_VISITS_PAT, CARL_VISITS_QUINN, STAN_VISITS_RITA = _id(61), _id(62), _id(63)
PATS_HOUSE, QUINNS_SHOP, RITAS_HOUSE = _id(41), _id(42), _id(43)

WORLD = Path(__file__).with_name("world.sql")
TEMPLATE = "world"  # the database with all of that in it, before anybody changed anything


# Modules that take a minute or more: begun first, so that the processes end together.
LONG = ("sql/test_plans_within", "browser/", "faults/", "functions/test_demo", "rls/")


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Iterator[None]:
    yield  # their order is drawn at random
    here = Path(__file__).parent
    names = {item: item.path.relative_to(here).as_posix() for item in items}
    items.sort(key=lambda item: next((n for n, name in enumerate(LONG) if names[item].startswith(name)), len(LONG)))


@pytest.fixture(scope="session")
def servers() -> Iterator[Home]:
    """A PostgreSQL and a Valkey of this process's own, and the database that each module's is a copy of."""
    with temporary_home("crm-test-", FAST) as home:
        make_world(home.admin_url)
        with psycopg.connect(home.url("postgres", "postgres"), autocommit=True) as connection:
            connection.execute(f"alter database crm rename to {TEMPLATE}")
        yield home


@pytest.fixture(scope="module")
def home(servers: Home) -> Home:
    """The schema and the people of the test world, as they were made: what one module commits, no other meets."""
    with psycopg.connect(servers.url("postgres", "postgres"), autocommit=True) as connection:
        connection.execute("drop database if exists crm with (force)")
        connection.execute(f"create database crm template {TEMPLATE} strategy file_copy")
    with psycopg.connect(servers.admin_url) as connection:
        connection.execute((SCHEMA / "database.sql").read_bytes())  # who may connect is not copied along
    with redis.Redis.from_url(servers.valkey.url) as valkey:
        valkey.flushall()
    return servers


def make_world(admin_url: str) -> None:
    """The movable clock, then the people, places and visits of world.sql."""
    with psycopg.connect(admin_url) as connection:
        connection.execute("set local role crm_owner")
        connection.execute(
            "create or replace function internal.now() returns timestamptz language sql stable parallel safe "
            "return coalesce(nullif(current_setting('app.now', true), '')::timestamptz, now())"
        )
        connection.execute("select internal.act_as(%s, null, 'worker')", (TIDY,))
        for number, business, name, zone in (
            (1, TIDY, "Tidy Windows", "America/Chicago"),
            (2, RIVAL, "Rival Panes", "Europe/London"),
        ):
            connection.execute("select internal.act_as(%s, null, 'worker')", (business,))
            connection.execute(
                "insert into crm.business (business_id, name, time_zone, currency, tax_basis_points) values (%s, %s, %s, %s, 825)",
                (business, name, zone, "USD" if number == 1 else "GBP"),
            )
            connection.execute("insert into crm.counter (name) values ('invoice')")
            for person in PEOPLE.values():
                if person.business_id != business:
                    continue
                connection.execute(
                    "insert into crm.account (account_id, email) values (%s, %s)",
                    (person.account_id, person.email),
                )
                connection.execute(
                    "insert into crm.member (id, account_id, name, email, role, joined_at) values (%s, %s, %s, %s, %s, now())",
                    (person.member_id, person.account_id, person.name, person.email, person.role),
                )
        connection.execute(WORLD.read_text())  # type: ignore[call-overload]


@pytest.fixture(scope="module")
def settings(home: Home) -> Settings:
    return Settings(
        database_url=home.url(), valkey_url=home.valkey.url, context_key=home.secrets["context_key"],
        public_url="http://localhost:8000", demo=True, pool_size=4,
    )  # fmt: skip


@pytest.fixture(scope="session")
def signer(servers: Home) -> context.Signer:
    return context.Signer(servers.secrets["context_key"])


# ---- SQL, as people type it -------------------------------------------------------------------------

Connection = psycopg.Connection[Any]


@pytest.fixture
def admin(home: Home) -> Iterator[Connection]:
    """A superuser's connection. Whatever is done is rolled back."""
    with psycopg.connect(home.admin_url, row_factory=namedtuple_row) as connection:
        yield connection
        connection.rollback()


@pytest.fixture
def psql(home: Home, signer: context.Signer) -> Iterator[Callable[..., Connection]]:
    """psql("owner") is a connection of the application's role with the owner's signed context; psql() has none.

    Each is one transaction that is rolled back at the end. `role` is the PostgreSQL role.
    """
    opened: list[Connection] = []

    def connect(who: str | None = None, *, role: str = "crm_app", **more: Any) -> Connection:
        connection = psycopg.connect(home.url(role), row_factory=namedtuple_row)
        opened.append(connection)
        if who is not None:
            become(connection, signer, who, **more)
        return connection

    yield connect
    for connection in opened:
        connection.rollback()
        connection.close()


def become(connection: Connection, signer: context.Signer, who: str, **more: Any) -> None:
    """Go on as somebody: a person of the world, or "worker" or "visitor"."""
    if who == "visitor":
        actor = context.visitor("test")
    elif who == "worker":
        actor = context.worker(more.pop("business_id", TIDY), "test")
    else:
        actor = PEOPLE[who].actor(**more)
    connection.execute("select set_config('app.context', %s, true)", (signer.sign(actor),))


@contextmanager
def refused(rule: str, sqlstate: str | None = None) -> Iterator[Any]:
    """The statement inside must be refused by exactly this rule."""
    with pytest.raises(psycopg.Error) as caught:
        yield caught
    assert caught.value.diag.constraint_name == rule, caught.value
    if sqlstate:
        assert caught.value.sqlstate == sqlstate


@contextmanager
def savepoint(connection: Connection) -> Iterator[None]:
    """Go on after an error inside."""
    with connection.transaction(force_rollback=False):
        yield


# ---- pages --------------------------------------------------------------------------------------------


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def app(settings: Settings) -> AsyncIterator[Any]:
    """The application, started once a module."""
    application = create_app(settings)
    async with application.test_app():
        yield application


class Browser:
    """Somebody's browser against the application: keeps cookies, sends what a browser sends."""

    HEADERS = {"Host": "localhost:8000", "Sec-Fetch-Site": "same-origin"}  # noqa: RUF012

    def __init__(self, client: TestClientProtocol) -> None:
        self.client = client
        self.token = ""

    async def get(self, path: str, *, fragment: bool = False, headers: dict[str, str] | None = None) -> Any:
        extra = {"HX-Request-Type": "partial"} if fragment else {}
        answer = await self.client.get(path, headers=self.HEADERS | extra | (headers or {}))
        await self._remember(answer)
        return answer

    async def post(
        self, path: str, *, csrf: str | None = None, headers: dict[str, str] | None = None,
        files: dict[str, Any] | None = None, **form: Any,
    ) -> Any:  # fmt: skip
        data = {
            "csrf": self.token if csrf is None else csrf,
            **{k: v for k, v in form.items() if v is not None},
        }
        extra = self.HEADERS | (headers or {})
        if files:  # Quart's own client takes minutes to put together what is large
            boundary, body = encode_multipart(data | files)
            extra |= {"Content-Type": f"multipart/form-data; boundary={boundary}"}
            answer = await self.client.post(path, data=body, headers=extra)
        else:
            answer = await self.client.post(path, form=data, headers=extra)
        await self._remember(answer)
        return answer

    async def _remember(self, answer: Any) -> None:
        html = await answer.get_data(as_text=True) if str(answer.content_type).startswith("text/") else ""
        if found := re.search(r'name="csrf" value="([^"]+)"', html):
            self.token = found[1]


@pytest_asyncio.fixture(loop_scope="session")
async def browse(app: Any) -> Callable[..., Any]:
    """await browse("owner") is the owner's signed-in browser; browse() is a visitor's."""

    async def sign_in(who: str | None = None) -> Browser:
        client = app.test_client()
        browser = Browser(client)
        if who is None:
            await browser.get("/login")
            return browser
        person = PEOPLE[who]
        sessions: Sessions = app.config["SESSIONS"]
        cookie = await sessions.start(
            person.account_id, person.business_id, person.member_id, person.role, name=person.name,
            business="Tidy Windows" if person.business_id == TIDY else "Rival Panes",
            time_zone="America/Chicago" if person.business_id == TIDY else "Europe/London",
            currency="USD" if person.business_id == TIDY else "GBP",
        )  # fmt: skip
        client.set_cookie("localhost", "session", cookie)
        await browser.get("/contacts")
        return browser

    return sign_in


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def run(app: Any) -> Callable[..., Any]:
    """await run("owner", "contact_create", name=…) runs one named statement as somebody; it is committed."""

    async def one(who: str, statement: str, /, **values: Any) -> Any:
        actor = context.worker(TIDY) if who == "worker" else PEOPLE[who].actor()
        known = db.database().statements[statement].parameters
        values = {name: None for name in ("action_id", "happened_at") if name in known} | values
        return (await db.database().run(actor, [db.database().call(statement, values, optional=True)]))[0]

    return one


def text(html: str) -> str:
    """A page's words without its tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())
