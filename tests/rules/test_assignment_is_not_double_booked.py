"""A technician has one visit at a time; the travel buffer counts; a reason books anyway."""

import threading

import psycopg
import pytest

from tests.conftest import PANES, PAT, PATS_HOUSE, PEOPLE, TIDY, become, refused

BOOK = "select id from api.ticket_create(%s, %s, %s::timestamptz, %s::timestamptz, %s::uuid[], %s::uuid[], null, %s)"


def book(connection, start, end, *, who="technician", anyway=None):
    values = (PAT, PATS_HOUSE, start, end, [PEOPLE[who].member_id], [PANES], anyway)
    return connection.execute(BOOK, values).fetchone()


def test_an_overlapping_visit_is_refused_and_says_with_whom(psql):
    office = psql("office")
    book(office, "2031-05-01 15:00+00", "2031-05-01 16:00+00")
    with pytest.raises(psycopg.errors.CheckViolation, match=r"Tess already has a visit then \(Pat Pane") as caught:
        book(office, "2031-05-01 15:30+00", "2031-05-01 16:30+00")
    assert caught.value.diag.constraint_name == "assignment_is_not_double_booked"


def test_one_after_the_other_and_two_technicians_at_once_are_fine(psql):
    office = psql("office")
    book(office, "2031-05-01 15:00+00", "2031-05-01 16:00+00")
    book(office, "2031-05-01 16:00+00", "2031-05-01 17:00+00")
    book(office, "2031-05-01 15:00+00", "2031-05-01 16:00+00", who="colleague")


def test_the_travel_buffer_counts(admin, signer):
    become(admin, signer, "office")
    admin.execute("update crm.business set travel_buffer_minutes = 20 where business_id = %s", (TIDY,))
    book(admin, "2031-05-01 15:00+00", "2031-05-01 16:00+00")
    with refused("assignment_is_not_double_booked"):
        book(admin, "2031-05-01 16:10+00", "2031-05-01 17:00+00")


def test_a_reason_books_anyway_and_stays_on_the_row(psql):
    office = psql("office")
    book(office, "2031-05-01 15:00+00", "2031-05-01 16:00+00")
    ticket = book(office, "2031-05-01 15:30+00", "2031-05-01 16:30+00", anyway="she does both shops")
    row = office.execute("select book_anyway_reason from crm.assignment where ticket_id = %s", (ticket.id,)).fetchone()
    assert row.book_anyway_reason == "she does both shops"


MOVE = "select api.ticket_update(%s, %s, %s::timestamptz, %s::timestamptz, %s::uuid[], null, %s)"


def move(connection, ticket, start, end, *, anyway=None):
    connection.execute(MOVE, (ticket.id, PATS_HOUSE, start, end, [PEOPLE["technician"].member_id], anyway))
    row = connection.execute(
        "select book_anyway_reason from crm.assignment where ticket_id = %s", (ticket.id,)
    ).fetchone()
    return row.book_anyway_reason


def test_a_reason_is_for_one_time_only(psql):
    office = psql("office")
    book(office, "2031-05-01 15:00+00", "2031-05-01 16:00+00")
    ticket = book(office, "2031-05-01 15:30+00", "2031-05-01 16:30+00", anyway="she does both shops")
    assert move(office, ticket, "2031-05-01 15:30+00", "2031-05-01 16:30+00") == "she does both shops"
    assert move(office, ticket, "2031-05-02 15:30+00", "2031-05-02 16:30+00") is None, "free there: nothing to excuse"
    assert move(office, ticket, "2031-05-01 15:45+00", "2031-05-01 16:30+00", anyway="both again") == "both again"
    with refused("assignment_is_not_double_booked"):
        move(office, ticket, "2031-05-01 15:40+00", "2031-05-01 16:30+00")


def test_a_cancelled_visit_frees_its_time(psql):
    office = psql("office")
    ticket = book(office, "2031-05-01 15:00+00", "2031-05-01 16:00+00")
    office.execute("select api.ticket_cancel(%s, 'rain')", (ticket.id,))
    book(office, "2031-05-01 15:00+00", "2031-05-01 16:00+00")


def test_moving_onto_another_visit_is_refused(psql):
    office = psql("office")
    book(office, "2031-05-01 15:00+00", "2031-05-01 16:00+00")
    ticket = book(office, "2031-05-01 17:00+00", "2031-05-01 18:00+00")
    with refused("assignment_is_not_double_booked"):
        office.execute(
            "select api.ticket_update(%s, %s, '2031-05-01 15:30+00', '2031-05-01 16:30+00', %s::uuid[], null)",
            (ticket.id, PATS_HOUSE, [PEOPLE["technician"].member_id]),
        )


def test_moving_carries_the_technicians_along(psql):
    office = psql("office")
    ticket = book(office, "2031-05-01 17:00+00", "2031-05-01 18:00+00")
    office.execute(
        "select api.ticket_update(%s, %s, '2031-05-02 15:30+00', '2031-05-02 16:30+00', %s::uuid[], null)",
        (ticket.id, PATS_HOUSE, [PEOPLE["technician"].member_id]),
    )
    row = office.execute(
        "select starts_at::text, busy_until::text from crm.assignment where ticket_id = %s", (ticket.id,)
    ).fetchone()
    assert row == ("2031-05-02 15:30:00+00", "2031-05-02 16:30:00+00")


def test_an_update_typed_in_psql_cannot_move_a_technician_off_the_visits_time(admin, signer, visit):
    become(admin, signer, "owner")
    ticket = visit(admin)
    with refused("assignment_times_are_the_tickets"):
        admin.execute(
            "update crm.assignment set starts_at = starts_at - interval '1 hour' where ticket_id = %s", (ticket.id,)
        )
        admin.execute("set constraints all immediate")


def test_fifty_at_once_book_one_slot_once(home, signer):
    """Fifty connections, one slot: exactly one visit, no deadlock, nobody waits long."""
    outcomes: list[str] = []
    start = threading.Barrier(25)

    def try_to_book() -> None:
        with psycopg.connect(home.url()) as connection:
            become(connection, signer, "office")
            start.wait()
            try:
                connection.execute(
                    BOOK,
                    (
                        PAT,
                        PATS_HOUSE,
                        "2032-06-01 15:00+00",
                        "2032-06-01 16:00+00",
                        [PEOPLE["technician"].member_id],
                        [],
                        None,
                    ),
                )
                connection.commit()
                outcomes.append("booked")
            except psycopg.Error as error:
                outcomes.append(error.diag.constraint_name or str(error.sqlstate))

    for _ in range(2):
        threads = [threading.Thread(target=try_to_book) for _ in range(25)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert outcomes.count("booked") == 1
    assert outcomes.count("assignment_is_not_double_booked") == 49
