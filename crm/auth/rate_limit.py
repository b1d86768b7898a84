"""Limits per address and per network, counted in Valkey. When Valkey is down they fail closed."""

import hashlib
import ipaddress
from dataclasses import dataclass

from redis.asyncio import Redis

# Counting and expiring are one step: done in two, a crash between them would lock somebody out for ever.
COUNT = """
local n = redis.call('incr', KEYS[1])
if n == 1 then redis.call('expire', KEYS[1], ARGV[1]) end
return {n, redis.call('ttl', KEYS[1])}
"""


@dataclass(frozen=True)
class Limit:
    name: str
    most: int
    seconds: int


LINKS_PER_ADDRESS = Limit("links-address", 5, 900)  # asked for by one network: nobody locks out somebody else
LINKS_PER_ADDRESS_IN_ALL = Limit("links-address-all", 40, 3600)
INVITATIONS_PER_BUSINESS = Limit("invitations-business", 30, 86_400)
LINKS_PER_NETWORK = Limit("links-network", 20, 3600)
TRIES_PER_NETWORK = Limit("tries-network", 20, 900)
REFUSED_LINKS_PER_NETWORK = Limit("customer-links-network", 30, 900)
ANSWERS_PER_LINK = Limit("customer-answers-link", 30, 3600)
REFUSED_FEEDS_PER_NETWORK = Limit("feeds-network", 30, 900)
READS_PER_FEED = Limit("feed-reads", 60, 3600)


class TooMany(Exception):
    """The limit is reached; try again in `retry_after` seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"again in {retry_after} s")
        self.retry_after = retry_after


class RateLimit:
    def __init__(self, valkey: Redis) -> None:
        self._valkey = valkey
        self._count = valkey.register_script(COUNT)

    async def take(self, limit: Limit, whom: str) -> None:
        """Count one, or raise TooMany. `whom` is hashed: no addresses lie about in Valkey."""
        count, ttl = await self._count(keys=[_key(limit, whom)], args=[limit.seconds])
        if count > limit.most:
            raise TooMany(max(int(ttl), 1))

    async def check(self, limit: Limit, whom: str) -> None:
        """Raise TooMany when as many as may be were counted, and count nothing: for what only refusals count towards."""
        key = _key(limit, whom)
        if int(await self._valkey.get(key) or 0) >= limit.most:
            raise TooMany(max(int(await self._valkey.ttl(key)), 1))


def _key(limit: Limit, whom: str) -> str:
    return f"limit:{limit.name}:{hashlib.sha256(whom.encode()).hexdigest()[:32]}"


def network(address: str) -> str:
    """The network that counts as one visitor: an IPv4 address, or an IPv6 /64."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if parsed.version == 6:
        return str(ipaddress.ip_network(f"{parsed}/64", strict=False))
    return str(parsed)
