"""Units of work: read-only reads, no context left behind, and answers in time when the database gives none."""

import asyncio
import dataclasses
import random
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import UUID

import psycopg
import psycopg_pool
import pytest

from crm import db, statements
from crm.config import Settings
from crm.errors import Refused, Unavailable
from crm.run import Home
from tests.conftest import PAT, PEOPLE, QUINN, RITA, RIVAL, TIDY

NOTHING = "Nothing was saved."
NEW = {
    "kind": "person", "phone": None, "phone_e164": None, "other_phone": None, "other_e164": None, "email": None,
    "preferred_method": None, "preferred_time": None, "language": None, "referred_by": None, "note": None,
}  # fmt: skip
SMALL = {"contact_read": "select id from crm.contact where business_id = :business_id and id = :contact_id"}


@pytest.fixture
def database(settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., Any]:
    """database(name=SQL, …) opens one of our own: those statements instead of the house's, other limits.

    A statement must bear the name of one that the actor may run.
    """

    @asynccontextmanager
    async def opened(
        limits: dict[str, str] | None = None, *, of: Settings | None = None, **written: str
    ) -> AsyncIterator[db.Database]:
        if written:
            (tmp_path / "test.sql").write_text(
                "\n\n".join(f"-- :name {name} :many\n{text}" for name, text in written.items())
            )
        monkeypatch.setattr(db, "LIMITS", db.LIMITS | (limits or {}))
        mine = db.Database(of or settings, name="crm of a test")
        await mine.open()
        mine.statements |= statements.load(tmp_path)
        try:
            yield mine
        finally:
            await mine.close()

    return opened


def one(settings: Settings, **more: Any) -> Settings:
    return dataclasses.replace(settings, pool_size=1, **more)


def reading(who: str = "owner") -> Any:
    return PEOPLE[who].actor(read_only=True)


def writing(who: str = "owner") -> Any:
    return PEOPLE[who].actor()


async def eventually(holds: Callable[[], Any], seconds: float = 5) -> None:
    deadline = time.monotonic() + seconds
    while not await holds():
        assert time.monotonic() < deadline, "it did not happen in time"
        await asyncio.sleep(0.01)


# ---- reads and writes ---------------------------------------------------------------------------------


async def test_a_write_in_a_read_is_refused_by_postgresql(database, admin):
    new = NEW | {"name": "Hidden Write"}
    async with database() as mine:
        with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
            await mine.run(reading(), [mine.call("contact_create", new)])
        with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
            async with mine.transaction(reading()) as tx:
                await tx.run("contact_create", **new)
    assert admin.execute("select from crm.contact where name = %s", (new["name"],)).fetchall() == []


async def test_a_write_hidden_behind_a_get_is_a_loud_error_and_changes_nothing(browse, admin, monkeypatch):
    owner = await browse("owner")
    hidden = statements.Statement(
        "contact_addresses", "many", b"select api.contact_archive($1, true)", ("contact_id",),
        "", "test.sql", repeatable=False,
    )  # fmt: skip
    monkeypatch.setitem(db.database().statements, "contact_addresses", hidden)
    assert (await owner.get(f"/contacts/{PAT}")).status_code == 500
    assert admin.execute("select archived_at from crm.contact where id = %s", (PAT,)).fetchone() == (None,)


async def test_nothing_of_a_unit_is_left_on_its_connection(database, settings):
    async def left(mine: db.Database) -> tuple[Any, ...]:
        async with mine.pool.connection() as connection:
            cursor = await connection.execute(
                "select current_setting('app.context', true) as context, current_setting('app.reasoning', true) as words, "
                "current_setting('transaction_read_only') as read_only, pg_backend_pid() as pid"
            )
            row = await cursor.fetchone()
            with pytest.raises(psycopg.errors.InsufficientPrivilege) as refused:
                await connection.execute("select internal.current_business()")
            assert refused.value.diag.constraint_name == "context_is_missing"
            return tuple(row[:3])

    async with database(of=one(settings)) as mine:
        contact = {"contact_id": PAT}

        async def fine() -> None:
            await mine.run(reading(), [mine.call("contact_read", contact), mine.call("contact_addresses", contact)])

        async def fine_write() -> None:
            actor = dataclasses.replace(writing(), reasoning="because")
            await mine.run(actor, [mine.call("contact_archive", contact | {"archived": False})])

        async def refused() -> None:
            with pytest.raises(Refused):
                await mine.run(writing("technician"), [mine.call("contact_archive", contact | {"archived": True})])

        async def nothing_there() -> None:
            with pytest.raises(Refused, match="not_found"):
                await mine.run(reading(), [mine.call("contact_read", {"contact_id": RITA})])

        async def explicit() -> None:
            async with mine.transaction(writing()) as tx:
                await tx.run("contact_read", contact_id=PAT)

        async def broken_off() -> None:
            with suppress(RuntimeError):
                async with mine.transaction(writing()):
                    raise RuntimeError

        async def called_off() -> None:
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.05), mine.transaction(writing()):
                    await asyncio.sleep(5)

        for unit in (fine, fine_write, refused, nothing_there, explicit, broken_off, called_off):
            await unit()
            assert await left(mine) == ("", "", "off"), unit.__name__


