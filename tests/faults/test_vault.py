"""Vault is read at start and followed while running; whatever happens to it, requests keep their secrets."""

import asyncio
import itertools
import logging
import re
import threading
import time
import traceback
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from crm.clients.vault import Vault, VaultError, VaultSettings
from tests.faults.openbao import OpenBao

LOGIN = '"POST /v1/auth/approle/login '
RENEWAL = '"POST /v1/auth/token/renew-self '
SERVER_TOKEN = re.compile(r"\b[sb]\.[A-Za-z0-9_-]{24}")
serial = itertools.count(1)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenBao]:
    bao = OpenBao(tmp_path_factory.mktemp("openbao"))
    yield bao
    bao.stop()


@pytest.fixture
def bao(server: OpenBao, caplog: pytest.LogCaptureFixture) -> Iterator[OpenBao]:
    """The server, healthy before and after; afterwards no secret may be in anything that was logged."""
    caplog.set_level(logging.DEBUG)
    yield server
    server.heal()
    shown = logging.Formatter()
    for record in caplog.get_records("call"):
        text = f"{shown.format(record)} {vars(record)}"
        assert not SERVER_TOKEN.search(text)
        assert not [secret for secret in (*server.confidential, "canary") if secret in text]


@pytest.fixture
def settings(bao: OpenBao) -> Callable[..., VaultSettings]:
    """A new path, with one secret in it, and a role that may read it."""

    def make(*, written: bool = True, timeout: float = 5.0, **role: Any) -> VaultSettings:
        path = f"crm-{next(serial)}"
        if written:
            bao.write(path, key="canary-1")
        role_id, secret_id = bao.role(path, **role)
        return VaultSettings(bao.address, role_id, secret_id, path=path, timeout=timeout)

    return make


@asynccontextmanager
async def running(vault: Vault) -> AsyncIterator[None]:
    task = asyncio.create_task(vault.run())
    try:
        yield
        assert not task.done()
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def until(condition: Callable[[], bool], seconds: float = 10) -> None:
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.01)


def refusal(settings: VaultSettings) -> str:
    """What a process says that cannot start: one line that names address and path, and shows no secret."""
    vault = Vault(settings)
    with pytest.raises(VaultError) as caught:
        vault.read_once()
    line = str(caught.value)
    assert "\n" not in line
    assert f"Vault at {settings.address} " in line
    assert f"secret/{settings.path}" in line
    shown = "".join(traceback.format_exception(caught.value)) + repr((vault, settings, caught.value))
    assert settings.secret_id not in shown
    assert settings.role_id not in shown
    assert (vault.state, vault.last_ok_seconds_ago, vault.secret("key")) == ("never", None, None)
    return line


def events(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.event for record in caplog.records if hasattr(record, "event")]


# At start


def test_reads_at_start(bao, settings) -> None:
    where = settings(written=False)
    bao.write(where.path, key="canary-1", port=5432, unset=None)
    vault = Vault(where)
    assert vault.read_once() == {"key": "canary-1", "port": "5432"}
    assert vault.secret("key") == "canary-1"
    assert vault.secret("unset") is None
    assert vault.state == "ok"
    assert vault.last_ok_seconds_ago is not None
    assert "canary" not in f"{vault!r} {where!r}"


def test_wrong_secret_id(bao, settings, monkeypatch) -> None:
    where = settings()
    monkeypatch.setenv("VAULT_TOKEN", bao.root.token)  # somebody else's rights are not used instead
    assert "refused the AppRole login" in refusal(replace(where, secret_id="canary-wrong"))


def test_missing_path(settings) -> None:
    assert "holds nothing there" in refusal(settings(written=False))


def test_missing_policy(settings) -> None:
    where = settings(policy=False)
    assert f"give its policy read on secret/data/{where.path}" in refusal(where)


def test_sealed_at_start(bao, settings) -> None:
    where = settings()
    bao.seal()
    assert "is sealed" in refusal(where)


