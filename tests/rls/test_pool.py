"""The pool: what one request leaves in a session, the next one does not find."""

from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace

import psycopg
import pytest
import pytest_asyncio

from crm import context, db
from crm.config import Settings
from crm.db import Database
from tests.conftest import PEOPLE

# name: what a request leaves behind, what the next one asks, what it must find
LEFT = {
    "no_time_limit": ("set statement_timeout = 0", "show statement_timeout", "5s"),
    "a_search_path": ("set search_path = pg_temp", "show search_path", '"$user", public'),
    "another_zone": ("set timezone = 'Pacific/Apia'", "show timezone", "UTC"),
    "writing_is_off": ("set default_transaction_read_only = on", "show default_transaction_read_only", "off"),
    "the_wall_is_off": ("set row_security = off", "show row_security", "on"),
    "a_context": ("select set_config('app.context', 'x', false)", "select current_setting('app.context', true)", ""),
    "a_reasoning": ("select set_config('app.reasoning', 'x', false)", "select current_setting('app.reasoning', true)", ""),
    "a_cursor": ("declare c cursor with hold for select 'theirs'", "select count(*)::text from pg_cursors", "0"),
    "a_lock": ("select pg_advisory_lock(7226017441)", "select count(*)::text from pg_locks where locktype = 'advisory'", "0"),
    "a_listener": ("listen contact", "select count(*)::text from pg_listening_channels()", "0"),
}  # fmt: skip


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def one(settings: Settings) -> AsyncIterator[Database]:
    """A pool of one connection, so that the next request gets the same one."""
    database = Database(replace(settings, pool_size=1))
    await database.open()
    yield database
    await database.close()


@pytest_asyncio.fixture(loop_scope="session")
async def database(one: Database) -> Database:
    async with one.pool.connection() as connection:
        for statement in ("reset all", "close all", "unlisten *"):
            await connection.execute(statement.encode())
    return one


@pytest.mark.parametrize("name", LEFT)
async def test_session_is_clean_for_the_next_request(database: Database, name: str) -> None:
    leave, ask, expected = LEFT[name]
    async with database.pool.connection() as connection:
        with suppress(psycopg.errors.InsufficientPrivilege):  # better still
            await connection.execute(leave.encode())
    async with database.pool.connection() as connection:
        row = await (await connection.execute(ask.encode())).fetchone()
    assert row is not None
    assert (row[0] or "") == expected


async def test_context_of_one_request_is_not_the_next_ones(database: Database) -> None:
    await database.run(PEOPLE["stranger"].actor(read_only=True), [database.call("session_profile", {})])
    async with database.pool.connection() as connection:
        row = await (await connection.execute(b"select current_setting('app.context', true) as c")).fetchone()
    assert row == ("",)


async def test_read_inside_a_transaction_needs_its_permission_too(database: Database) -> None:
    """What has no row in permissions.sql for this role is refused, whichever way the statement is run."""
    technician = PEOPLE["technician"].actor()
    with pytest.raises(db.errors.Refused) as caught:
        async with database.transaction(technician) as transaction:
            await transaction.run("member_list")
    assert caught.value.rule == "action_is_not_for_your_role"


async def test_two_businesses_share_the_pool_and_nothing_else(database: Database) -> None:
    for person in ("owner", "stranger", "technician", "strange_office"):
        actor = PEOPLE[person].actor(read_only=True)
        ((profile,),) = [await database.run(actor, [database.call("session_profile", {})])]
        assert profile.email == PEOPLE[person].email
    with pytest.raises(db.errors.Refused):
        await database.run(context.visitor("test"), [database.call("member_list", {})])
