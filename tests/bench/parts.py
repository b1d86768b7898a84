"""The ways to the same rows: pgbench, the data layer in a process of its own, and two web servers under load."""

import asyncio
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg

from crm import statements
from crm.auth.session import Sessions
from crm.clients import valkey
from crm.embedded import client_environment, postgres_binaries
from crm.paths import SQL
from crm.run import Home
from tests.bench.subject import Subject

CLIENTS = 16
HERE = Path(__file__).parent


# ---- pgbench: what PostgreSQL alone can do ------------------------------------------------------------


def literal(value: Any) -> str:
    """A value in the text of a script; only for values of our own making."""
    if isinstance(value, datetime | UUID):
        return f"'{value}'::{'timestamptz' if isinstance(value, datetime) else 'uuid'}"
    return "'" + str(value).replace("'", "''") + "'"


def enter(home: Home, subject: Subject) -> str:
    """The statement that begins the page's transaction. Its context is good for an hour."""
    with psycopg.connect(home.admin_url) as connection:
        row = connection.execute(
            "select internal.sign_context(%s, %s, %s, 'person', 'web', 3600)",
            (subject.person.business_id, subject.person.id, subject.person.role),
        ).fetchone()
    assert row
    return f"select internal.enter('{row[0]}', true, '{{{','.join(name for name, _ in subject.calls)}}}', null)"


def queries(subject: Subject) -> list[str]:
    """The page's statements with their values in the text, a line each."""
    named = statements.load(SQL)
    own = {"business_id": subject.person.business_id, "member_id": subject.person.id}
    return [" ".join(filled(named[name], own | values).split()) for name, values in subject.calls]


def filled(statement: statements.Statement, values: dict[str, Any]) -> str:
    """The statement with its values where `$1`, `$2`, … stand."""
    literals = [literal(values[name]) for name in statement.parameters]
    return re.sub(r"\$(\d+)", lambda number: literals[int(number[1]) - 1], statement.text.decode())


def script(home: Home, subject: Subject, *, pipelined: bool) -> str:
    """The transaction of the page as it reaches the server, for pgbench."""
    # In a pipeline the transaction is implicit, as the data layer's is.
    first, last = ("\\startpipeline", "\\endpipeline") if pipelined else ("begin;", "commit;")
    return "\n".join((first, *(f"{line};" for line in (enter(home, subject), *queries(subject))), last)) + "\n"


def pgbench(home: Home, subject: Subject, seconds: float, *, pipelined: bool = False) -> float:
    """Transactions a second, prepared, by as many clients as the web servers get."""
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as file:
        file.write(script(home, subject, pipelined=pipelined))
        file.flush()
        answer = subprocess.run(
            [postgres_binaries() / "pgbench", "--no-vacuum", "--protocol=prepared", f"--client={CLIENTS}", "--jobs=1",
             f"--time={max(1, round(seconds))}", f"--file={file.name}", home.url()],
            env={**os.environ, **client_environment()}, capture_output=True, text=True, check=True,
        )  # fmt: skip
    found = re.search(r"tps = ([\d.]+)", answer.stdout)
    assert found, answer.stderr
    return float(found[1])


# ---- The data layer, alone ----------------------------------------------------------------------------


