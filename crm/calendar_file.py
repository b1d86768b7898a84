"""One visit as a file that a customer's calendar reads (RFC 5545)."""

from typing import Any

from icalendar import Calendar

from crm import PRODUCT, feed
from crm.language import say


def of_visit(visit: Any) -> bytes:
    """The visit as the customer knows it, in their language. A calendar that has it already changes it."""
    event = feed.begun(visit.ticket_id, visit, visit.updated_at, visit.time_zone)
    event.add("summary", feed.lines(f"{visit.business}: {visit.services}" if visit.services else visit.business))
    if visit.street:
        event.add("location", ", ".join(part for part in (visit.street, visit.city, visit.postcode) if part))
    expect = say("Expect us %(time)s.", visit.language) % {"time": visit.expected}
    event.add("description", f"{expect}\n{visit.business}{f', {visit.phone}' if visit.phone else ''}")
    calendar = Calendar()
    calendar.add("prodid", f"-//{PRODUCT}//visit//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add_component(event)
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())
