"""`crm run`: everything from one command, with nothing set up."""

import os
import secrets
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from psycopg import sql

from crm import schema
from crm.embedded import EmbeddedPostgres, EmbeddedValkey
from crm.supervise import Child, Supervisor, listen

SECRETS = ("postgres", "crm_app", "crm_support", "crm_backup", "valkey", "context_key")


@dataclass
class Home:
    """The data folder of an embedded installation: its secrets, its two servers, its database."""

    folder: Path
    postgres_settings: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.secrets = self._secrets()
        self.postgres = EmbeddedPostgres(self.folder, self.secrets["postgres"], settings=self.postgres_settings)
        self.valkey = EmbeddedValkey(self.folder, self.secrets["valkey"])

    def _secrets(self) -> dict[str, str]:
        """Made on first run, mode 0600, `name=value` lines."""
        path = self.folder / "secrets"
        known = dict(line.split("=", 1) for line in path.read_text().splitlines()) if path.exists() else {}
        missing = {name: secrets.token_urlsafe(32) for name in SECRETS if name not in known}
        if missing:
            known |= missing
            with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
                file.writelines(f"{name}={value}\n" for name, value in known.items())
        return known

    def url(self, role: str = "crm_app", database: str = "crm") -> str:
        return self.postgres.url(role, self.secrets[role], database)

    @property
    def admin_url(self) -> str:
        return self.url("postgres")

    def environment(self) -> dict[str, str]:
        """The settings of processes that work with this home."""
        return {
            "CRM_DATABASE_URL": self.url(),
            "CRM_VALKEY_URL": self.valkey.url,
            "CRM_CONTEXT_KEY": self.secrets["context_key"],
        }

    def prepare(self) -> schema.Report:
        """Make the database when it is not there, and bring it to what the files say."""
        with psycopg.connect(self.url("postgres", "postgres"), autocommit=True) as connection:
            if not connection.execute("select 1 from pg_database where datname = 'crm'").fetchone():
                connection.execute(sql.SQL("create database crm"))
            # There the server's side doors are open: nobody but the administrator has anything to do in them.
            connection.execute("revoke all on database postgres, template1 from public")
        return schema.apply(
            self.admin_url,
            context_key=self.secrets["context_key"].encode(),
            passwords={role: self.secrets[role] for role in ("crm_app", "crm_support", "crm_backup")},
        )


def run(folder: Path, port: int, *, say: Callable[[str], None] = print) -> None:
    """Start everything, print the way in, and look after it until Ctrl-C."""
    from crm import demo

    began = time.monotonic()
    listener = listen("127.0.0.1", port)
    home = Home(folder)
    try:
        say("Starting PostgreSQL and Valkey …")
        home.postgres.start()
        home.valkey.start()
        say("Applying the schema …")
        home.prepare()
        if demo.is_missing(home.admin_url):
            say("Filling the demo business …")
            demo.fill(home.admin_url)
        base = f"http://localhost:{port}"
        environment = home.environment() | {"CRM_DEMO": "1", "CRM_PUBLIC_URL": base}
        supervisor = Supervisor(
            [
                Child(
                    "web",
                    ["serve", "--socket", str(listener.fileno())],
                    environment,
                    (listener.fileno(),),
                    folder / "web.log",
                ),
                Child("worker", ["worker"], environment, log=folder / "worker.log"),
            ],
            [home.postgres.restart_if_dead, home.valkey.restart_if_dead],
        )
        links = demo.sign_in_links(home.admin_url, base)
        supervisor.announce = lambda: _announce(say, links, base, folder, time.monotonic() - began)
        supervisor.run()
    finally:
        say("Stopping …")
        home.valkey.stop()
        home.postgres.stop()


def _announce(say: Callable[[str], None], links: list[str], base: str, folder: Path, seconds: float) -> None:
    say(f"\nReady in {seconds:.1f} s at {base} (data in {folder}). Sign in as owner, office, technician:\n")
    for link in links:
        say(link)
    say(
        f"\nThe links work once, within the hour. Later: {base}/login, with the mail at {base}/outbox. Ctrl-C stops everything."
    )
    sys.stdout.flush()
