"""Who fits into a time that became free: length, technician, dates, weekdays, part of the day; and in which order."""

from datetime import date, timedelta

import pytest

from tests.conftest import GUTTERS, PANES, STOREFRONT, TIDY
from tests.rules.waitlist import CARL, NOW, TESS, at

THURSDAY, WEDNESDAY, FRIDAY = date(2033, 3, 3), date(2033, 3, 2), date(2033, 3, 4)

# What somebody wants, and when they would be visited in a time of Tess's from ten to twelve on a Thursday; None: not at all.
WISHES = {
    "an hour": ({}, 10),
    "all of it": ({"minutes": 120}, 10),
    "a minute too long": ({"minutes": 121}, None),
    "as long as the services": ({"minutes": None, "services": [PANES, STOREFRONT]}, 10),
    "services that take too long": ({"minutes": None, "services": [PANES, GUTTERS]}, None),
    "nothing in particular is an hour": ({"minutes": None}, 10),
    "minutes say more than services": ({"minutes": 30, "services": [PANES, GUTTERS]}, 10),
    "with Tess": ({"member_id": TESS}, 10),
    "with Carl": ({"member_id": CARL}, None),
    "from that day on": ({"from_on": THURSDAY}, 10),
    "from the day after on": ({"from_on": FRIDAY}, None),
    "until that day": ({"until_on": THURSDAY}, 10),
    "until the day before": ({"until_on": WEDNESDAY}, None),
    "Thursdays": ({"weekdays": [4]}, 10),
    "Tuesdays and Thursdays": ({"weekdays": [2, 4]}, 10),
    "Wednesdays": ({"weekdays": [3]}, None),
    "mornings": ({"day_part": "morning"}, 10),
    "afternoons": ({"day_part": "afternoon"}, None),
}


@pytest.mark.parametrize("wish", WISHES)
def test_fits_between_ten_and_twelve(desk, wish):
    wanted, hour = WISHES[wish]
    slot = desk.slot(10, 12)
    entry = desk.waits(**wanted)
    assert [(fit.waitlist_entry_id, fit.starts_at) for fit in desk.fits(slot)] == (
        [] if hour is None else [(entry.id, at(hour))]
    )


# Of a time from eleven to two, what one who wants an hour gets; where the visits are that were booked meanwhile.
TAKEN = {
    "free": ([], {}, 11),
    "an afternoon begins at noon": ([], {"day_part": "afternoon"}, 12),
    "a morning begins before noon": ([], {"day_part": "morning"}, 11),
    "its beginning was taken": ([(11, 12)], {}, 12),
    "nothing begins before noon any more": ([(11, 12)], {"day_part": "morning"}, None),
    "its middle was taken": ([(11.5, 12.5)], {}, 12.5),
    "on the quarter of an hour": ([(11, 12 + 10 / 60)], {}, 12.25),
    "too little is left": ([(11, 12), (12.75, 14)], {}, None),
    "all of it was taken": ([(10, 15)], {}, None),
}  # fmt: skip


@pytest.mark.parametrize("case", TAKEN)
def test_fits_into_what_is_left(desk, case):
    visits, wish, hour = TAKEN[case]
    slot = desk.slot(11, 14)
    for start, end in visits:
        desk.visit(start, end)
    desk.waits(**wish)
    assert [fit.starts_at for fit in desk.fits(slot)] == ([] if hour is None else [at(hour)])


def test_travel_before_the_next_visit_counts(desk):
    slot = desk.slot(10, 12)
    desk.visit(12, 13)
    desk.waits(minutes=120)
    assert len(desk.fits(slot)) == 1
    desk.one("update crm.business set travel_buffer_minutes = 15 where business_id = %s returning 1", TIDY)
    assert desk.fits(slot) == []


def test_nobody_fits_when_she_is_not_at_work(desk):
    slot = desk.slot(10, 12)
    desk.waits()
    desk.one("select from api.time_off_add(%s, %s, %s)", TESS, at(11), at(15))
    assert [fit.ends_at for fit in desk.fits(slot)] == [at(11)]
    desk.one("select from api.time_off_add(null, %s, %s)", at(0), at(24))
    assert desk.fits(slot) == []


def test_out_of_hours_is_nobodys_unless_nobody_has_said_when_they_work(desk):
    desk.cancel(desk.visit(17, 19, reason="late"))
    (slot,) = desk.slots()
    desk.waits()
    assert desk.fits(slot) == []
    desk.one("select from api.working_hours_set(null, '{}', '{}', '{}')", who="owner")
    assert len(desk.fits(slot)) == 1


def test_nobody_fits_into_the_time_of_somebody_who_has_left(desk):
    slot = desk.slot(10, 12)
    desk.waits()
    desk.one("select from api.member_disable(%s, true)", TESS, who="owner")
    assert desk.fits(slot) == []


def test_who_is_archived_or_waits_no_longer_does_not_fit(desk):
    slot = desk.slot(10, 12)
    contact = desk.contact("Archie Archived")
    desk.waits(contact)
    ended = desk.waits()
    desk.one("select from api.contact_archive(%s, true)", contact[0])
    desk.one("select from api.waitlist_entry_end(%s, 'They rang')", ended.id)
    assert desk.fits(slot) == []


