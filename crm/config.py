"""One Settings object: environment first, then Vault, then the embedded defaults of `crm run`."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from urllib.parse import urlsplit

from crm.clients.vault import Vault, VaultSettings


class ConfigError(RuntimeError):
    """A setting is missing or makes no sense; the message is one line and names it, never its value."""


@dataclass(frozen=True)
class Settings:
    """Everything that differs between two installations. Secrets never appear in its repr."""

    database_url: str = field(default="", repr=False)
    database_admin_url: str = field(default="", repr=False)
    valkey_url: str = field(default="", repr=False)
    context_key: str = field(default="", repr=False)
    smtp_url: str = field(default="", repr=False)
    mail_from: str = "Roundbook <no-reply@localhost>"
    public_url: str = "http://localhost:8000"
    database_pooler: str = ""  # "transaction" behind PgBouncer
    pool_size: int = 5
    trusted_proxies: str = ""
    files_folder: str = ""  # photos and documents are kept there instead of in the database
    metrics_token: str = field(default="", repr=False)
    demo: bool = False  # set by `crm run`: shows /outbox, never set it in production

    @property
    def secure(self) -> bool:
        """Whether people reach us over HTTPS: cookies get `Secure` and the `__Host-` prefix."""
        return urlsplit(self.public_url).scheme == "https"

    @property
    def public_host(self) -> str:
        return urlsplit(self.public_url).netloc

    def require(self, *names: str) -> "Settings":
        """Raise ConfigError unless each named setting has a value."""
        missing = [f"CRM_{name.upper()}" for name in names if not getattr(self, name)]
        if missing:
            raise ConfigError(f"Set {' and '.join(missing)}, or use `crm run`, which needs no set-up.")
        return self


def load(
    environment: Mapping[str, str] | None = None,
    secrets: Mapping[str, str] | None = None,
    **overrides: object,
) -> Settings:
    """Settings from CRM_* variables; what the environment does not say, `secrets` (Vault) may."""
    environment = os.environ if environment is None else environment
    values: dict[str, object] = {}
    for item in fields(Settings):
        name = f"CRM_{item.name.upper()}"
        text = environment.get(name) or (secrets or {}).get(name)
        if text is None:
            continue
        try:
            values[item.name] = _convert(item.type, text)
        except ValueError:
            raise ConfigError(f"{name} must be a {getattr(item.type, '__name__', item.type)}.") from None
    values.update(overrides)
    settings = Settings(**values)  # type: ignore[arg-type]
    if settings.database_pooler not in ("", "transaction"):
        raise ConfigError("CRM_DATABASE_POOLER is either empty or 'transaction'.")
    if settings.context_key and len(settings.context_key) < 32:
        raise ConfigError("CRM_CONTEXT_KEY must have at least 32 characters.")
    return settings


def _convert(kind: object, text: str) -> object:
    if kind is bool:
        if text.lower() not in ("1", "true", "yes", "on", "0", "false", "no", "off"):
            raise ValueError(text)
        return text.lower() in ("1", "true", "yes", "on")
    return int(text) if kind is int else text


def vault(environment: Mapping[str, str] | None = None) -> Vault | None:
    """The Vault that VAULT_ADDR names, if it names one."""
    environment = os.environ if environment is None else environment
    if not (address := environment.get("VAULT_ADDR")):
        return None
    missing = [name for name in ("VAULT_ROLE_ID", "VAULT_SECRET_ID") if not environment.get(name)]
    if missing:
        raise ConfigError(f"VAULT_ADDR is set, so set {' and '.join(missing)} too (an AppRole).")
    return Vault(
        VaultSettings(
            address,
            environment["VAULT_ROLE_ID"],
            environment["VAULT_SECRET_ID"],
            environment.get("VAULT_MOUNT", "secret"),
            environment.get("VAULT_PATH", "crm"),
        )
    )


def gather() -> tuple[Settings, Vault | None]:
    """The settings of this process, and the Vault to follow while it runs. Vault must answer at start."""
    source = vault()
    return load(secrets=source.read_once() if source else None), source