def test_down_at_start(bao, settings) -> None:
    where = settings()
    bao.kill()
    assert "cannot be reached" in refusal(where)


def test_hung_at_start(bao, settings) -> None:
    where = settings(timeout=0.5)
    bao.pause()
    started = time.monotonic()
    assert "gave no answer within 0.5 s" in refusal(where)
    assert time.monotonic() - started < where.timeout + 1


def test_an_address_of_something_else(settings) -> None:
    where = settings()
    assert "not Vault's" in refusal(replace(where, address=f"{where.address}/ui"))


@pytest.mark.parametrize(
    ("way", "said"),
    [("redirect", "not Vault's"), ("echo", "failed with InternalServerError"), ("trickle", "gave no answer")],
)
def test_a_gateway_in_between(settings, way, said) -> None:
    """It redirects (not followed), quotes what it was sent (not shown), or sends a byte now and then (cut off)."""
    where = settings(timeout=0.5)
    over = threading.Event()

    class Gateway(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            sent = self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response({"redirect": 307, "echo": 500, "trickle": 200}[way])
            self.send_header("Location", where.address + self.path)
            self.send_header("Content-Length", str(len(sent)))
            self.end_headers()
            while way == "trickle" and not over.wait(0.05):
                self.wfile.write(b" ")
            with suppress(OSError):
                self.wfile.write(sent)

        def log_message(self, *_: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Gateway) as gateway:
        threading.Thread(target=gateway.serve_forever, args=(0.02,), daemon=True).start()
        address = f"http://127.0.0.1:{gateway.server_port}"
        started = time.monotonic()
        assert said in refusal(replace(where, address=address))
        assert time.monotonic() - started < where.timeout + 1
        over.set()
        gateway.shutdown()


def test_a_password_in_the_address_is_not_shown(settings) -> None:
    vault = Vault(VaultSettings("http://me:canary@127.0.0.1:1", "role", "secret"))
    with pytest.raises(VaultError, match=r"Vault at http://127\.0\.0\.1:1 cannot be reached"):
        vault.read_once()
    assert "canary" not in repr(vault)


# While running


@pytest.mark.asyncio
async def test_a_rotated_secret_is_taken_up(bao, settings, caplog) -> None:
    vault = Vault(where := settings(), poll_seconds=0.05)
    vault.read_once()
    seen: list[dict[str, str]] = []

    def broken(secrets: Any) -> None:
        raise ValueError(secrets["key"])

    vault.on_change(broken)
    vault.on_change(lambda secrets: seen.append({**secrets, "in": asyncio.current_task().get_name()}))
    async with running(vault):
        bao.write(where.path, key="canary-2")
        await until(lambda: bool(seen))
        assert vault.secret("key") == "canary-2"
    assert [change["key"] for change in seen] == ["canary-2"]
    assert events(caplog) == ["vault_change_failed"]


@pytest.mark.asyncio
async def test_sealed_while_running(bao, settings, caplog) -> None:
    vault = Vault(where := settings(), poll_seconds=0.05)
    vault.read_once()
    async with running(vault):
        bao.seal()
        await until(lambda: caplog.text.count(f'"GET /v1/secret/data/{where.path} HTTP/1.1" 503') > 3)
        assert (vault.state, vault.secret("key")) == ("stale", "canary-1")
        bao.unseal()
        await until(lambda: vault.state == "ok")
    assert events(caplog) == ["vault_stale", "vault_ok"]


@pytest.mark.asyncio
async def test_sealed_before_running(bao, settings, caplog) -> None:
    vault = Vault(settings(), poll_seconds=0.05)
    bao.seal()
    async with running(vault):
        await until(lambda: events(caplog) == ["vault_stale"])
        assert (vault.state, vault.secret("key")) == ("never", None)
        bao.unseal()
        await until(lambda: vault.secret("key") == "canary-1")


@pytest.mark.asyncio
async def test_down_and_back(bao, settings, caplog) -> None:
    vault = Vault(where := settings(), poll_seconds=0.05)
    vault.read_once()
    async with running(vault):
        bao.kill()
        await until(lambda: vault.state == "stale")
        assert vault.secret("key") == "canary-1"
        await asyncio.to_thread(bao.heal)
        bao.write(where.path, key="canary-2")
        await until(lambda: vault.secret("key") == "canary-2")
    assert vault.state == "ok"
    assert events(caplog) == ["vault_stale", "vault_ok"]


@pytest.mark.asyncio
async def test_hung_while_running(bao, settings) -> None:
    vault = Vault(settings(timeout=0.5), poll_seconds=0.05)
    vault.read_once()
    bao.pause()
    async with running(vault):
        answers = []
        while vault.state == "ok":  # the very first pass hangs, in its thread
            answers.append(vault.secret("key"))
            await asyncio.sleep(0.01)
        assert set(answers) == {"canary-1"}
        assert len(answers) > 5, "the event loop stood still"
        assert vault.secret("key") == "canary-1"
        bao.resume()
        await until(lambda: vault.state == "ok")


def test_a_hung_vault_does_not_hold_up_shutdown(bao, settings) -> None:
    vault = Vault(settings(timeout=60), poll_seconds=0.05)
    vault.read_once()
    bao.pause()

    async def main() -> None:
        async with running(vault):
            await until(lambda: any(thread.name == "vault" for thread in threading.enumerate()))

    started = time.monotonic()
    asyncio.run(main())
    assert time.monotonic() - started < 10
    assert [thread.daemon for thread in threading.enumerate() if thread.name == "vault"] == [True]


@pytest.mark.asyncio
@pytest.mark.parametrize("end", ["revoked", "expired"])
async def test_a_dead_token_is_replaced_once(bao, settings, caplog, end) -> None:
    vault = Vault(where := settings(token_ttl="1s"), poll_seconds=0.05)
    vault.read_once()
    if end == "revoked":
        bao.revoke_logins()
    await until(lambda: bao.tokens(where.role_id) == 0)
    bao.write(where.path, key="canary-2")
    async with running(vault):
        await until(lambda: vault.secret("key") == "canary-2")
    assert caplog.text.count(LOGIN) == 2
    assert events(caplog) == []


@pytest.mark.asyncio
@pytest.mark.parametrize("renewable", [True, False])
async def test_a_lease_is_kept(settings, caplog, renewable) -> None:
    """Renewed at 2/3 of its time; replaced when it cannot be renewed, or has lived as long as it may."""
    options = {"token_ttl": "1s", "token_max_ttl": "2s", "token_no_default_policy": not renewable}
    vault = Vault(settings(**options), poll_seconds=30)
    vault.read_once()
    async with running(vault):
        await until(lambda: caplog.text.count(LOGIN) == 2)
    assert (caplog.text.count(f'{RENEWAL}HTTP/1.1" 200') > 0) == renewable
    assert events(caplog) == []


@pytest.mark.asyncio
async def test_a_refused_login_is_not_repeated_at_once(bao, settings, caplog) -> None:
    """Five refusals lock the role out, also for the next process, which may have the right secret id."""
    vault = Vault(where := settings(), poll_seconds=0.05)
    vault.read_once()
    bao.destroy_secret_id(where.role_id, where.secret_id)
    bao.revoke_logins()
    async with running(vault):
        await until(lambda: caplog.text.count(f'{LOGIN}HTTP/1.1" 400') == 2)
        assert (vault.state, vault.secret("key")) == ("stale", "canary-1")
    first, second = (record.created for record in caplog.records if f'{LOGIN}HTTP/1.1" 400' in record.message)
    assert second - first >= 0.5
    assert events(caplog) == ["vault_stale"]