def test_who_said_no_or_nothing_is_not_asked_again_about_that_time(desk):
    slot = desk.slot(10, 12)
    entry = desk.waits()
    assert desk.decline(desk.send(desk.offer(slot, entry))) == "ok"
    assert desk.fits(slot) == []
    assert len(desk.fits(desk.slot(14, 16))) == 1


def test_a_visit_fits_when_it_would_come_sooner(desk):
    slot = desk.slot(10, 12)
    for day, fits in ((1, True), (-1, False)):
        contact = desk.contact(f"Vic of day {day}")
        entry = desk.waits(contact, ticket_id=desk.visit(8, 9.5, contact=contact, day=day).id)
        found = [fit for fit in desk.fits(slot) if fit.waitlist_entry_id == entry.id]
        assert bool(found) is fits
        if fits:
            assert found[0].ends_at - found[0].starts_at == timedelta(minutes=90)
            assert found[0].reasons == ["fits 90 minutes", "would come sooner than Mar 4", "waits since Mar 1"]


def test_a_visit_of_two_does_not_fit_into_the_time_of_one(desk):
    slot = desk.slot(10, 12)
    contact = desk.contact("Tilda Two")
    desk.waits(contact, ticket_id=desk.visit(8, 9, who=[TESS, CARL], contact=contact, day=1).id)
    assert desk.fits(slot) == []


def test_the_nearest_to_where_she_is_come_first_then_who_waits_longest(desk):
    slot = desk.slot(10, 12)
    desk.visit(8, 9, contact=desk.contact("Before", "35758", "Madison"))
    desk.visit(13, 14, contact=desk.contact("After", "37902", "Knoxville"))
    desk.visit(15, 16, contact=desk.contact("Later", "90210", "Beverly Hills"))
    people = (
        ("Nowhere", None, "", ["fits 60 minutes"]),
        ("Same city", "99999", "madison", ["fits 60 minutes", "same city as the visit before"]),
        ("Same area", "37999", "Elsewhere", ["fits 60 minutes", "same area as the visit after"]),
        ("Same area, later", "35799", "Elsewhere", ["fits 60 minutes", "same area as the visit before"]),
        ("Too far", "90210", "Beverly Hills", ["fits 60 minutes"]),
        ("Same postcode", "37902", "Knoxville", ["fits 60 minutes", "same postcode as the visit after"]),
    )
    for n, (name, postcode, city, _) in enumerate(people):
        desk.clock(NOW + timedelta(minutes=n))
        desk.waits(desk.contact(name, postcode, city or "Nowhere"))
    found = desk.fits(slot)
    assert [fit.name for fit in found] == [
        "Same postcode",
        "Same area",
        "Same area, later",
        "Same city",
        "Nowhere",
        "Too far",
    ]
    said = {name: reasons for name, _, _, reasons in people}
    assert {fit.name: fit.reasons[:-1] for fit in found} == said
    assert {fit.reasons[-1] for fit in found} == {"waits since Mar 1"}


@pytest.mark.parametrize(
    ("postcode", "area"),
    [("RV1 3AB", "RV1"), ("rv1 3ab", "RV1"), ("35758", "357"), ("35758-1234", "357"), (None, None)],
)
def test_what_is_around_a_postcode(admin, postcode, area):
    assert admin.execute("select internal.postcode_area(%s) as area", (postcode,)).fetchone().area == area


def test_the_reasons_name_whom_they_want_and_that_they_cannot_be_written_to(desk):
    slot = desk.slot(10, 12)
    desk.waits(desk.contact("Mia Mailless", email=None), member_id=TESS)
    assert desk.fits(slot)[0].reasons == ["fits 60 minutes", "wants Tess", "waits since Mar 1", "has no e-mail address"]


def test_who_waits_for_what_is_archived_is_offered_nothing(desk):
    """Their yes would be refused by the line of the visit, and they would hear that the time was taken."""
    desk.waits(services=[PANES, GUTTERS], minutes=None)
    desk.waits(desk.contact("Pam"), services=[PANES], minutes=None)
    contact = desk.contact("Vic")
    desk.waits(contact, ticket_id=desk.visit(8, 9, contact=contact, day=1).id)
    desk.one("select from api.service_archive(%s, true)", GUTTERS)
    assert {fit.name for fit in desk.fits(desk.slot(8, 17))} == {"Pam", "Vic"}


def test_of_a_time_that_goes_on_after_midnight_the_day_is_that_of_the_visit(desk):
    """A visit from eight in the evening to eight in the morning was cancelled, and somebody else has its evening by now."""
    desk.one("delete from crm.working_hours where business_id = %s returning 1", TIDY)
    slot = desk.slot(20, 32)
    desk.visit(20, 31)
    wishes = {
        "Anytime": {}, "Thursday": {"weekdays": [4]}, "Until Thursday": {"until_on": at(10).date()}, "Afternoon": {"day_part": "afternoon"},
        "Morning": {"day_part": "morning"}, "Friday": {"weekdays": [5]}, "From Friday": {"from_on": at(10, 1).date()},
    }  # fmt: skip
    for name, wish in wishes.items():
        desk.waits(desk.contact(name), **wish)
    assert {fit.name: fit.starts_at for fit in desk.fits(slot)} == dict.fromkeys(
        ("Anytime", "Morning", "Friday", "From Friday"), at(31)
    )
