"""One visit as a file that a customer's calendar reads (RFC 5545)."""

from datetime import timedelta
from typing import Any

from icalendar import Calendar
from quart import Response

from crm import PRODUCT, feed
from crm.language import say

AROUND = timedelta(days=366)  # a visit that is moved by its customer's calendar still finds its clock


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
    whole = calendar.to_ical()
    end = whole.rindex(b"END:VCALENDAR")
    zone = feed.zone_of(visit.time_zone, visit.starts_at - AROUND, visit.ends_at + AROUND)
    return bytes(whole[:end]) + zone + bytes(event.to_ical()) + bytes(whole[end:])


def answer(visit: Any) -> Response:
    """The file, for a browser to hand to the calendar."""
    return Response(
        of_visit(visit), content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="visit.ics"'},
    )  # fmt: skip
