"""Who is not at work is booked with a reason only; free times lie within hours, beside visits, out of time off."""

from contextlib import contextmanager
from datetime import datetime
from zoneinfo import ZoneInfo

import psycopg
import pytest

from tests.conftest import GUTTERS, PANES, PAT, PATS_HOUSE, PEOPLE, TIDY, become, savepoint

CHICAGO = ZoneInfo("America/Chicago")
TESS, CARL = PEOPLE["technician"].member_id, PEOPLE["colleague"].member_id
BOOK = "select id, ends_at from api.ticket_create(%s, %s, %s::timestamptz, %s::timestamptz, %s::uuid[], %s::uuid[], null, %s)"
RULE = "assignment_out_of_hours_reason_is_given"
WEEK = "select api.working_hours_set(%s, '{1,2,3,4,5}', array_fill(%s::time, '{5}'), array_fill(%s::time, '{5}'))"


def at(text: str) -> datetime:
    """A wall clock reading at Tidy's place."""
    return datetime.fromisoformat(text).replace(tzinfo=CHICAGO)


def book(connection, start, end, *, who=(TESS,), services=(), anyway=None):
    return connection.execute(
        BOOK, (PAT, PATS_HOUSE, at(start), end and at(end), list(who), list(services), anyway)
    ).fetchone()


def reasons(connection, ticket_id):
    return connection.execute(
        "select book_anyway_reason, out_of_hours_reason from crm.assignment where ticket_id = %s", (ticket_id,)
    ).fetchone()


@contextmanager
def refuses(connection, rule, says="."):
    """The statement inside is refused by this rule, in these words; afterwards it goes on."""
    with pytest.raises(psycopg.Error, match=says) as caught, savepoint(connection):
        yield
    assert caught.value.diag.constraint_name == rule, caught.value


@pytest.fixture
def office(admin, signer):
    """Everybody works from 8 to 5 on weekdays; nobody has a visit yet in 2031."""
    become(admin, signer, "office")
    admin.execute(
        "update crm.business set time_zone = 'America/Chicago', currency = 'USD' where business_id = %s", (TIDY,)
    )
    admin.execute(WEEK, (None, "08:00", "17:00"))
    return admin


def test_a_visit_within_the_hours_needs_no_reason(office):
    assert reasons(office, book(office, "2031-05-01 08:00", "2031-05-01 09:00").id) == (None, None)
    assert reasons(office, book(office, "2031-05-01 16:00", "2031-05-01 17:00").id) == (None, None)


@pytest.mark.parametrize(
    ("start", "end", "says"),
    [
        ("2031-05-01 07:30", "2031-05-01 08:30", "Tess works 8:00 am to 5:00 pm that day."),
        ("2031-05-01 16:30", "2031-05-01 17:30", "Tess works 8:00 am to 5:00 pm that day."),
        ("2031-05-03 10:00", "2031-05-03 11:00", "Tess does not work on Saturdays."),
    ],
)
def test_out_of_hours_is_refused_and_says_when_they_work(office, start, end, says):
    with refuses(office, RULE, says):
        book(office, start, end)


def test_a_reason_books_out_of_hours_and_leaves_the_visit_inside_the_constraint(office):
    ticket = book(office, "2031-05-03 10:00", "2031-05-03 11:00", anyway="they asked for a Saturday")
    assert reasons(office, ticket.id) == (None, "they asked for a Saturday")
    other = book(office, "2031-05-03 10:30", "2031-05-03 11:30", who=())
    with refuses(office, "assignment_is_not_double_booked"):
        office.execute(
            "insert into crm.assignment (business_id, ticket_id, member_id, contact_id, starts_at, busy_until, blocks_time, out_of_hours_reason) "
            "select business_id, id, %s, contact_id, starts_at, busy_until, true, 'again' from crm.ticket where id = %s",
            (TESS, other.id),
        )