async def test_2000_interleaved_requests_of_two_businesses_see_no_row_of_each_other(database, settings, admin):
    chance = random.Random()
    businesses = dict(admin.execute("select id, business_id from crm.contact").fetchall())
    everybody = {"after_key": "", "after_id": "00000000-0000-0000-0000-000000000000"}
    wrong: list[Any] = []
    counts = {"answered": 0, "called off": 0}

    async with database(of=dataclasses.replace(settings, pool_size=4)) as mine:

        async def request(who: str) -> None:
            actor = reading(who)
            if chance.random() < 0.1:
                async with mine.transaction(writing(who)) as tx:
                    listed = await tx.run("contact_list", **everybody)
                    found = [await tx.run("contact_read", contact_id=contact) for contact in (PAT, RITA)]
            else:
                listed, *found = await mine.run(
                    actor,
                    [mine.call("contact_list", everybody)]
                    + [mine.call("contact_read", {"contact_id": contact}, optional=True) for contact in (PAT, RITA)],
                )
            ids = {row.id for row in listed} | {row.id for row in found if row}
            mine_only = PAT if actor.business_id == TIDY else RITA
            wrong.extend(i for i in ids if businesses.get(i, actor.business_id) != actor.business_id)
            if mine_only not in ids or not listed:
                wrong.append((who, "misses its own"))

        async def client(requests: int) -> None:
            for _ in range(requests):
                task = asyncio.create_task(request(chance.choice(["owner", "stranger"])))
                if chance.random() < 0.1:
                    await asyncio.sleep(chance.uniform(0, 0.02))
                    task.cancel()
                try:
                    await task
                    counts["answered"] += 1
                except asyncio.CancelledError:
                    counts["called off"] += 1

        await asyncio.gather(*(client(125) for _ in range(16)))
    assert wrong == []
    assert sum(counts.values()) == 2000
    assert counts["answered"] > 1700, counts
    assert counts["called off"] > 20, counts
    assert {businesses[PAT], businesses[RITA]} == {TIDY, RIVAL}


# ---- no connection, or a dead one ---------------------------------------------------------------------


@asynccontextmanager
async def all_taken(mine: db.Database) -> AsyncIterator[None]:
    """Hold every connection of the pool."""
    free = asyncio.Event()
    held = asyncio.Semaphore(0)

    async def hold() -> None:
        async with mine.pool.connection():
            held.release()
            await free.wait()

    holders = [asyncio.create_task(hold()) for _ in range(mine.pool.max_size)]
    for _ in holders:
        await held.acquire()
    try:
        yield
    finally:
        free.set()
        await asyncio.gather(*holders)


async def test_no_free_connection_is_said_within_three_seconds_and_forgotten_after(database):
    async with database(**SMALL) as mine:
        calls = [mine.call("contact_read", {"contact_id": PAT})]

        async def enter() -> None:
            async with mine.transaction(writing()):
                pass

        async with all_taken(mine):
            began = time.monotonic()
            outcomes = await asyncio.gather(
                mine.run(reading(), calls), mine.run(writing(), calls), enter(), return_exceptions=True
            )
            seconds = time.monotonic() - began
        assert [type(outcome) for outcome in outcomes] == [Unavailable] * 3
        assert {getattr(outcome, "saved", NOTHING) for outcome in outcomes} == {NOTHING}
        assert seconds < 3
        assert await mine.run(reading(), calls) == [[(PAT,)]]
        assert await mine.run(writing(), calls) == [[(PAT,)]]


async def test_no_database_at_start_is_said_as_such(settings, monkeypatch, tmp_path):
    """Whoever starts can wait for it, or say so in one line."""
    wait = psycopg_pool.AsyncConnectionPool.wait
    monkeypatch.setattr(psycopg_pool.AsyncConnectionPool, "wait", lambda self, timeout: wait(self, 0.2))
    nowhere = dataclasses.replace(settings, database_url=f"postgresql://crm_app:x@/crm?host={tmp_path}")
    with pytest.raises(Unavailable):
        await db.Database(nowhere).open()


