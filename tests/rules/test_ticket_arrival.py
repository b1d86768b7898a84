"""When a customer is told to expect the technician: from the business unless a visit says otherwise."""

import pytest

from tests.conftest import PAT, PATS_HOUSE, TIDY, become, refused
from tests.rules import series

START, END = "2031-03-04 15:00+00", "2031-03-04 16:30+00"  # nine o'clock in Chicago


@pytest.fixture
def office(admin, signer):
    become(admin, signer, "office")
    return admin


def book(connection, minutes=None):
    return connection.execute(
        "select * from api.ticket_create(%s, %s, %s, %s, p_arrival_minutes => %s)",
        (PAT, PATS_HOUSE, START, END, minutes),
    ).fetchone()


def words(connection, ticket) -> str:
    return connection.execute(
        "select internal.visit_words(b, 'en', t) as words from crm.ticket t join crm.business b using (business_id) where t.id = %s",
        (ticket.id,),
    ).fetchone().words  # fmt: skip


def test_a_visit_says_when_it_is_unless_there_is_a_span_to_arrive_in(office):
    assert words(office, book(office)) == "Tuesday, March 4, 9:00 am to 10:30 am"
    assert words(office, book(office, 120)) == "Tuesday, March 4, between 9:00 am and 11:00 am"
    office.execute("update crm.business set currency = 'GBP' where business_id = %s", (TIDY,))
    assert words(office, book(office, 120)) == "Tuesday 4 March, between 09:00 and 11:00"


def test_a_visit_takes_the_span_of_its_business_and_keeps_its_own(office):
    office.execute("update crm.business set arrival_minutes = 60 where business_id = %s", (TIDY,))
    usual, own, on_time = book(office), book(office, 180), book(office, 0)
    assert [ticket.arrival_minutes for ticket in (usual, own, on_time)] == [60, 180, 0]
    office.execute("update crm.business set arrival_minutes = 30 where business_id = %s", (TIDY,))
    moved = office.execute("select * from api.ticket_move(%s, %s::timestamptz + interval '1 day', %s::timestamptz + interval '1 day')",
                           (own.id, START, END)).fetchone()  # fmt: skip
    assert moved.arrival_minutes == 180
    changed = office.execute(
        "select * from api.ticket_update(%s, %s, %s, %s, '{}', null, null, 240)", (usual.id, PATS_HOUSE, START, END)
    ).fetchone()
    assert changed.arrival_minutes == 240


@pytest.mark.parametrize("minutes", [-1, 481])
def test_a_span_is_eight_hours_at_most(office, minutes):
    with refused("ticket_arrival_is_sane", "23514"):
        book(office, minutes)


def test_psql_is_held_to_it_too(office):
    with refused("business_arrival_is_sane", "23514"):
        office.execute("update crm.business set arrival_minutes = 481 where business_id = %s", (TIDY,))


def test_the_visits_of_a_series_keep_its_span_when_it_changes(office):
    series.set_clock(office)
    made = office.execute(
        "select * from api.series_create(%s, %s, '2030-01-08', '09:00', 60, p_count => 4, p_arrival_minutes => 120)", (PAT, PATS_HOUSE)
    ).fetchone()  # fmt: skip
    spans = "select array_agg(distinct arrival_minutes) as spans from crm.ticket where series_id = %s"
    assert office.execute(spans, (made.id,)).fetchone().spans == [120]
    later = series.change(office, made.id, on="2030-01-09", count=4)
    assert later.series_id != made.id
    assert office.execute(spans, (later.series_id,)).fetchone().spans == [120]
    usual = series.make(office, count=2, on="2030-03-05")
    assert office.execute(spans, (usual.id,)).fetchone().spans == [0]