def test_a_reason_given_where_none_is_needed_is_not_kept(office):
    ticket = book(office, "2031-05-01 10:00", "2031-05-01 11:00", anyway="just in case")
    assert reasons(office, ticket.id) == (None, None)
    with refuses(office, "assignment_is_not_double_booked"):
        book(office, "2031-05-01 10:00", "2031-05-01 11:00")


def test_own_hours_stand_for_everybodys(office):
    office.execute(WEEK, (TESS, "12:00", "20:00"))
    book(office, "2031-05-01 19:00", "2031-05-01 20:00")
    with refuses(office, RULE):
        book(office, "2031-05-01 09:00", "2031-05-01 10:00")
    with refuses(office, RULE):
        book(office, "2031-05-01 19:00", "2031-05-01 20:00", who=(CARL,))


def test_without_any_day_there_are_no_hours_of_ones_own_any_more(office):
    office.execute(WEEK, (TESS, "12:00", "20:00"))
    office.execute("select api.working_hours_set(%s, '{}', '{}', '{}')", (TESS,))
    book(office, "2031-05-01 09:00", "2031-05-01 10:00")


def test_time_off_and_holidays_warn_with_their_reason(office):
    office.execute("select api.time_off_add(%s, %s, %s, 'Vacation')", (TESS, at("2031-05-01"), at("2031-05-02")))
    office.execute("select api.time_off_add(null, %s, %s, 'Labor Day')", (at("2031-05-05"), at("2031-05-06")))
    with refuses(office, RULE, r"Tess has time off then \(Vacation\)."):
        book(office, "2031-05-01 10:00", "2031-05-01 11:00")
    book(office, "2031-05-01 10:00", "2031-05-01 11:00", who=(CARL,))
    with refuses(office, RULE, r"The business is closed then \(Labor Day\)."):
        book(office, "2031-05-05 10:00", "2031-05-05 11:00", who=(CARL,))


def test_time_off_does_not_touch_what_is_booked(office):
    ticket = book(office, "2031-05-01 10:00", "2031-05-01 11:00")
    office.execute("select api.time_off_add(%s, %s, %s, null)", (TESS, at("2031-05-01"), at("2031-05-02")))
    assert reasons(office, ticket.id) == (None, None)


def test_moving_asks_anew_and_a_psql_update_cannot_move_somebody_out_of_hours(office):
    ticket = book(office, "2031-05-01 10:00", "2031-05-01 11:00")
    with refuses(office, RULE):
        office.execute(
            "select api.ticket_move(%s, %s, %s)", (ticket.id, at("2031-05-03 10:00"), at("2031-05-03 11:00"))
        )
    with refuses(office, RULE):
        office.execute("update crm.ticket set starts_at = %s, ends_at = %s where id = %s",
                       (at("2031-05-03 10:00"), at("2031-05-03 11:00"), ticket.id))  # fmt: skip
    office.execute("select api.ticket_move(%s, %s, %s, null, null, 'rain all week')",
                   (ticket.id, at("2031-05-03 10:00"), at("2031-05-03 11:00")))  # fmt: skip
    assert reasons(office, ticket.id) == (None, "rain all week")
    office.execute("select api.ticket_move(%s, %s, %s)", (ticket.id, at("2031-05-05 10:00"), at("2031-05-05 11:00")))
    assert reasons(office, ticket.id) == (None, None), "at work again: nothing to excuse"


def test_a_move_exchanges_one_of_two_and_leaves_the_rest(office):
    ticket = book(office, "2031-05-01 10:00", "2031-05-01 11:00", services=[PANES])
    move = "select api.ticket_move(%s, %s, %s, %s, %s)"
    when = (at("2031-05-01 12:00"), at("2031-05-01 13:00"))
    office.execute(move, (ticket.id, *when, None, CARL))
    who = "select array_agg(member_id order by member_id) as ids from crm.assignment where ticket_id = %s"
    assert office.execute(who, (ticket.id,)).fetchone().ids == sorted([TESS, CARL])
    office.execute(move, (ticket.id, *when, TESS, None))
    assert office.execute(who, (ticket.id,)).fetchone().ids == [CARL]
    row = office.execute(
        "select t.address_id, count(l.id) as lines from crm.ticket t join crm.line_item l on l.ticket_id = t.id where t.id = %s group by 1",
        (ticket.id,),
    ).fetchone()
    assert (row.address_id, row.lines) == (PATS_HOUSE, 1)


