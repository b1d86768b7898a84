"""The calendar file itself: what another program reads out of it, with two libraries that know nothing of each other."""

import io
import random
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

import icalendar
import pytest
import vobject
from dateutil.tz import tzical
from hypothesis import given, settings
from hypothesis import strategies as st

from crm import calendar_file, feed

NOW = datetime(2026, 3, 1, 12, 34, 56, 789, tzinfo=UTC)
URL = "https://crm.example"
CHICAGO = "America/Chicago"
HARD = (
    "Ring, then wait; \\n is no line \U0001fa9f\U0001f9fd "
    + "long " * 40
    + "\nthe second line, with ü and 窓\n\n"
    + "z" * 200
)


class Visit(NamedTuple):
    id: UUID = UUID(int=7)
    status: str = "scheduled"
    confirmation: str = "pending"
    starts_at: datetime = NOW
    ends_at: datetime = NOW + timedelta(hours=1)
    revision: int = 0
    created_at: datetime = NOW
    changed_at: datetime = NOW
    instructions: str | None = None
    name: str = "Pat Pane"
    phone: str | None = None
    street: str | None = None
    city: str | None = None
    region: str | None = None
    postcode: str | None = None
    services: str | None = None
    who: str | None = None


def body(*visits: Visit, zone: str = CHICAGO, name: str = "Tidy Windows: Tess", now: datetime = NOW) -> str:
    return feed.written(list(visits), name, zone, URL, now).decode()


def event(visit: Visit, zone: str = CHICAGO) -> Any:
    return icalendar.Calendar.from_ical(body(visit, zone=zone)).walk("VEVENT")[0]


def other(visit: Visit, zone: str = CHICAGO) -> Any:
    """The same by the other library, which also says whether something is missing."""
    calendar = vobject.readOne(body(visit, zone=zone))
    calendar.validate(raiseException=True)
    return calendar.vevent


def test_a_visit_says_what_it_is():
    visit = Visit(services="Exterior windows, Screens", instructions="Side gate", phone="(256) 555-0131", street="1 Oak Ridge Dr",
                  city="Madison", region="AL", postcode="35758", who="Tess", revision=4)  # fmt: skip
    for read in (lambda name: str(event(visit)[name]), lambda name: getattr(other(visit), name.lower()).value):
        assert read("UID") == f"{visit.id}@visits.roundbook"
        assert read("SUMMARY") == "Pat Pane: Exterior windows, Screens"
        assert read("LOCATION") == "1 Oak Ridge Dr, Madison, AL, 35758"
        assert read("DESCRIPTION") == f"Side gate\n(256) 555-0131\nWho comes: Tess\n{URL}/tickets/{visit.id}"
        assert read("URL") == f"{URL}/tickets/{visit.id}"
        assert read("SEQUENCE") == "4"
    assert "GEO" not in event(visit)


def test_the_calendar_says_what_it_is_and_how_often_to_ask():
    calendar = icalendar.Calendar.from_ical(body())
    assert calendar["METHOD"] == "PUBLISH"
    assert calendar["X-WR-CALNAME"] == "Tidy Windows: Tess"
    assert "\r\nREFRESH-INTERVAL;VALUE=DURATION:PT1H\r\n" in body()
    assert "\r\nX-PUBLISHED-TTL:PT1H\r\n" in body()
    assert calendar.walk("VEVENT") == []


@pytest.mark.parametrize(
    ("status", "confirmation", "said"),
    [
        ("scheduled", "pending", "TENTATIVE"),
        ("scheduled", "declined", "TENTATIVE"),
        ("scheduled", "reschedule_requested", "TENTATIVE"),
        ("scheduled", "confirmed", "CONFIRMED"),
        ("in_progress", "pending", "CONFIRMED"),
        ("completed", "pending", "CONFIRMED"),
        ("cancelled", "confirmed", "CANCELLED"),
    ],
)
def test_how_sure_a_visit_is(status, confirmation, said):
    visit = Visit(status=status, confirmation=confirmation)
    assert event(visit)["STATUS"] == other(visit).status.value == said


@given(
    st.text(
        st.characters(exclude_categories=["Cs", "Cc"], include_characters='\n\t\r,;:\\"\u2028\u0085\U0001f9fd'),
        min_size=1,
        max_size=200,
    )
)
@settings(max_examples=100, deadline=None)
def test_every_text_comes_out_as_it_went_in(words):
    visit = Visit(name=words, instructions=words, street=words)
    lines, about = ("\n".join(text.splitlines()) for text in (words, f"{words}\n{URL}/tickets/{Visit().id}"))
    read, also = event(visit), other(visit)
    assert str(read["SUMMARY"]) == lines
    assert str(read["LOCATION"]) == also.location.value == lines
    assert str(read["DESCRIPTION"]) == also.description.value == about


def test_hard_words_come_out_as_they_went_in_and_every_line_is_short():
    visit = Visit(name="Pane, Pat; & Sons", instructions=HARD)
    assert str(event(visit)["SUMMARY"]) == other(visit).summary.value == "Pane, Pat; & Sons"
    assert str(event(visit)["DESCRIPTION"]) == other(visit).description.value == f"{HARD}\n{URL}/tickets/{visit.id}"
    lines = body(visit).encode().split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert not any(b"\n" in line or b"\r" in line for line in lines)


def test_words_cannot_end_the_event_and_begin_another():
    visit = Visit(
        name="Pat\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:evil", instructions="a\rEND:VCALENDAR\u2028BEGIN:VALARM"
    )
    calendar = icalendar.Calendar.from_ical(body(visit))
    assert [str(found["UID"]) for found in calendar.walk("VEVENT")] == [f"{visit.id}@visits.roundbook"]
    assert not calendar.walk("VALARM")


