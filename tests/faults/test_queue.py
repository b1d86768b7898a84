"""The queue: nothing is lost, whoever is killed; what cannot be done is buried where people see it."""

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg.rows import namedtuple_row

from crm.run import Home
from tests.conftest import RIVAL, TIDY, make_world
from tests.faults import stack
from tests.faults.stack import Workers, eventually

Connection = psycopg.Connection[Any]


# ---- the rules, as an administrator types them --------------------------------------------------------


@pytest.fixture
def queue(admin: Connection) -> Connection:
    """The owner's connection as the worker of Tidy Windows, with nothing waiting. All of it is rolled back."""
    admin.execute("set local role crm_owner")
    admin.execute("delete from internal.job_queue")
    admin.execute("select internal.act_as(%s, null, 'worker')", (TIDY,))
    return admin


def enqueue(queue: Connection, key: str = "k", kind: str = "test_note") -> UUID | None:
    row = queue.execute("select internal.enqueue(%s, %s, jsonb_build_object('key', %s::text))", (kind, key, key))
    return row.fetchone()[0]


def claim(queue: Connection, most: int = 5, seconds: float = 60) -> list[Any]:
    return queue.execute("select * from api.job_claim(%s, %s)", (most, int(seconds))).fetchall()


def due(queue: Connection) -> None:
    """Let the waiting, or the lease, be over."""
    queue.execute("update internal.job_queue set run_at = clock_timestamp()")


def value(queue: Connection, statement: str, *values: Any) -> Any:
    return queue.execute(statement, values).fetchone()[0]


def test_asking_twice_with_one_key_is_one_job(queue):
    first = enqueue(queue)
    assert first is not None
    assert enqueue(queue) is None
    assert enqueue(queue, kind="test_other") is not None
    (job,) = [row for row in claim(queue) if row.job_id == first]
    assert value(queue, "select api.job_finish(%s, %s)", first, job.lease) is True
    assert enqueue(queue) is None, "done is done"
    queue.execute("select internal.act_as(%s, null, 'worker')", (RIVAL,))
    assert enqueue(queue) is not None, "another business's key is another key"


def test_a_job_lives_and_dies_with_the_transaction_that_asked_for_it(queue):
    with queue.transaction(force_rollback=True):
        enqueue(queue)
    assert claim(queue) == []
    with queue.transaction():
        asked = enqueue(queue)
    assert [row.job_id for row in claim(queue)] == [asked]


def test_what_is_claimed_is_nobody_elses_until_its_lease_runs_out(queue):
    enqueue(queue)
    (first,) = claim(queue)
    assert claim(queue) == []
    due(queue)
    (second,) = claim(queue)
    assert (second.job_id, second.attempt) == (first.job_id, 2)
    # The first worker wakes up again: it may neither read, finish nor give back what is no longer its own.
    assert queue.execute("select * from api.job_open(%s, %s)", (first.job_id, first.lease)).fetchall() == []
    assert value(queue, "select api.job_finish(%s, %s)", first.job_id, first.lease) is False
    assert value(queue, "select api.job_fail(%s, %s, 'late', true)", first.job_id, first.lease) == "lost"
    assert value(queue, "select state from crm.job where id = %s", first.job_id) == "ready"
    assert value(queue, "select api.job_finish(%s, %s)", second.job_id, second.lease) is True
    assert value(queue, "select api.job_finish(%s, %s)", second.job_id, second.lease) is False
    assert value(queue, "select state from crm.job where id = %s", first.job_id) == "done"


def test_another_business_cannot_reach_a_job_even_with_its_lease(queue):
    enqueue(queue)
    (job,) = claim(queue)
    queue.execute("select internal.act_as(%s, null, 'worker')", (RIVAL,))
    assert queue.execute("select * from api.job_open(%s, %s)", (job.job_id, job.lease)).fetchall() == []
    assert value(queue, "select api.job_finish(%s, %s)", job.job_id, job.lease) is False
    assert value(queue, "select api.job_fail(%s, %s, 'x', true)", job.job_id, job.lease) == "lost"