def test_without_an_end_a_visit_lasts_as_long_as_its_services(office):
    ticket = book(office, "2031-05-01 10:00", None, services=[PANES, GUTTERS])
    assert ticket.ends_at == at("2031-05-01 12:30")
    assert book(office, "2031-05-01 14:00", None).ends_at == at("2031-05-01 15:00")


def free(connection, start, minutes, *members, days=3, most=50):
    rows = connection.execute(
        "select member_id, starts_at from api.free_slot_list(%s::uuid[], %s, %s, '{}', %s, %s)",
        (list(members), at(start), minutes, days, most),
    ).fetchall()
    return [(row.member_id, f"{row.starts_at.astimezone(CHICAGO):%d %H:%M}") for row in rows]


def test_free_times_are_the_first_of_each_gap_on_the_quarter(office):
    book(office, "2031-05-01 09:00", "2031-05-01 10:05")
    book(office, "2031-05-01 12:00", "2031-05-01 16:30")
    assert free(office, "2031-05-01", 60, TESS, days=2) == [(TESS, "01 08:00"), (TESS, "01 10:15"), (TESS, "02 08:00")]
    assert free(office, "2031-05-01", 120, TESS, days=2) == [(TESS, "02 08:00")]
    assert free(office, "2031-05-01 10:07", 30, TESS, days=1) == [(TESS, "01 10:15"), (TESS, "01 16:30")]


def test_free_times_keep_the_travel_buffer_on_both_sides(office):
    office.execute("update crm.business set travel_buffer_minutes = 30 where business_id = %s", (TIDY,))
    book(office, "2031-05-01 10:00", "2031-05-01 11:00")
    assert free(office, "2031-05-01", 90, TESS, days=1) == [(TESS, "01 08:00"), (TESS, "01 11:30")]
    assert free(office, "2031-05-01", 105, TESS, days=1) == [(TESS, "01 11:30")]


FAR, NEXT_STREET = "60601", "35759"  # Pat's postcode is 35758


@pytest.mark.parametrize(
    ("postcode", "first", "second"),
    [("35758", "08:00", "11:10"), (NEXT_STREET, "08:00", "11:30"), (FAR, "08:00", "12:00"), (None, "08:00", "11:10")],
)
def test_free_times_leave_as_long_as_the_way_takes(office, postcode, first, second):
    """From Pat's house to the same postcode 10 minutes, to one that begins alike 30, to any other an hour; on both sides."""
    office.execute(
        "update crm.business set travel_buffer_minutes = 10, travel_area_minutes = 30, travel_far_minutes = 60 where business_id = %s",
        (TIDY,),
    )
    place = office.execute(
        "select * from api.address_create(%s, 'other', '1 Far St', null, null, %s, null)", (PAT, postcode)
    ).fetchone()
    book(office, "2031-05-01 10:00", "2031-05-01 11:00")
    rows = office.execute(
        "select starts_at from api.free_slot_list(%s::uuid[], %s, 60, '{}', 1, 9, %s)",
        ([TESS], at("2031-05-01"), place.id),
    ).fetchall()
    quarter = {"11:10": "11:15"}.get(second, second)
    assert [f"{row.starts_at.astimezone(CHICAGO):%H:%M}" for row in rows] == [first, quarter]