ZONES = (
    CHICAGO,
    "Europe/London",
    "Australia/Lord_Howe",
    "Africa/Casablanca",
    "Asia/Kolkata",
    "America/St_Johns",
    "Pacific/Apia",
    "UTC",
)


@pytest.mark.parametrize("zone", ZONES)
def test_a_clock_that_changes_shows_the_same_time_before_and_after(zone):
    """Every hour around every change of a year, and the same hour of every third day: the instant is ours, and what a wall shows."""
    real, at = ZoneInfo(zone), NOW.replace(minute=0, second=0, microsecond=0)
    instants = [at + timedelta(days=days) for days in range(0, 400, 3)]
    for day in range(400):
        first, then = at + timedelta(days=day), at + timedelta(days=day + 1)
        if first.astimezone(real).utcoffset() != then.astimezone(real).utcoffset():
            instants += [first + timedelta(minutes=30 * half) for half in range(48)]
    visits = [
        Visit(id=UUID(int=number), starts_at=at, ends_at=at + timedelta(minutes=90))
        for number, at in enumerate(instants)
    ]
    # Under a name that no machine knows, the zone can only be read out of the file.
    ours = "Ours-" + zone.replace("/", "-")
    text = body(*visits, zone=zone).replace(zone, ours)
    vobject.icalendar.registerTzid(ours, tzical(io.StringIO(text)).get())
    calendar = vobject.readOne(text)
    wrong = []
    for visit, found in zip(visits, calendar.vevent_list, strict=True):
        start, end = found.dtstart.value, found.dtend.value
        if start.astimezone(UTC) != visit.starts_at or end.astimezone(UTC) != visit.ends_at:
            wrong.append((visit.starts_at, start, end))
        told_in_wall_time = start.utcoffset() or "Z" not in found.dtstart.serialize()
        if told_in_wall_time and start.replace(tzinfo=None) != visit.starts_at.astimezone(real).replace(tzinfo=None):
            wrong.append((visit.starts_at, start))
    assert not wrong


def test_only_a_time_that_is_there_twice_is_told_in_utc():
    first = datetime(2026, 11, 1, 6, tzinfo=UTC)  # 1 am, the first time, in Chicago
    told = [
        event(Visit(starts_at=first + timedelta(hours=hours), ends_at=first + timedelta(hours=hours, minutes=45)))[
            "DTSTART"
        ].to_ical()
        for hours in (-1, 0, 1, 2)
    ]
    assert told == [b"20261101T000000", b"20261101T060000Z", b"20261101T070000Z", b"20261101T020000"]


class Mailed(NamedTuple):
    """A visit as the file in a customer's mail has it."""

    starts_at: datetime
    ends_at: datetime
    ticket_id: UUID = UUID(int=7)
    revision: int = 0
    updated_at: datetime = NOW
    time_zone: str = CHICAGO
    business: str = "Tidy Windows"
    services: str | None = None
    phone: str | None = None
    street: str | None = None
    expected: str = "Sunday"
    status: str = "scheduled"
    confirmation: str = "pending"
    language: str = "en"


def test_so_it_is_in_the_file_of_a_customer():
    first = datetime(2026, 11, 1, 6, 30, tzinfo=UTC)  # half past one, the first time, in Chicago
    told = []
    for hours in (-1, 0, 1, 2):
        start = first + timedelta(hours=hours)
        (found,) = icalendar.Calendar.from_ical(
            calendar_file.of_visit(Mailed(starts_at=start, ends_at=start + timedelta(minutes=20)))
        ).walk("VEVENT")
        told.append((found["DTSTART"].to_ical(), found["DTEND"].to_ical()))
    assert told == [
        (b"20261101T003000", b"20261101T005000"), (b"20261101T063000Z", b"20261101T065000Z"),
        (b"20261101T073000Z", b"20261101T075000Z"), (b"20261101T023000", b"20261101T025000"),
    ]  # fmt: skip


def observances(zone: str) -> list[tuple[datetime, timedelta, timedelta]]:
    (found,) = icalendar.Calendar.from_ical(body(zone=zone)).walk("VTIMEZONE")
    return [(part["DTSTART"].dt, part["TZOFFSETFROM"].td, part["TZOFFSETTO"].td) for part in found.subcomponents]


@pytest.mark.parametrize("zone", ZONES)
def test_the_zone_of_the_file_is_the_zone_of_the_world(zone):
    """Read as the standard has it: what a clock showed, told by the offset before, is the instant of the change."""
    real = ZoneInfo(zone)
    changes = sorted((local - before, before, after) for local, before, after in observances(zone))
    dice = random.Random(zone)
    for _ in range(2000):
        at = (NOW + timedelta(minutes=dice.randrange(-60 * 1440, 400 * 1440))).replace(second=0, microsecond=0)
        offset = [after for start, _, after in changes if start.replace(tzinfo=UTC) <= at][-1]
        assert offset == at.astimezone(real).utcoffset(), at


def test_an_hour_around_a_change_is_in_it_to_the_minute():
    starts = [local for local, before, after in observances(CHICAGO) if before != after]
    assert starts == [datetime(2026, 3, 8, 2), datetime(2026, 11, 1, 2), datetime(2027, 3, 14, 2)]


def test_the_tag_is_that_of_what_is_said():
    visit = Visit()
    tag = feed.tag([visit], "Tidy", CHICAGO)
    assert tag == feed.tag([Visit()], "Tidy", CHICAGO)
    others = [
        feed.tag([visit._replace(revision=1)], "Tidy", CHICAGO),
        feed.tag([visit._replace(phone="1")], "Tidy", CHICAGO),
        feed.tag([], "Tidy", CHICAGO),
        feed.tag([visit], "Tidy", "UTC"),
    ]
    assert len({tag, *others}) == 5
