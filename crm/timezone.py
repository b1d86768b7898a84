"""UTC in, the business's zone out."""

from datetime import UTC, date, datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones


@lru_cache(maxsize=600)
def zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


@lru_cache(maxsize=1)
def names() -> list[str]:
    """Zones that name a place, as PostgreSQL's rule wants them."""
    return sorted(
        n for n in available_timezones() if "/" in n and not n.startswith(("Etc/", "SystemV/", "posix", "right"))
    )


def local(at: datetime, zone_name: str) -> datetime:
    return at.astimezone(zone(zone_name))


def today(zone_name: str) -> date:
    return datetime.now(UTC).astimezone(zone(zone_name)).date()


def from_wall(day: date, at: time, zone_name: str) -> datetime:
    """The instant of a wall clock reading. One that exists twice is the earlier; one that is skipped
    moves on by the hour that was skipped, as the clock on the wall did."""
    return datetime.combine(day, at, zone(zone_name)).astimezone(UTC)