def data_layer(home: Home, subject: Subject, seconds: float) -> float:
    """Units of work a second of one process with the settings of a web process."""
    work = {
        "business_id": str(subject.person.business_id), "member_id": str(subject.person.id), "role": subject.person.role,
        "calls": [(name, {k: [type(v).__name__, str(v)] for k, v in values.items()}) for name, values in subject.calls],
        "rows": subject.rows, "seconds": seconds, "clients": CLIENTS,
    }  # fmt: skip
    answer = subprocess.run(
        [sys.executable, "-m", "tests.bench.data_layer", json.dumps(work)], env={**os.environ, **home.environment()},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return float(answer.stdout)


# ---- Web servers --------------------------------------------------------------------------------------


@dataclass
class Server:
    """A web server and the cookie that signs in to it."""

    port: int
    host: str
    cookies: dict[UUID, str]
    home: Home

    def request(self, subject: Subject) -> bytes:
        return (
            f"GET {subject.path} HTTP/1.1\r\nHost: {self.host}\r\nAccept-Encoding: gzip\r\n"
            f"Cookie: session={self.cookie(subject.person)}\r\n\r\n"
        ).encode()

    def cookie(self, person: Any) -> str:
        if person.id not in self.cookies:
            self.cookies[person.id] = asyncio.run(sign_in(self.home, person))
        return self.cookies[person.id]

    def check(self, subject: Subject) -> None:
        """The page is there and has the rows."""
        asked = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{subject.path}",
            headers={"Host": self.host, "Cookie": f"session={self.cookie(subject.person)}"},
        )
        html = urllib.request.urlopen(asked, timeout=10).read().decode()
        rows = len(re.findall(r'class="(?:item|card visit)\b', html)) - html.count('id="contacts-more"')
        assert rows == subject.rows, f"{rows} rows rather than {subject.rows} at {subject.path}"

    def rate(self, subject: Subject, seconds: float) -> float:
        """Answers a second on as many connections as there are clients, from a process of its own."""
        answer = subprocess.run(
            [sys.executable, "-m", "tests.bench.load", str(self.port), str(CLIENTS), str(seconds)],
            input=self.request(subject), capture_output=True, check=True,
        )  # fmt: skip
        return float(answer.stdout)


async def sign_in(home: Home, person: Any) -> str:
    store = valkey.connect(home.valkey.url)
    try:
        return await Sessions(store).start(
            person.account_id, person.business_id, person.id, person.role, name=person.name, business=person.business,
            time_zone=person.time_zone, currency=person.currency,
        )  # fmt: skip
    finally:
        await store.aclose()


@contextmanager
def serving(home: Home, command: list[str], environment: dict[str, str], port: int, path: str) -> Iterator[Server]:
    """A server in a process of its own, from its first answer on."""
    with (home.folder / "bench.log").open("ab") as log:
        process = subprocess.Popen(command, env={**os.environ, **environment}, stdout=log, stderr=log)
    try:
        for _ in range(400):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=2).read()
                break
            except OSError:
                assert process.poll() is None, (home.folder / "bench.log").read_text()[-2000:]
                time.sleep(0.05)
        yield Server(port, f"localhost:{port}", {}, home)
    finally:
        process.terminate()
        process.wait(20)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def web(home: Home) -> Iterator[Server]:
    """`crm serve` with two workers, as in a real deployment."""
    port = free_port()
    environment = home.environment() | {"CRM_PUBLIC_URL": f"http://localhost:{port}", "CRM_DEMO": "1"}
    command = [sys.executable, "-m", "crm.cli", "serve", "--port", str(port), "--workers", "2"]
    with serving(home, command, environment, port, "/health/live") as server:
        yield server


@contextmanager
def django(home: Home, subject: Subject) -> Iterator[Server]:
    """The same rows by Django's views and Jinja2 under gunicorn, with two workers and the same SQL."""
    port = free_port()
    page = {
        "path": subject.path.partition("?")[0],
        "template": "day" if subject.path.startswith("/day") else "contacts",
        "enter": enter(home, subject),
        "queries": [text.replace("%", "%%") for text in queries(subject)],
        "zone": subject.person.time_zone,
    }
    environment = home.environment() | {"BENCH_PAGE": json.dumps(page), "PYTHONPATH": str(Path.cwd())}
    gunicorn = shutil.which("gunicorn", path=str(Path(sys.executable).parent))
    assert gunicorn, "pip install -e .[bench]"
    command = [gunicorn, "--workers", "2", "--bind", f"127.0.0.1:{port}", "tests.bench.django_app:application"]
    with serving(home, command, environment, port, "/live") as server:
        yield server