@pytest.mark.parametrize("first", ["read", "write", "transaction", "crowd"])
async def test_after_every_backend_was_terminated_the_next_request_succeeds(database, admin, first):
    async with database(**SMALL) as mine:
        calls = [mine.call("contact_read", {"contact_id": PAT})]

        async def explicit() -> Any:
            async with mine.transaction(writing()) as tx:
                return [await tx.run("contact_read", contact_id=PAT)]

        async with all_taken(mine):
            pass

        async def all_back() -> bool:
            return mine.pool.get_stats()["pool_available"] == mine.pool.max_size

        await eventually(all_back)
        terminated = "select count(pg_terminate_backend(pid, 5000)) from pg_stat_activity where application_name = %s"
        assert admin.execute(terminated, ("crm of a test",)).fetchone()[0] >= mine.pool.max_size
        units = {
            "read": [lambda: mine.run(reading(), calls)],
            "write": [lambda: mine.run(writing(), calls)],
            "transaction": [explicit],
            "crowd": [lambda: mine.run(reading(), calls), lambda: mine.run(writing(), calls), explicit] * 5,
        }[first]
        answers = await asyncio.gather(*(unit() for unit in units))
        assert answers == [[[(PAT,)]]] * len(units)


async def test_a_query_that_was_called_off_gives_its_connection_back_clean(database, settings):
    async with database(of=one(settings), **SMALL, contact_list="select pg_sleep(30)") as mine:
        for _ in range(3):
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.05):
                    await mine.run(reading(), [mine.call("contact_list", {})])
            async with asyncio.timeout(2):
                assert await mine.run(reading(), [mine.call("contact_read", {"contact_id": PAT})]) == [[(PAT,)]]


# ---- time-outs, locks, deadlocks ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("limit", "waits"), [("statement_timeout", "pg_sleep(5)"), ("lock_timeout", "id from crm.address")]
)
@pytest.mark.parametrize("actor", [reading, writing])
async def test_what_takes_too_long_is_given_up_and_the_connection_lives(database, settings, admin, limit, waits, actor):
    limits = {limit: "150ms"}
    async with database(limits, of=one(settings), **SMALL, contact_list=f"select {waits}") as mine:
        admin.execute("lock table crm.address")
        began = time.monotonic()
        with pytest.raises(Unavailable) as given_up:
            await mine.run(actor(), [mine.call("contact_list", {})])
        assert time.monotonic() - began < 1.5
        assert getattr(given_up.value, "saved", NOTHING) == NOTHING
        assert await mine.run(actor(), [mine.call("contact_read", {"contact_id": PAT})]) == [[(PAT,)]]


async def test_after_a_deadlock_only_what_may_be_repeated_is_repeated(database):
    lock = "select id from api.contact_archive((:contact_id)::uuid, false)"
    async with database(
        contact_read="-- repeatable\n" + lock, contact_update=lock, contact_list="-- repeatable\nselect pg_sleep(0.2)::text"
    ) as mine:  # fmt: skip

        def unit(name: str, first: UUID, second: UUID) -> Any:
            locks = [mine.call(name, {"contact_id": contact}) for contact in (first, second)]
            return mine.run(writing(), [locks[0], mine.call("contact_list", {}), locks[1]])

        outcomes = await asyncio.gather(
            unit("contact_read", PAT, QUINN), unit("contact_read", QUINN, PAT), return_exceptions=True
        )
        assert [type(outcome) for outcome in outcomes] == [list, list], "what may be repeated was repeated"
        outcomes = await asyncio.gather(
            unit("contact_update", PAT, QUINN), unit("contact_update", QUINN, PAT), return_exceptions=True
        )
        assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Unavailable", "list"]


@pytest.mark.parametrize("error", [psycopg.errors.DeadlockDetected, psycopg.errors.SerializationFailure])
@pytest.mark.parametrize(("actor", "name", "tries"), [(reading, "contact_update", 3), (writing, "contact_update", 1),
                                                      (writing, "contact_read", 3)])  # fmt: skip
async def test_tries_are_counted(database, settings, monkeypatch, error, actor, name, tries):
    async with database(of=one(settings), contact_read="-- repeatable\nselect 1", contact_update="select 1") as mine:
        tried = []

        async def fails(*arguments: Any, **options: Any) -> None:
            tried.append(arguments)
            raise error

        monkeypatch.setattr(mine, "_run_once", fails)
        with pytest.raises(Unavailable):
            await mine.run(actor(), [mine.call(name, {})])
        assert len(tried) == tries


