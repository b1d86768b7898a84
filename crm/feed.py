"""Visits as a calendar that phones subscribe to (RFC 5545 and 7986)."""

import hashlib
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from icalendar import Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard

from crm import PRODUCT, timezone

FORMAT = 1  # goes up when the same visits are to be written in another way, so that calendars fetch them again
DOMAIN = "visits.roundbook"  # a visit keeps its UID for ever, wherever it is served
FIRST, LAST = timedelta(days=62), timedelta(days=402)  # a little more than the visits of a feed reach


def tag(visits: list[Any], *names: str) -> str:
    """The same for the same visits: a calendar that says it has them is not sent them again."""
    return hashlib.sha256(repr((FORMAT, names, visits)).encode()).hexdigest()[:32]


def written(visits: list[Any], name: str, zone: str, url: str, now: datetime) -> bytes:
    """The calendar. What has not changed since it was written last is not written anew: an event takes a millisecond."""
    calendar = Calendar()
    calendar.add("prodid", f"-//{PRODUCT}//visits//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("x-wr-timezone", zone)
    calendar.add("refresh-interval", timedelta(hours=1), parameters={"value": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    whole = calendar.to_ical()
    end = whole.rindex(b"END:VCALENDAR")
    hour = now.replace(minute=0, second=0, microsecond=0)
    parts = [zone_of(zone, hour - FIRST, hour + LAST), *(_event(visit, zone, url) for visit in visits)]
    return bytes(whole[:end]) + b"".join(parts) + bytes(whole[end:])


@lru_cache(maxsize=10_000)
def _event(visit: Any, zone: str, url: str) -> bytes:
    page = f"{url}/tickets/{visit.id}"
    event = begun(visit.id, visit, visit.changed_at, zone)
    event.add("created", visit.created_at.astimezone(UTC))
    event.add("transp", "TRANSPARENT" if visit.status == "cancelled" else "OPAQUE")
    event.add("summary", lines(": ".join(part for part in (visit.name, visit.services) if part)))
    if place := ", ".join(part for part in (visit.street, visit.city, visit.region, visit.postcode) if part):
        event.add("location", lines(place))
    about = (visit.instructions, visit.phone, visit.who and f"Who comes: {visit.who}", page)
    event.add("description", lines("\n".join(part for part in about if part)))
    event.add("url", page)
    return bytes(event.to_ical())


def begun(ticket_id: Any, visit: Any, changed_at: datetime, zone: str) -> Event:
    """A visit as every calendar of ours tells it: its UID stays, its SEQUENCE goes up, its clock is that of the business."""
    event = Event()
    event.add("uid", f"{ticket_id}@{DOMAIN}")
    event.add("sequence", visit.revision)
    event.add("dtstamp", changed_at.astimezone(UTC))
    event.add("last-modified", changed_at.astimezone(UTC))
    start, end = (timezone.local(at, zone) for at in (visit.starts_at, visit.ends_at))
    if _is_there_twice(start) or _is_there_twice(end):
        start, end = start.astimezone(UTC), end.astimezone(UTC)
    event.add("dtstart", start)
    event.add("dtend", end)
    event.add("status", _status(visit))
    return event


def _is_there_twice(wall: datetime) -> bool:
    """Whether clocks that are put back show this again: written as wall time, nobody could tell which of the two is meant."""
    return wall.utcoffset() != wall.replace(fold=1 - wall.fold).utcoffset()


def _status(visit: Any) -> str:
    if visit.status == "cancelled":
        return "CANCELLED"
    return "TENTATIVE" if visit.status == "scheduled" and visit.confirmation != "confirmed" else "CONFIRMED"


def lines(text: str) -> str:
    """Whatever ends a line somewhere ends one here: what is left in the text would break the file for some readers."""
    return "\n".join(text.splitlines())


def zone_of(name: str, first: datetime, last: datetime) -> bytes:
    """The zone's offset at first, and each change of it until last, told by the clock that is about to change (RFC 5545, 3.6.5)."""
    zone = Timezone()
    zone.add("tzid", name)
    zone.add_component(_observance(name, first, timezone.local(first, name)))
    at = first
    while at < last:
        day_after = at + timedelta(days=1)
        if _offset(day_after, name) != _offset(at, name):
            change = _change(at, day_after, name)
            zone.add_component(_observance(name, change, timezone.local(change - timedelta(seconds=1), name)))
        at = day_after
    return bytes(zone.to_ical())


def _offset(at: datetime, zone: str) -> timedelta:
    return timezone.local(at, zone).utcoffset() or timedelta()


def _change(before: datetime, after: datetime, zone: str) -> datetime:
    """The minute from which on the later offset is in force."""
    while after - before > timedelta(minutes=1):
        middle = before + timedelta(minutes=(after - before) // timedelta(minutes=2))
        before, after = (middle, after) if _offset(middle, zone) == _offset(before, zone) else (before, middle)
    return after


def _observance(zone: str, at: datetime, old: datetime) -> TimezoneStandard | TimezoneDaylight:
    """From `at` on the zone's clocks show what they show then; `old` is a clock from just before."""
    new, before = timezone.local(at, zone), old.utcoffset() or timedelta()
    observance = TimezoneDaylight() if new.dst() else TimezoneStandard()
    observance.add("dtstart", (at + before).replace(tzinfo=None))
    observance.add("tzname", new.tzname() or zone)
    observance.add("tzoffsetfrom", before)
    observance.add("tzoffsetto", new.utcoffset() or timedelta())
    return observance
