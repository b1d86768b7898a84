"""Secrets from Vault or OpenBao: read at start, kept in memory, refreshed by one background task.

No request meets the network here: `secret()` is a dictionary look-up. hvac is synchronous, and its time-out
covers neither name resolution nor an answer that trickles in. So each pass runs in a daemon thread and is
waited for by the clock: a thread that hangs holds up neither its caller nor shutdown, as `asyncio.to_thread`
would.
"""

import asyncio
import json
import logging
import math
import re
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal

import hvac
import requests
from hvac.exceptions import Forbidden, InternalServerError, InvalidPath, InvalidRequest, VaultDown
from hvac.exceptions import VaultError as ServerError

logger = logging.getLogger(__name__)

# After an outage ask again soon. After a refusal do not: five refused logins lock a role out for 15 minutes,
# and with it the next process that has the right secret id.
OUTAGE_SECONDS = 5.0
REFUSAL_POLLS = 10

# What happened, and what to do about it; the first match counts.
REASONS: tuple[tuple[type[Exception], str, str], ...] = (
    (VaultDown, "is sealed or out of service", "unseal it (bao operator unseal)"),
    (Forbidden, "does not let the role read there", "give its policy read on {mount}/data/{path}"),
    (InvalidPath, "holds nothing there", "write it (bao kv put) into a KV version 2 mount"),
    (ServerError, "failed with {kind}", "look in its log"),
    (requests.exceptions.SSLError, "has an unknown certificate", "set VAULT_CACERT to its authority"),
    (requests.exceptions.Timeout, "gave no answer within {timeout:g} s", "see whether it hangs"),
    (TimeoutError, "gave no answer within {timeout:g} s", "see whether it hangs"),
    (OSError, "cannot be reached", "start it, or correct the address"),
    (Exception, "gave an answer that is not Vault's", "set the address of the active node (no redirects)"),
)


class VaultError(RuntimeError):
    """One line for whoever runs the service: which Vault, which path, what to do. Never a secret."""


class _RefusedError(VaultError):
    """Vault is well and said no: asking again at once will not help."""


@dataclass(frozen=True)
class VaultSettings:
    """Where the secrets are, and the AppRole that may read them. The secret id must be reusable."""

    address: str
    role_id: str = field(repr=False)
    secret_id: str = field(repr=False)
    mount: str = "secret"
    path: str = "crm"
    timeout: float = 2.0