def test_every_statement_that_calls_itself_repeatable_is():
    """The word must stand where the loader looks for it."""
    from crm.paths import SQL

    known = statements.load(SQL)
    for path in SQL.glob("*.sql"):
        for block in path.read_text().split("-- :name ")[1:]:
            name = block.split()[0]
            assert known[name].repeatable == ("\n-- repeatable" in block), f"{path.name}: {name}"


# ---- what was saved, when the answer is lost ----------------------------------------------------------


class Wire:
    """Between psycopg and the server: can swallow the answer to a write and cut the line."""

    def __init__(self, home: Home, folder: Path) -> None:
        self.target = f"{home.postgres.host}/.s.PGSQL.5432"
        self.folder = folder
        self.swallow: bytes | None = None

    @asynccontextmanager
    async def up(self) -> AsyncIterator[None]:
        server = await asyncio.start_unix_server(self.connected, self.folder / ".s.PGSQL.5432")
        async with server:
            yield

    async def connected(self, ours: asyncio.StreamReader, to_us: asyncio.StreamWriter) -> None:
        theirs, to_them = await asyncio.open_unix_connection(self.target)
        cut = False

        async def pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter, *, questions: bool) -> None:
            nonlocal cut
            while data := await source.read(65536):
                if questions and self.swallow and self.swallow in data:
                    cut = True
                if cut and not questions:
                    break  # the server has done it, and nobody hears of it
                sink.write(data)
            to_us.close()
            to_them.close()

        with suppress(OSError):
            await asyncio.gather(pump(ours, to_them, questions=True), pump(theirs, to_us, questions=False))


@pytest.mark.parametrize("way", ["run", "transaction"])
async def test_when_the_answer_to_a_write_is_lost_nobody_says_that_nothing_was_saved(
    database, settings, home, admin, tmp_path_factory, way
):
    folder = tmp_path_factory.mktemp("w")
    wire = Wire(home, folder)
    url = settings.database_url.replace(quote(home.postgres.host, safe=""), quote(str(folder), safe=""))
    new = NEW | {"name": f"Lost Answer {way}"}

    async def run() -> None:
        await mine.run(writing(), [mine.call("contact_create", new)])

    async def transaction() -> None:
        async with mine.transaction(writing()) as tx:
            await tx.run("contact_create", **new)

    async with wire.up(), database(of=one(settings, database_url=url)) as mine:
        wire.swallow = b"contact_create" if way == "run" else b"COMMIT"
        with pytest.raises(Unavailable) as lost:
            await (run if way == "run" else transaction)()
        saved = admin.execute("select name from crm.contact where name = %s", (new["name"],)).fetchall()
        admin.execute("set session_replication_role = replica")
        admin.execute(
            "delete from internal.contact_search where contact_id in (select id from crm.contact where name = %s)",
            (new["name"],),
        )
        admin.execute("delete from crm.contact where name = %s", (new["name"],))
        admin.commit()
        assert saved == [(new["name"],)]
        assert getattr(lost.value, "saved", NOTHING) != NOTHING


# ---- behind a transaction pooler ----------------------------------------------------------------------


async def state_of(mine: db.Database) -> tuple[int, str, dict[str, str]]:
    """Prepared statements, where the time limit comes from, and what was sent at connecting."""
    async with mine.pool.connection() as connection:
        cursor = await connection.execute(
            "select (select count(*) from pg_prepared_statements) as prepared, "
            "(select source from pg_settings where name = 'statement_timeout') as source"
        )
        prepared, source = await cursor.fetchone()
        return prepared, source, connection.info.get_parameters()


async def test_behind_a_transaction_pooler_nothing_is_left_on_a_connection(database, settings):
    contact = {"contact_id": PAT}
    async with database(of=one(settings)) as direct:
        for _ in range(10):
            await direct.run(reading(), [direct.call("contact_read", contact)])
        prepared, source, parameters = await state_of(direct)
        assert prepared >= 1
        assert source == "client"
        assert "statement_timeout" in parameters["options"]

    async with database(of=one(settings, database_pooler="transaction")) as pooled:
        for _ in range(10):
            await pooled.run(reading(), [pooled.call("contact_read", contact)])
            async with pooled.transaction(writing()) as tx:
                await tx.run("contact_read", **contact)
        prepared, source, parameters = await state_of(pooled)
        assert prepared == 0
        assert source == "user", "the role carries the limits that the connection cannot"
        assert "options" not in parameters
        # A pooler passes on only what every server connection has alike.
        assert not parameters.keys() & {"search_path", "statement_timeout", "default_transaction_read_only"}