def test_an_hour_before_is_not_free_when_the_way_takes_longer_than_what_is_left(office):
    office.execute("update crm.business set travel_far_minutes = 60 where business_id = %s", (TIDY,))
    place = office.execute(
        "select * from api.address_create(%s, 'other', '1 Far St', null, null, %s, null)", (PAT, FAR)
    ).fetchone()
    book(office, "2031-05-01 10:00", "2031-05-01 16:00")
    asked = "select starts_at from api.free_slot_list(%s::uuid[], %s, %s, '{}', 1, 9, %s)"
    assert len(office.execute(asked, ([TESS], at("2031-05-01"), 60, place.id)).fetchall()) == 1
    assert office.execute(asked, ([TESS], at("2031-05-01"), 75, place.id)).fetchall() == []
    assert len(office.execute(asked, ([TESS], at("2031-05-01"), 75, PATS_HOUSE)).fetchall()) == 1


@pytest.mark.parametrize(
    ("one", "other"), [("35758", "357"), ("SW1A 1AA", "SW1A"), ("sw1a 1aa", "SW1A"), ("D 10115", "D"), ("10115", "101")]
)
def test_a_postcode_begins_with_its_area(admin, one, other):
    assert admin.execute("select internal.postcode_area(%s) as area", (one,)).fetchone().area == other


@pytest.mark.parametrize(
    ("minutes", "one"),
    [((20, 10, None), "area"), ((20, None, 10), "far"), ((20, 40, 30), "far"), ((0, 300, None), "area")],
)
def test_farther_takes_longer(office, minutes, one):
    with refuses(office, f"business_travel_{one}_is_no_less"):
        office.execute(
            "update crm.business set travel_buffer_minutes = %s, travel_area_minutes = %s, travel_far_minutes = %s where business_id = %s",
            (*minutes, TIDY),
        )


def test_free_times_are_out_of_time_off_and_weekends(office):
    office.execute("select api.time_off_add(%s, %s, %s, null)", (TESS, at("2031-05-02 12:00"), at("2031-05-03")))
    office.execute("select api.time_off_add(null, %s, %s, null)", (at("2031-05-05"), at("2031-05-06")))
    book(office, "2031-05-01 08:00", "2031-05-01 17:00")
    assert free(office, "2031-05-01", 60, TESS, days=6) == [(TESS, "02 08:00"), (TESS, "06 08:00")]


def test_free_times_of_two_together_are_when_both_are_free(office):
    book(office, "2031-05-01 08:00", "2031-05-01 11:00")
    book(office, "2031-05-01 13:00", "2031-05-01 16:00", who=(CARL,))
    assert free(office, "2031-05-01", 60, TESS, CARL, days=1) == [(None, "01 11:00"), (None, "01 16:00")]


def test_every_free_time_can_be_booked_and_the_wall_time_is_kept_over_a_clock_change(office):
    """Clocks go back on 2 November 2031 in Chicago: 8 o'clock stays 8 o'clock."""
    found = free(office, "2031-10-31", 60, TESS, days=7)
    assert [text for _, text in found] == ["31 08:00", "03 08:00", "04 08:00", "05 08:00", "06 08:00"]
    for day in ("2031-10-31", "2031-11-03"):
        book(office, f"{day} 08:00", f"{day} 09:00")


def test_hours_are_one_a_day_and_end_after_they_start(office):
    with refuses(office, "working_hours_end_after_they_start"):
        office.execute(WEEK, (TESS, "17:00", "08:00"))
    with refuses(office, "working_hours_end_before_midnight"):
        office.execute(WEEK, (TESS, "17:00", "24:00"))
    with refuses(office, "working_hours_are_said_for_each_day"):
        office.execute("select api.working_hours_set(%s, '{1,2}', '{08:00}', '{17:00}')", (TESS,))
    with refuses(office, "working_hours_weekday_is_known"):
        office.execute("select api.working_hours_set(%s, '{8}', '{08:00}', '{17:00}')", (TESS,))


@pytest.mark.parametrize(
    ("start", "end", "rule"),
    [
        ("2031-05-02", "2031-05-01", "time_off_ends_after_it_starts"),
        ("2031-05-02", "2033-05-02", "time_off_lasts_a_year_at_most"),
    ],
)
def test_time_off_has_an_end(office, start, end, rule):
    with refuses(office, rule):
        office.execute("select api.time_off_add(%s, %s, %s, null)", (TESS, at(start), at(end)))