def test_the_pauses_grow_and_after_the_last_attempt_it_is_buried_with_its_error(queue):
    job_id = enqueue(queue)
    for attempt in range(1, 13):
        (job,) = claim(queue)
        assert job.attempt == attempt
        state = value(queue, "select api.job_fail(%s, %s, %s, false)", job_id, job.lease, f"error {attempt}")
        if attempt == 12:
            assert state == "dead"
            break
        assert state == "ready"
        pause = value(queue, "select run_at - clock_timestamp() from internal.job_queue where job_id = %s", job_id)
        expected = min(3600, 2**attempt)
        assert timedelta(seconds=0.9 * expected - 1) < pause <= timedelta(seconds=1.1 * expected)
        assert claim(queue) == [], "not before its time"
        due(queue)
    assert claim(queue) == []
    row = queue.execute("select state, last_error, finished_at from crm.job where id = %s", (job_id,)).fetchone()
    assert row[:2] == ("dead", "error 12")
    assert row.finished_at is not None
    assert value(queue, "select count(*) from internal.job_queue") == 0


def test_what_can_never_be_done_is_buried_at_once(queue):
    job_id = enqueue(queue)
    (job,) = claim(queue)
    assert value(queue, "select api.job_fail(%s, %s, 'no such address', true)", job_id, job.lease) == "dead"
    assert value(queue, "select last_error from crm.job where id = %s", job_id) == "no such address"


def test_an_error_of_any_length_and_kind_is_kept(queue):
    job_id = enqueue(queue)
    (job,) = claim(queue)
    assert value(queue, "select api.job_fail(%s, %s, %s, false)", job_id, job.lease, "ü" * 5000) == "ready"
    assert value(queue, "select length(last_error) from crm.job where id = %s", job_id) == 500


def test_what_kills_every_worker_is_buried_when_it_is_opened_once_more(queue):
    job_id = enqueue(queue)
    for _ in range(13):
        (job,) = claim(queue)
        due(queue)
    assert queue.execute("select * from api.job_open(%s, %s)", (job_id, job.lease)).fetchall() == []
    row = queue.execute("select state, last_error from crm.job where id = %s", (job_id,)).fetchone()
    assert row == ("dead", "The worker died every time.")
    assert claim(queue) == []


@pytest.mark.parametrize("rows", [None, 1, 5])
def test_a_claim_takes_no_more_than_it_may_and_the_oldest_first(queue, rows):
    """The planner may believe that there are as few rows as when it last looked, and then joins in loops."""
    if rows:
        for number in range(rows):
            enqueue(queue, f"before {number}")
        queue.execute("analyze internal.job_queue")
        queue.execute("delete from internal.job_queue")
    jobs = [enqueue(queue, f"k{number}") for number in range(40)]
    queue.execute("update internal.job_queue set run_at = clock_timestamp() - interval '1 hour' where job_id = any(%s)",
                  (jobs[20:25],))  # fmt: skip
    taken = [[row.job_id for row in claim(queue, 5)] for _ in range(9)]
    assert [len(jobs) for jobs in taken] == [5] * 8 + [0]
    assert set(taken[0]) == set(jobs[20:25])
    assert sorted(job for jobs in taken for job in jobs) == sorted(jobs)


# ---- chaos --------------------------------------------------------------------------------------------

# Without fsync a killed server keeps what it has written: only the machine could lose it.
SETTINGS = {"fsync": "off", "shared_buffers": "32MB", "max_connections": "40"}


@pytest.fixture(scope="module")
def house() -> Iterator[Home]:
    """A database of our own, to be killed."""
    with stack.folder() as folder:
        home = Home(folder, SETTINGS)
        home.postgres.start()
        try:
            home.prepare()
            make_world(home.admin_url)
            yield home
        finally:
            home.postgres.stop()


def ask(home: Home, *, most: int = 12, **numbers: int) -> dict[str, list[str]]:
    """Enqueue so many of each kind for two businesses; the keys by kind."""
    keys: dict[str, list[str]] = {}
    with psycopg.connect(home.admin_url) as connection:
        connection.execute("set local role crm_owner")
        for kind, number in numbers.items():
            keys[kind] = [f"{kind}-{n}-{time.monotonic_ns()}" for n in range(number)]
            for n, key in enumerate(keys[kind]):
                connection.execute("select internal.act_as(%s, null, 'worker')", ((TIDY, RIVAL)[n % 2],))
                assert enqueue(connection, key, kind)
        connection.execute("update internal.job_queue set max_attempts = %s", (most,))
    return keys


