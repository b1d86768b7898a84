"""A parent that keeps its children running: web processes, the worker, the embedded services.

A child that dies is started again. When the parent is told to stop it stops them in order; when it is
killed, they go with it.
"""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

PATIENCE_SECONDS = 10  # for a child to finish what it is doing
FAST_DEATH_SECONDS = 5  # a child that lives less than this is started again more and more slowly


def _for_us_alone(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def die_with_parent() -> None:
    """In the child, before it becomes its program: SIGTERM when the parent is gone, however it went."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)


def listen(host: str, port: int) -> socket.socket:
    """The listening socket all web processes share. A killed one loses no connection that waits."""
    try:
        listener = socket.create_server((host, port), backlog=512)
    except OSError as error:
        raise SystemExit(
            f"Port {port} is taken ({error.strerror}). Stop what uses it, or choose another: PORT=8001."
        ) from None
    listener.set_inheritable(True)
    return listener


@dataclass
class Child:
    """A program to keep running."""

    name: str
    arguments: Sequence[str]
    environment: dict[str, str]
    inherit: tuple[int, ...] = ()
    log: Path | None = None  # where its output goes; with ours when not given
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    fast_deaths: int = 0
    not_before: float = 0.0

    def start(self) -> None:
        self.started = time.monotonic()
        output = open(self.log, "ab", opener=_for_us_alone) if self.log else None  # noqa: SIM115
        self.process = subprocess.Popen(
            [sys.executable, "-m", "crm.cli", *self.arguments], env={**os.environ, **self.environment},
            stdout=output, stderr=output, pass_fds=self.inherit, start_new_session=True,
            preexec_fn=die_with_parent,
        )  # fmt: skip
        if output:
            output.close()

    def look_after(self) -> None:
        """Start it again if it is gone; slower each time it dies young."""
        if self.process is not None and self.process.poll() is None:
            return
        now = time.monotonic()
        if self.process is not None:
            young = now - self.started < FAST_DEATH_SECONDS
            self.fast_deaths = self.fast_deaths + 1 if young else 0
            self.not_before = now + min(0.2 * 2**self.fast_deaths, 10) if young else now
            self.process = None
        if now >= self.not_before:
            self.start()

    def stop(self) -> None:
        if self.process is None or self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


@dataclass
class Supervisor:
    """Keeps children and, through `services`, the embedded servers running until told to stop."""

    children: list[Child]
    services: list[Callable[[], object]] = field(default_factory=list)
    announce: Callable[[], None] | None = None  # called once, when the first child answers
    stopping: bool = False

    def run(self) -> None:
        """Look after everything until SIGINT or SIGTERM, then stop the children in order."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._stop)
        try:
            while not self.stopping:
                for look_after in self.services:
                    look_after()
                for child in self.children:
                    child.look_after()
                if self.announce and self._first_answers():
                    self.announce()
                    self.announce = None
                time.sleep(0.1 if self.announce is None else 0.02)
        finally:
            for child in self.children:
                child.stop()

    def _first_answers(self) -> bool:
        """Whether the web answers on the listening socket that its first child inherited."""
        listener = socket.socket(fileno=os.dup(self.children[0].inherit[0]))
        host, port = listener.getsockname()[:2]
        listener.close()
        try:
            with socket.create_connection((host, port), 0.5) as probe:
                probe.settimeout(0.5)
                probe.sendall(b"GET /health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                return probe.recv(16).startswith(b"HTTP/1.1 200")
        except OSError:
            return False

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self.stopping = True
