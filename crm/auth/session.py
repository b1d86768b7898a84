"""Sessions: an opaque cookie, its SHA-256 as the key in Valkey, who it is as the value.

Idle 14 days, extended by use; 90 days at most; a new one at every sign-in.
"""

import hashlib
import json
import secrets
import time
from dataclasses import asdict, dataclass
from uuid import UUID

from redis.asyncio import Redis

IDLE_SECONDS = 14 * 86_400
ABSOLUTE_SECONDS = 90 * 86_400
REFRESH_SECONDS = 600  # how old the copied name and business may be, and how often idleness is pushed back


@dataclass(frozen=True)
class Session:
    """What Valkey knows of a signed-in browser. `business`, `time_zone`, `currency` and `name` are copies."""

    account_id: UUID
    business_id: UUID
    member_id: UUID
    role: str
    name: str
    business: str
    time_zone: str
    currency: str
    csrf: str
    started_at: int
    refreshed_at: int

    @property
    def stale(self) -> bool:
        return time.time() - self.refreshed_at > REFRESH_SECONDS


def _key(cookie: str) -> str:
    return "session:" + hashlib.sha256(cookie.encode()).hexdigest()


def _account_key(account_id: UUID) -> str:
    return f"account-sessions:{account_id}"


def _load(text: str | bytes) -> Session:
    value = json.loads(text)
    for name in ("account_id", "business_id", "member_id"):
        value[name] = UUID(value[name])
    return Session(**value)


class Sessions:
    """The sessions of one Valkey."""

    def __init__(self, valkey: Redis) -> None:
        self._valkey = valkey

    async def start(
        self, account_id: UUID, business_id: UUID, member_id: UUID, role: str, *, name: str, business: str,
        time_zone: str, currency: str, previous: str | None = None,
    ) -> str:  # fmt: skip
        """Make a session and return its cookie. The previous cookie of this browser dies."""
        if previous:
            await self.end(previous)
        now = int(time.time())
        session = Session(account_id, business_id, member_id, role, name, business, time_zone, currency,
                          secrets.token_urlsafe(32), now, now)  # fmt: skip
        cookie = secrets.token_urlsafe(32)
        await self._save(cookie, session, new=True)
        return cookie

    async def find(self, cookie: str) -> Session | None:
        text = await self._valkey.get(_key(cookie))
        return _load(text) if text else None

    async def refresh(self, cookie: str, session: Session) -> None:
        """Push idleness back and keep the copies fresh; never past the absolute end."""
        await self._save(cookie, session)

    async def end(self, cookie: str) -> None:
        text = await self._valkey.getdel(_key(cookie))
        if text:
            await self._valkey.srem(_account_key(_load(text).account_id), _key(cookie))

    async def end_all(self, account_id: UUID) -> int:
        """Sign out everywhere. Returns how many sessions ended."""
        keys = list(await self._valkey.smembers(_account_key(account_id)))
        if not keys:
            return 0
        await self._valkey.delete(*keys, _account_key(account_id))
        return len(keys)

    async def _save(self, cookie: str, session: Session, *, new: bool = False) -> None:
        seconds = min(IDLE_SECONDS, session.started_at + ABSOLUTE_SECONDS - int(time.time()))
        if seconds <= 0:
            await self.end(cookie)
            return
        value = json.dumps(asdict(session), default=str)
        async with self._valkey.pipeline() as pipe:
            pipe.set(_key(cookie), value, ex=seconds, xx=not new)  # one that was ended meanwhile stays ended
            pipe.sadd(_account_key(session.account_id), _key(cookie))
            pipe.expire(_account_key(session.account_id), ABSOLUTE_SECONDS)
            await pipe.execute()