def jobs(home: Home) -> dict[str, Any]:
    with psycopg.connect(home.admin_url, row_factory=namedtuple_row) as connection:
        rows = connection.execute("select key, state, last_error from crm.job").fetchall()
    return {row.key: row for row in rows}


def all_over(home: Home) -> Callable[[], bool]:
    """Whether nothing waits any more. Pauses are cut short, leases are not."""

    def over() -> bool:
        with suppress(psycopg.OperationalError), psycopg.connect(home.admin_url, connect_timeout=2) as connection:
            connection.execute("update internal.job_queue set run_at = clock_timestamp() where lease is null")
            return value(connection, "select count(*) from internal.job_queue") == 0
        return False

    return over


def test_nothing_is_lost_when_workers_sessions_and_the_server_are_killed(house):
    chance = random.Random()
    keys = ask(house, test_note=200, test_flaky=20, test_hopeless=4)
    killed = 0
    with Workers(house, 3) as workers:
        eventually(workers.done)
        began = time.monotonic()
        for blow in range(16):
            pause = time.monotonic() + chance.uniform(0.02, 0.12)
            if blow == 8:
                os.kill(house.postgres.pid, signal.SIGKILL)
                eventually(lambda: not house.postgres.alive())
                house.postgres.restart_if_dead()
            elif blow % 4 == 3:
                with suppress(psycopg.OperationalError), psycopg.connect(house.admin_url) as connection:
                    connection.execute(
                        "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'crm_app'"
                    )
            elif pids := workers.pids:
                os.kill(chance.choice(pids), signal.SIGKILL)
                killed += 1
            eventually(lambda until=pause: time.monotonic() >= until)
        eventually(all_over(house), 30)
        done, deaths = Counter(key for key, _ in workers.done()), Counter(workers.deaths())
    assert time.monotonic() - began < 40
    found = jobs(house)
    for kind in ("test_note", "test_flaky"):
        assert [key for key in keys[kind] if found[key].state != "done"] == []
        assert [key for key in keys[kind] if not done[key]] == []
    for key in keys["test_hopeless"]:
        assert (found[key].state, found[key].last_error) == ("dead", "Never.")
    # Twice only what a killed worker had in its hands, or what was done while the database could not be told.
    twice = [key for key in keys["test_note"] if done[key] > 1]
    assert len(twice) <= 5 * (killed + 3 * 5), twice
    assert deaths.keys() <= {"-9"}, "a worker outlives whatever happens to its database"


def test_a_job_that_kills_its_worker_is_buried_and_takes_nobody_with_it(house):
    keys = ask(house, test_poison=2, test_note=20, most=2)
    with Workers(house, 2) as workers:
        eventually(all_over(house), 30)
        done = {key for key, _ in workers.done()}
    found = jobs(house)
    for key in keys["test_poison"]:
        assert (found[key].state, found[key].last_error) == ("dead", "The worker died every time.")
    assert [key for key in keys["test_note"] if found[key].state != "done" or key not in done] == []


def test_claims_at_the_same_moment_never_share_a_job(house):
    ask(house, test_note=12)
    connections = [psycopg.connect(house.admin_url, row_factory=namedtuple_row) for _ in range(3)]
    try:
        taken = []
        for connection in connections:  # none of them has committed yet
            connection.execute("set local role crm_owner")
            connection.execute("select internal.act_as(%s, null, 'worker')", (TIDY,))
            taken.append([row.job_id for row in claim(connection, 5)])
        assert [len(jobs) for jobs in taken] == [5, 5, 2]
        assert len({job for jobs in taken for job in jobs}) == 12
    finally:
        for connection in connections:
            connection.close()
    with psycopg.connect(house.admin_url) as connection:
        connection.execute("delete from internal.job_queue")
