"""Real processes for the tests of faults: a database of one's own, workers to kill, the whole of `crm run`."""

import asyncio
import contextlib
import ctypes
import html
import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from crm import supervise
from crm.run import Home

CHECKOUT = Path(supervise.__file__).parent.parent


def eventually(holds: Callable[[], Any], seconds: float = 10) -> Any:
    """What `holds` returns as soon as that is true."""
    deadline = time.monotonic() + seconds
    while not (found := holds()):
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)
    return found


@contextmanager
def folder() -> Iterator[Path]:
    """A folder that a server with another account can enter."""
    with tempfile.TemporaryDirectory(prefix="crm-test-", ignore_cleanup_errors=True) as name:
        os.chmod(name, 0o755)
        yield Path(name)


# ---- processes ----------------------------------------------------------------------------------------


def runs(pid: int) -> bool:
    """A zombie does not run: its command line is empty."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes() != b""
    return False


def children(pid: int) -> list[int]:
    with suppress(OSError):
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []


def family(pid: int) -> list[int]:
    """A process and all that came from it."""
    return [pid, *(one for child in children(pid) for one in family(child))]


def words(pid: int) -> str:
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode().strip()
    return ""


@contextmanager
def suspended(pid: int) -> Iterator[None]:
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGCONT)


# ---- workers ------------------------------------------------------------------------------------------


class Workers:
    """Several `crm worker` processes whose jobs only write a line. The dead are replaced at once."""

    def __init__(self, home: Home, number: int) -> None:
        self.record = home.folder / "record"
        self.record.touch()
        self._deaths = home.folder / "deaths"
        command = [sys.executable, "-m", "tests.faults.stack", str(number), str(self.record), str(self._deaths)]
        environment = {**os.environ, **home.environment(), "CRM_DEMO": "1"}
        self._log = (home.folder / "workers.log").open("ab")
        self._parent = subprocess.Popen(command, cwd=CHECKOUT, env=environment, stderr=self._log)

    def __enter__(self) -> "Workers":
        return self

    def __exit__(self, *_: object) -> None:
        self._parent.terminate()
        try:
            self._parent.wait(10)
        except subprocess.TimeoutExpired:
            self._parent.kill()
            self._parent.wait()
        self._log.close()

    @property
    def pids(self) -> list[int]:
        return [pid for pid in children(self._parent.pid) if runs(pid)]

    def done(self) -> list[tuple[str, str]]:
        """(key, process) of every effect, in order."""
        return [tuple(line.split()) for line in self.record.read_text().splitlines()]  # type: ignore[misc]

    def deaths(self) -> list[str]:
        """How workers ended: -9 when killed, anything else by their own fault."""
        return self._deaths.read_text().split() if self._deaths.exists() else []


def _workers(number: int, record: str, deaths: str) -> None:
    """The parent of the workers: everything is imported once, so that a new worker is there at once."""
    from crm import serve, worker

    worker.LEASE_SECONDS = 1
    worker.POLL_SECONDS = 0.05
    output = os.open(record, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    ends = os.open(deaths, os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    async def note(job: worker.Job, tools: worker.Tools) -> None:
        await asyncio.sleep(0.005)
        os.write(output, f"{job.payload['key']} {os.getpid()}\n".encode())

    async def poison(job: worker.Job, tools: worker.Tools) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    async def flaky(job: worker.Job, tools: worker.Tools) -> None:
        await note(job, tools)
        if record_count(job.payload["key"]) < 2:
            raise worker.MailError("Not yet.", final=False)

    async def hopeless(job: worker.Job, tools: worker.Tools) -> None:
        raise worker.Final("Never.")

    def record_count(key: str) -> int:
        return Path(record).read_text().split().count(key)

    worker.handlers = lambda: {"test_note": note, "test_poison": poison, "test_flaky": flaky, "test_hopeless": hopeless}
    running: set[int] = set()
    stopping = False

    def stop(*_: object) -> None:
        nonlocal stopping
        stopping = True

    signal.signal(signal.SIGTERM, stop)
    while not stopping:
        while len(running) < number:
            if pid := os.fork():
                running.add(pid)
            else:
                signal.signal(signal.SIGTERM, signal.SIG_DFL)
                ctypes.CDLL(None).prctl(1, signal.SIGKILL)
                code = 1
                with contextlib.suppress(SystemExit):
                    serve.work()
                    code = 0
                os._exit(code)
        while running:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if not pid:
                break
            running.discard(pid)
            os.write(ends, f"{os.waitstatus_to_exitcode(status)}\n".encode())
        time.sleep(0.01)
    for pid in running:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


# ---- the whole of `crm run` ---------------------------------------------------------------------------


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


class Stack:
    """`crm run` on a folder and a port of its own."""

    def __init__(self, data: Path, port: int | None = None) -> None:
        self.data, self.port = data, port or free_port()
        self.lines: list[str] = []
        command = [sys.executable, "-m", "crm.cli", "run", "--data", str(data), "--port", str(self.port)]
        environment = {k: v for k, v in os.environ.items() if not k.startswith("CRM_")} | {"PYTHONUNBUFFERED": "1"}
        self.process = subprocess.Popen(
            command, cwd=CHECKOUT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            start_new_session=True,
        )  # fmt: skip
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self.lines.append(line.rstrip("\n"))

    def output(self) -> str:
        """All it said, once it has ended."""
        self._reader.join(10)
        return "\n".join(self.lines)

    def ready(self, seconds: float = 60) -> "Stack":
        def said_so() -> bool:
            assert self.process.poll() is None, self.output()
            return any(line.startswith("The links work once") for line in self.lines)

        eventually(said_so, seconds)
        return self

    @property
    def links(self) -> list[str]:
        """To sign in as owner, office, technician."""
        return [line for line in self.lines if "/auth/verify?token=" in line]

    @property
    def home(self) -> Home:
        return Home(self.data)

    def pid(self, part: str) -> int | None:
        """Of "postgres", "valkey-server", "serve" or "worker"."""
        for pid in children(self.process.pid):
            line = words(pid)
            if (f"/{part} " in f"{line} ") or (f"crm.cli {part}" in line):
                return pid
        return None

    def kill(self, part: str) -> int:
        pid = eventually(lambda: self.pid(part))
        os.kill(pid, signal.SIGKILL)
        return int(pid)

    def suspend(self, part: str) -> AbstractContextManager[None]:
        """While it is stopped it holds its connections and says nothing."""
        return suspended(eventually(lambda: self.pid(part)))

    def frozen(self) -> AbstractContextManager[None]:
        """While the supervisor is stopped, what died stays dead."""
        return suspended(self.process.pid)

    def stop(self) -> None:
        """End it in whatever state it is, with everything that came from it."""
        pids = family(self.process.pid)
        with suppress(ProcessLookupError):
            os.kill(self.process.pid, signal.SIGCONT)
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        for pid in pids:
            if runs(pid):
                os.kill(pid, signal.SIGKILL)
        self._reader.join(5)


class Answer:
    def __init__(self, status: int, headers: http.client.HTTPMessage, body: str, seconds: float) -> None:
        self.status, self.headers, self.body, self.seconds = status, headers, body, seconds

    @property
    def text(self) -> str:
        return html.unescape(" ".join(re.sub(r"<[^>]+>", " ", self.body).split()))


class Visitor:
    """Somebody's browser: keeps cookies and the form token, a new connection for each request."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.cookies: dict[str, str] = {}
        self.csrf = ""

    def request(self, method: str, path: str, form: dict[str, str] | None = None, seconds: float = 20) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=seconds)
        headers = {"Host": f"localhost:{self.port}", "Sec-Fetch-Site": "same-origin", "Connection": "close"}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        body = None
        if form is not None:
            body = urlencode({"csrf": self.csrf, **form})
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        began = time.monotonic()
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            text = response.read().decode()
        finally:
            connection.close()
        for cookie in response.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        # An error page may be one for nobody in particular: its token is not ours.
        if response.status < 400 and (found := re.search(r'name="csrf" value="([^"]+)"', text)):
            self.csrf = found[1]
        return Answer(response.status, response.headers, text, time.monotonic() - began)

    def get(self, path: str, **more: Any) -> Answer:
        return self.request("GET", path, **more)

    def post(self, path: str, **form: str) -> Answer:
        return self.request("POST", path, form)

    def copy(self) -> "Visitor":
        """Another window of the same browser."""
        other = Visitor(self.port)
        other.cookies, other.csrf = dict(self.cookies), self.csrf
        return other

    def sign_in(self, link: str) -> "Visitor":
        """By a printed link: a page with a button, then the button."""
        path = link[link.index("/auth/") :]
        assert self.get(path).status == 200
        answer = self.post("/auth/verify", token=path.partition("token=")[2])
        assert answer.status == 303, answer.text
        return self


if __name__ == "__main__":
    _workers(int(sys.argv[1]), sys.argv[2], sys.argv[3])