class Vault:
    """The secrets of one KV version 2 path, as last read."""

    def __init__(self, settings: VaultSettings, *, poll_seconds: float = 30.0) -> None:
        self._settings = settings
        self._poll = poll_seconds
        self._address = re.sub(r"^(\w+://)?.*@", r"\1", settings.address)  # an address may carry a password
        self._place = f"{settings.mount}/{settings.path}"
        # An empty token, because for None hvac takes VAULT_TOKEN or ~/.vault-token: somebody else's rights.
        self._client = hvac.Client(url=settings.address, token="", timeout=settings.timeout, allow_redirects=False)
        self._client.session.trust_env = False  # no proxy and no ~/.netrc between us and the secrets
        self._renew_at = math.inf
        self._renewable = False
        self._pass: Future[dict[str, str]] | None = None
        self._secrets: dict[str, str] = {}
        self._callbacks: list[Callable[[Mapping[str, str]], None]] = []
        self._last_ok: float | None = None
        self._failing = False

    def __repr__(self) -> str:
        return f"Vault({self._address!r}, {self._place!r}, {self.state})"

    @property
    def state(self) -> Literal["ok", "stale", "never"]:
        """`stale`: there are secrets in memory, but the last attempt to read them again failed."""
        if self._last_ok is None:
            return "never"
        return "stale" if self._failing else "ok"

    @property
    def last_ok_seconds_ago(self) -> float | None:
        """The age of the secrets in memory."""
        return None if self._last_ok is None else time.monotonic() - self._last_ok

    def secret(self, name: str) -> str | None:
        """From memory: never the network, never a wait."""
        return self._secrets.get(name)

    def on_change(self, callback: Callable[[Mapping[str, str]], None]) -> None:
        """Call `callback` in the event loop, with all the secrets, whenever `run` finds that they changed."""
        self._callbacks.append(callback)

    def read_once(self) -> dict[str, str]:
        """Log in and read, at the start of a process; raises VaultError, at the latest after the time-out."""
        try:
            secrets = self._start_pass().result(self._settings.timeout)
        except TimeoutError as error:
            raise self._explain(error) from None
        self._secrets, self._last_ok, self._failing = secrets, time.monotonic(), False
        return dict(secrets)

    async def run(self) -> None:
        """Keep lease and secrets fresh until cancelled; while Vault is away, keep what is known."""
        while True:
            try:
                async with asyncio.timeout(self._settings.timeout):
                    secrets = await asyncio.wrap_future(self._start_pass())
            except (VaultError, TimeoutError) as error:
                problem = error if isinstance(error, VaultError) else self._explain(error)
                if not self._failing:
                    self._warn("vault_stale", str(problem))
                self._failing = True
                refused = isinstance(problem, _RefusedError)
                pause = self._poll * REFUSAL_POLLS if refused else min(self._poll, OUTAGE_SECONDS)
            else:
                self._take(secrets)
                pause = min(self._poll, max(0.0, self._renew_at - time.monotonic()))
            await asyncio.sleep(pause)

    def _take(self, secrets: dict[str, str]) -> None:
        if self._failing:
            self._warn("vault_ok", f"Vault at {self._address} answers again")
        changed = secrets != self._secrets
        self._secrets, self._last_ok, self._failing = secrets, time.monotonic(), False
        for callback in self._callbacks if changed else ():
            try:
                callback(MappingProxyType(secrets))
            except Exception as error:  # only its name: text and traceback may hold a secret
                self._warn("vault_change_failed", f"A new secret was not taken up: {type(error).__name__}")

    def _warn(self, event: str, text: str) -> None:
        logger.warning(text, extra={"event": event, "address": self._address, "path": self._place})

    def _start_pass(self) -> Future[dict[str, str]]:
        """A new pass, or the one still under way: a Vault that hangs costs one thread at most."""
        if self._pass is None or self._pass.done():
            self._pass = Future()
            self._pass.set_running_or_notify_cancel()  # whoever gives up waiting does not cancel it
            threading.Thread(target=self._run_pass, args=(self._pass,), name="vault", daemon=True).start()
        return self._pass

    def _run_pass(self, future: Future[dict[str, str]]) -> None:
        try:
            future.set_result(self._fetch())
        except BaseException as error:
            future.set_exception(error)

    def _fetch(self) -> dict[str, str]:
        """Renew or log in if that is due, then read; a token that no longer works is replaced once."""
        try:
            logged_in = self._hold_token()
            try:
                return self._read()
            except Forbidden:  # expired, revoked or without a policy: Vault says the same to all three
                if logged_in:
                    raise
            self._log_in()
            return self._read()
        except (ServerError, OSError, ValueError, LookupError) as error:
            raise self._explain(error) from None  # the cause may quote what was sent

    def _read(self) -> dict[str, str]:
        answer = self._client.secrets.kv.v2.read_secret_version(
            path=self._settings.path, mount_point=self._settings.mount, raise_on_deleted_version=True
        )
        values = _part(_part(answer, "data"), "data").items()
        return {name: v if isinstance(v, str) else json.dumps(v) for name, v in values if v is not None}

    def _hold_token(self) -> bool:
        """Have a token in the first two thirds of its lease; True after a login."""
        if self._client.token and time.monotonic() < self._renew_at:
            return False
        if self._client.token and self._renewable:
            # A token may be gone, not allowed to renew itself, or at the end of its longest life (a 500).
            with suppress(Forbidden, InvalidRequest, InternalServerError):
                self._note_lease(self._client.auth.token.renew_self())
                return False
        self._log_in()
        return True

    def _log_in(self) -> None:
        role_id, secret_id = self._settings.role_id, self._settings.secret_id
        try:
            answer = self._client.auth.approle.login(role_id, secret_id, use_token=False)
        except InvalidPath:  # no Vault says this to a login
            raise ValueError from None
        except (Forbidden, InvalidRequest):
            advice = "check role id and secret id (five refusals lock the role out for 15 minutes)"
            raise _RefusedError(self._line("refused the AppRole login", advice)) from None
        self._client.token = _part(answer, "auth")["client_token"]
        self._note_lease(answer)

    def _note_lease(self, answer: Any) -> None:
        auth = _part(answer, "auth")
        seconds = float(auth["lease_duration"]) or math.inf  # 0: it never expires
        self._renew_at, self._renewable = time.monotonic() + seconds * 2 / 3, bool(auth["renewable"])

    def _explain(self, error: Exception) -> VaultError:
        what, advice = next((what, advice) for kind, what, advice in REASONS if isinstance(error, kind))
        what = what.format(kind=type(error).__name__, timeout=self._settings.timeout)
        advice = advice.format(mount=self._settings.mount, path=self._settings.path)
        return (_RefusedError if isinstance(error, Forbidden) else VaultError)(self._line(what, advice))

    def _line(self, what: str, advice: str) -> str:
        return f"Vault at {self._address} {what}, so {self._place} was not read: {advice}"


def _part(answer: Any, key: str) -> dict[str, Any]:
    """A named part of an answer; for a redirect, or a page that is not JSON, hvac hands back a Response."""
    part = answer.get(key) if isinstance(answer, dict) else None
    if not isinstance(part, dict):
        raise ValueError(key)
    return part
