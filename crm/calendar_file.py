"""One visit as a file that calendars read (RFC 5545)."""

from datetime import UTC
from typing import Any

from icalendar import Calendar, Event

from crm import PRODUCT, feed

STATUS = {"cancelled": "CANCELLED", "completed": "CONFIRMED", "in_progress": "CONFIRMED"}


def of_visit(visit: Any) -> bytes:
    """The visit as the customer knows it. Its UID stays, its SEQUENCE goes up: a calendar that has it changes it."""
    event = Event()
    event.add("uid", f"{visit.ticket_id}@{feed.DOMAIN}")
    event.add("sequence", visit.revision)
    event.add("dtstamp", visit.updated_at.astimezone(UTC))
    event.add("last-modified", visit.updated_at.astimezone(UTC))
    start, end = feed.times(visit.starts_at, visit.ends_at, visit.time_zone)
    event.add("dtstart", start)
    event.add("dtend", end)
    event.add("summary", f"{visit.business}: {visit.services}" if visit.services else visit.business)
    if visit.street:
        event.add("location", ", ".join(part for part in (visit.street, visit.city, visit.postcode) if part))
    reach = f"{visit.business}, {visit.phone}" if visit.phone else visit.business
    event.add("description", f"Expect us {visit.expected}.\n{reach}")
    event.add("status", STATUS.get(visit.status, "CONFIRMED" if visit.confirmation == "confirmed" else "TENTATIVE"))
    calendar = Calendar()
    calendar.add("prodid", f"-//{PRODUCT}//visit//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add_component(event)
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())
