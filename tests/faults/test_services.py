"""`crm run` as a whole: each part is killed or hangs, everybody gets an answer in time, and all comes back by itself."""

import http.client
import os
import re
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest

from crm.run import Home
from tests.faults import stack
from tests.faults.stack import Answer, Stack, Visitor, children, eventually, family, runs, words

IN_TIME = 3.0  # seconds until somebody is told
BACK = 20.0  # seconds until a killed part is back, on a busy machine


class Installation:
    """One data folder; `crm run` on it is started when a test needs it, and again after a test that ended it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.stack: Stack | None = None
        self.owner: Visitor | None = None

    def up(self) -> Stack:
        if self.stack is None or self.stack.process.poll() is not None:
            self.stack = Stack(self.folder / "data", self.stack.port if self.stack else None).ready()
            self.owner = None
        return self.stack

    def signed_in(self) -> Visitor:
        running = self.up()
        if self.owner is None:
            self.owner = Visitor(running.port).sign_in(running.links[0])
            assert self.owner.get("/contacts/new").status == 200
        return self.owner.copy()


@pytest.fixture(scope="module")
def installation() -> Iterator[Installation]:
    with stack.folder() as folder:
        # Made without waiting for the disk; `crm run` then finds a database and serves it with fsync on.
        home = Home(folder / "data", {"fsync": "off"})
        home.postgres.start()
        home.postgres.stop()
        installation = Installation(folder)
        yield installation
        if installation.stack:
            installation.stack.stop()


@pytest.fixture
def running(installation: Installation) -> Stack:
    return installation.up()


@pytest.fixture
def owner(installation: Installation) -> Visitor:
    return installation.signed_in()


def answers(*requests: Callable[[], Answer]) -> list[Answer]:
    """All at the same moment."""
    found: list[Any] = [None] * len(requests)

    def ask(number: int) -> None:
        found[number] = requests[number]()

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(len(requests))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def add(visitor: Visitor, name: str) -> Answer:
    return visitor.post("/contacts", kind="person", name=name)


def named(running: Stack, pattern: str) -> list[str]:
    with psycopg.connect(running.home.admin_url) as connection:
        rows = connection.execute("select name from crm.contact where name like %s order by name", (pattern,))
        return [name for (name,) in rows.fetchall()]


def everybody_is_told(owner: Visitor, name: str) -> None:
    """Pages and forms at once, more than there are connections to be found dead."""
    pages, forms = 4, 3
    windows = [owner.copy() for _ in range(pages + forms)]
    found = answers(
        *(lambda window=window: window.get("/contacts") for window in windows[:pages]),
        *(lambda window=window: add(window, name) for window in windows[pages:]),
    )
    for answer in found:
        assert answer.status == 503
        assert answer.seconds < IN_TIME
        assert int(answer.headers["Retry-After"]) > 0
        assert re.fullmatch("[0-9a-f]{16}", answer.headers["X-Request-ID"])
        assert answer.headers["X-Request-ID"] in answer.text
        assert "We cannot be reached for a moment" in answer.text
    for answer in found[pages:]:
        assert "Nothing was saved." in answer.text


def comes_back(owner: Visitor, seconds: float = BACK) -> None:
    eventually(lambda: owner.get("/contacts").status == 200, seconds)


# ---- one part is gone ---------------------------------------------------------------------------------


def test_without_postgresql_everybody_is_told_in_time_and_it_comes_back(running, owner):
    web = running.pid("serve")
    with running.frozen():
        running.kill("postgres")
        everybody_is_told(owner, "Never Saved")
        alive, ready = Visitor(running.port).get("/health/live"), Visitor(running.port).get("/health/ready")
        assert (alive.status, ready.status) == (200, 503)
        assert ready.seconds < IN_TIME
        assert Visitor(running.port).get("/login").status == 200, "what needs no database needs no database"
    comes_back(owner)
    assert add(owner, "Saved After PostgreSQL").status == 303
    assert Visitor(running.port).get("/health/ready").status == 200
    assert named(running, "%ver Saved") == []
    assert named(running, "Saved After PostgreSQL") == ["Saved After PostgreSQL"]
    assert running.pid("serve") == web, "it healed, it was not started again"


def test_a_killed_session_process_costs_nobody_more_than_one_answer(running, owner):
    """PostgreSQL then ends every session and starts over by itself."""
    assert owner.get("/contacts").status == 200
    backends = [pid for pid in children(running.pid("postgres")) if "crm_app" in words(pid)]
    os.kill(backends[0], signal.SIGKILL)
    eventually(lambda: not any(runs(pid) for pid in backends))
    answer = owner.get("/contacts")
    assert answer.status in (200, 503)
    assert answer.seconds < IN_TIME
    comes_back(owner)
    assert add(owner, "Saved After Reset").status == 303


def test_without_valkey_everybody_is_told_in_time_and_stays_signed_in(running, owner):
    web = running.pid("serve")
    with running.frozen():
        running.kill("valkey-server")
        everybody_is_told(owner, "Never Saved")
        assert Visitor(running.port).get("/login").status == 200
    comes_back(owner)
    assert add(owner, "Saved After Valkey").status == 303
    assert named(running, "Never Saved") == []
    assert running.pid("serve") == web


def test_while_valkey_hangs_everybody_is_told_in_time(running, owner):
    with running.suspend("valkey-server"):
        everybody_is_told(owner, "Never Saved")
        ready = Visitor(running.port).get("/health/ready")
        assert (ready.status, ready.seconds < IN_TIME) == (503, True)
    comes_back(owner, 5)
    assert named(running, "Never Saved") == []


def test_while_the_web_process_is_replaced_requests_wait(running, owner):
    web = running.kill("serve")
    page, form = answers(lambda: owner.copy().get("/contacts"), lambda: add(owner.copy(), "Saved After Web"))
    assert (page.status, form.status) == (200, 303)
    assert running.pid("serve") not in (None, web)
    assert named(running, "Saved After Web") == ["Saved After Web"]


def test_while_the_worker_is_gone_its_work_waits(running):
    visitor = Visitor(running.port)
    with running.frozen():
        running.kill("worker")
        visitor.get("/login")
        assert visitor.post("/auth/request", email="elena@example.com").status == 303
        assert "elena@example.com" not in visitor.get("/outbox").text
    eventually(lambda: "elena@example.com" in visitor.get("/outbox").text, BACK)


# ---- what was acknowledged is there -------------------------------------------------------------------


def test_no_acknowledged_contact_is_lost_and_none_is_denied(running, owner):
    """A journal of what the application said, against what the database holds, while its parts are killed."""
    journal: dict[str, str] = {}
    over = threading.Event()

    def client(number: int) -> None:
        window, count = owner.copy(), 0
        while not over.is_set():
            name = f"Journal {number} {count}"
            count += 1
            try:
                answer = add(window, name)
            except (OSError, http.client.HTTPException):
                journal[name] = "no answer"
                continue
            denied = answer.status == 503 and "Nothing was saved." in answer.text
            journal[name] = "nothing was saved" if denied else str(answer.status)
            if answer.status == 503:
                over.wait(0.05)

    clients = [threading.Thread(target=client, args=(number,)) for number in range(3)]
    for thread in clients:
        thread.start()
    try:
        for part in ("serve", "postgres", "valkey-server"):
            before = len(journal)
            eventually(lambda count=before: len(journal) > count + 20 and "303" in journal.values())
            running.kill(part)
            comes_back(owner)
    finally:
        over.set()
        for thread in clients:
            thread.join()
    said = {what: {name for name, answer in journal.items() if answer == what} for what in set(journal.values())}
    there = named(running, "Journal %")
    assert len(there) == len(set(there)), "nobody is there twice"
    assert said["303"] - set(there) == set()
    assert said.get("nothing was saved", set()) & set(there) == set()
    assert said.keys() <= {"303", "503", "nothing was saved", "no answer"}, {k: len(v) for k, v in said.items()}
    assert len(said["303"]) > 40


# ---- starting and ending ------------------------------------------------------------------------------


def refused(data: Path, port: int) -> tuple[int, list[str]]:
    """`crm run` that cannot start: its exit code and what it said beside its progress."""
    second = Stack(data, port)
    try:
        code = second.process.wait(20)
        return code, [line for line in second.output().splitlines() if line and not line.endswith("…")]
    finally:
        second.stop()


@contextmanager
def bystander(port: int) -> Iterator[None]:
    """A browser that holds its connection open."""
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(f"GET /health/live HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n".encode())
        assert b"200" in connection.recv(4096)
        yield


def test_logs_and_secrets_are_for_us_alone_and_no_list_of_processes_shows_one(running, owner):
    """Neither what the parts wrote nor how they were called tells another account of the machine how to get in."""
    logs = {log.name: log for log in running.data.glob("*.log")}
    assert logs.keys() >= {"web.log", "worker.log", "pg.log", "valkey.log"}
    for path in [*logs.values(), running.data / "secrets"]:
        assert path.stat().st_mode & 0o777 == 0o600, path
    called = {pid: words(pid) for pid in family(running.process.pid)}
    for part in ("serve", "worker", "postgres", "valkey-server"):
        assert called[running.pid(part)]
    told = [*called.values(), *(log.read_text(errors="replace") for log in logs.values())]
    secrets = running.home.secrets
    assert len(secrets) == 6
    assert [name for name, secret in secrets.items() if any(secret in line for line in told)] == []


def test_a_second_run_on_the_folder_is_refused_with_one_line(running, owner):
    code, said = refused(running.data, stack.free_port())
    assert (code, len(said)) == (1, 1), said
    assert f"{running.data} is already in use by process {running.process.pid}" in said[0]
    assert owner.get("/contacts").status == 200


def test_a_second_run_on_the_port_is_refused_with_one_line(running, owner, installation):
    code, said = refused(installation.folder / "other", running.port)
    assert (code, len(said)) == (1, 1), said
    assert f"Port {running.port} is taken" in said[0]
    assert not (installation.folder / "other").exists(), "it has not begun anything"
    assert owner.get("/contacts").status == 200


def test_ctrl_c_ends_everything_in_order(running, owner):
    assert add(owner, "Saved Before Ctrl-C").status == 303
    everybody = family(running.process.pid)
    assert len(everybody) > 8
    with bystander(running.port):
        os.killpg(running.process.pid, signal.SIGINT)
        assert running.process.wait(20) in (0, 130)
    assert [words(pid) for pid in everybody if runs(pid)] == []
    assert "Traceback" not in running.output()
    assert "database system is shut down" in (running.data / "pg.log").read_text().splitlines()[-1]


def test_a_killed_run_leaves_nobody_behind_and_the_next_one_starts_at_once(running, owner, installation):
    assert add(owner, "Saved Before The End").status == 303
    everybody = family(running.process.pid)
    running.process.kill()
    running.process.wait()
    began = time.monotonic()
    again = installation.up()
    assert [words(pid) for pid in everybody if runs(pid)] == []
    assert time.monotonic() - began < 30
    assert named(again, "Saved Before The End")[-1:] == ["Saved Before The End"]
    assert installation.signed_in().get("/contacts").status == 200
