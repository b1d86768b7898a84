"""Valkey: sessions and limits. Half a second, then it counts as down."""

from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from crm.errors import Unavailable

SECONDS = 0.5


def connect(url: str) -> Redis:
    """A client that never waits longer than half a second, and tries a broken connection once more."""
    pool = BlockingConnectionPool.from_url(
        url,
        socket_timeout=SECONDS,
        socket_connect_timeout=SECONDS,
        timeout=SECONDS,
        max_connections=16,
        retry=Retry(NoBackoff(), 1),
        retry_on_error=[ConnectionError],
        decode_responses=True,
    )
    return Redis(connection_pool=pool)


class down_is_unavailable:  # noqa: N801  # reads as a phrase: `with down_is_unavailable():`
    """Turn every Valkey failure inside into Unavailable: a 503, never a 500."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if isinstance(error, RedisError | OSError):
            raise Unavailable("The sign-in service") from error
