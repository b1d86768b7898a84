"""A unit's whole conversation in one write and one wait, and a connection that is fit for the next one after it."""

from collections.abc import AsyncIterator

import psycopg
import pytest

from crm import db, statements
from crm.exchange import Connection, PooledConnection
from tests.conftest import PEOPLE

WORD = b"select $1::text as word"


@pytest.fixture(params=[Connection, PooledConnection])
async def connection(request, home) -> AsyncIterator[Connection]:
    opened = await request.param.connect(home.url(), autocommit=True, prepare_threshold=None)
    yield opened
    await opened.close()


async def test_each_part_has_its_answer_in_its_order(connection):
    parts = [(WORD, ("one",)), (b"select 2 as number, null as nothing", ()), (WORD, ("three",))]
    first, second, third = await connection.exchange(parts)
    assert [row.word for row in (*first.rows(), *third.rows())] == ["one", "three"]
    assert second.rows() == [(2, None)]


async def test_no_rows_many_rows_and_a_count(connection):
    none, many = await connection.exchange(
        [(b"select 1 where false", ()), (b"select generate_series(1, $1::int) as number", (5000,))]
    )
    assert none.rows() == []
    assert [row.number for row in many.rows()] == list(range(1, 5001))
    assert many.affected == 5000


async def test_a_value_larger_than_the_sockets_buffers_goes_through(connection):
    big = "ü" * 3_000_000
    (answer, after) = await connection.exchange([(WORD, (big,)), (WORD, ("after",))])
    assert answer.rows()[0].word == big
    assert after.rows()[0].word == "after"


async def test_parts_are_one_transaction(connection):
    times = await connection.exchange([(b"select now() as at", ()), (b"select now() as at", ())])
    assert len({answer.rows()[0].at for answer in times}) == 1


async def test_the_first_refusal_is_raised_and_nothing_was_done(connection):
    with pytest.raises(psycopg.errors.DivisionByZero):
        await connection.exchange(
            [
                (b"select set_config('app.kept', 'yes', false)", ()),
                (b"select 1 / $1::int", (0,)),
                (b"select nothing", ()),
            ]
        )
    (answer,) = await connection.exchange([(b"select current_setting('app.kept', true) as kept", ())])
    assert answer.rows()[0].kept in (None, "")


async def test_a_refused_statement_can_be_asked_again_and_again(connection):
    for divisor in (0, 1, 0, 2):
        parts = [(WORD, ("x",)), (b"select 10 / $1::int as tenth", (divisor,))]
        if divisor:
            assert (await connection.exchange(parts))[1].rows()[0].tenth == 10 // divisor
        else:
            with pytest.raises(psycopg.errors.DivisionByZero):
                await connection.exchange(parts)


async def test_one_text_with_values_of_other_types(connection):
    for value, kind in ((1, "smallint"), (70_000, "integer"), (2**40, "bigint"), (True, "boolean")):
        (answer,) = await connection.exchange([(b"select pg_typeof($1)::text as kind", (value,))])
        assert answer.rows()[0].kind == kind


async def test_plans_are_kept_on_an_own_connection_only(connection):
    for _ in range(3):
        await connection.exchange([(WORD, ("x",)), (WORD, ("y",))])
    (answer,) = await connection.exchange([(b"select count(*) as kept from pg_prepared_statements", ())])
    assert answer.rows()[0].kept == (2 if connection.keeps_plans else 0)


async def test_plans_outlive_a_rollback(connection):
    async with connection.transaction(force_rollback=True):
        await connection.exchange([(WORD, ("x",))])
    assert (await connection.exchange([(WORD, ("y",))]))[0].rows()[0].word == "y"


async def test_a_connection_that_was_cut_says_so_and_is_closed(connection, home):
    pid = connection.info.backend_pid
    with psycopg.connect(home.admin_url, autocommit=True) as admin:
        admin.execute("select pg_terminate_backend(%s, 5000)", (pid,))
    with pytest.raises(psycopg.OperationalError):
        await connection.exchange([(WORD, ("x",)), (WORD, ("y",))])
    assert connection.closed


async def test_what_a_deploy_changed_is_planned_anew(settings, home, tmp_path):
    (tmp_path / "test.sql").write_text("-- :name contact_read :one\nselect * from crm_moving.thing")
    mine = db.Database(settings, name="crm of a test")
    await mine.open()
    mine.statements |= statements.load(tmp_path)
    with psycopg.connect(home.admin_url, autocommit=True) as admin:
        try:
            admin.execute("create schema crm_moving create table thing (a int default 1)")
            admin.execute("insert into crm_moving.thing default values")
            admin.execute("grant usage on schema crm_moving to crm_app; grant select on crm_moving.thing to crm_app")
            for more in ("b", "c"):
                for actor in (PEOPLE["owner"].actor(read_only=True), PEOPLE["owner"].actor()):
                    for _ in range(mine.pool.max_size):
                        await mine.run(actor, [mine.call("contact_read", {})])
                admin.execute(f"alter table crm_moving.thing add column {more} int default 2")
                row = (await mine.run(PEOPLE["owner"].actor(), [mine.call("contact_read", {})]))[0]
                assert getattr(row, more) == 2
        finally:
            admin.execute("drop schema crm_moving cascade")
            await mine.close()
