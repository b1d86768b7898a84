"""Who acts: the Actor of a request, in a contextvar, and its signature for PostgreSQL.

The signed text and its fields are described in schema/prelude/040_context.sql.
"""

import hashlib
import hmac
import re
import time
from contextvars import ContextVar
from dataclasses import dataclass
from uuid import UUID

HOUSE = UUID(int=0)
SECONDS = 60


@dataclass(frozen=True, slots=True)
class Actor:
    """For whom a unit of work is done. `read_only` makes its transactions refuse writes."""

    business_id: UUID
    role: str
    member_id: UUID | None = None
    kind: str = "person"
    source: str = "web"
    grant_id: UUID | None = None
    request_id: str = ""
    read_only: bool = False
    reasoning: str | None = None


def visitor(request_id: str, *, read_only: bool = False) -> Actor:
    """Somebody who has not signed in: may ask for a link and spend it, nothing else."""
    return Actor(HOUSE, "visitor", request_id=request_id, read_only=read_only)


def worker(business_id: UUID = HOUSE, request_id: str = "") -> Actor:
    """The worker, inside one business."""
    return Actor(business_id, "worker", kind="system", source="worker", request_id=request_id)


class Signer:
    """Signs contexts with HMAC-SHA256; PostgreSQL checks them with the same key."""

    def __init__(self, key: str) -> None:
        self._key = key.encode()
        self._key_id = hashlib.sha256(b"key id:" + self._key).hexdigest()[:8]

    def sign(self, actor: Actor) -> str:
        """The signed context, valid for 60 seconds."""
        message = "|".join(
            (
                self._key_id,
                str(int(time.time()) + SECONDS),
                str(actor.business_id),
                str(actor.member_id or ""),
                actor.role,
                actor.kind,
                actor.source,
                str(actor.grant_id or ""),
                re.sub(r"[^A-Za-z0-9_.-]", "", actor.request_id),
            )
        )
        return f"{message}|{hmac.new(self._key, message.encode(), hashlib.sha256).hexdigest()}"

    def __repr__(self) -> str:
        return f"Signer(key_id={self._key_id!r})"


current: ContextVar[Actor] = ContextVar("actor")
