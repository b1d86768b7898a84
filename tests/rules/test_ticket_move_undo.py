"""A move of a visit is taken back as if it had never been, by whom it was a slip of the hand; unless something came of it."""

from datetime import timedelta

import pytest

from tests.conftest import refused, savepoint
from tests.rules.undo import UNDO, move, whole
from tests.rules.waitlist import CARL, TESS, at


@pytest.mark.parametrize(
    ("start", "end", "to"), [(14 - 48, 16 - 48, TESS), (13, 15, TESS), (10, 11, TESS), (10, 12, CARL), (14, 15, CARL), (14, 15, None)],
    ids=["to today", "to another time", "made shorter", "to somebody else", "to both", "to nobody"],
)  # fmt: skip
def test_everything_is_as_it_was(desk, start, end, to):
    ticket = desk.visit(10, 12)
    desk.one("select from api.ticket_confirmation_set(%s, 'confirmed')", ticket.id)
    before = whole(desk, ticket)
    last = move(desk, ticket, start, end, to=to)
    assert whole(desk, ticket)[:2] != before[:2]
    back = desk.one(UNDO, last.change_set_id)
    assert whole(desk, ticket) == before
    assert (back.starts_at, back.ends_at, back.confirmation) == (at(10), at(12), "confirmed")


def test_a_visit_of_a_series_is_one_of_its_visits_again(desk):
    _, (ticket, *_) = desk.repeat()
    before = whole(desk, ticket)
    last = move(desk, ticket, 14, 15, to=CARL)
    assert desk.one("select moved_by_hand from crm.ticket where id = %s", ticket.id).moved_by_hand
    desk.one(UNDO, last.change_set_id)
    assert whole(desk, ticket) == before


def test_why_each_technician_was_booked_anyway_is_theirs_again(desk):
    desk.visit(10, 11)
    ticket = desk.visit(10, 12, who=[TESS, CARL], reason="she is quick")
    reasons = "select book_anyway_reason from crm.assignment where ticket_id = %s order by member_id = %s desc"
    before = whole(desk, ticket)
    assert [each.book_anyway_reason for each in desk.all(reasons, ticket.id, TESS)] == ["she is quick", None]
    last = move(desk, ticket, 14, 16)
    assert [each.book_anyway_reason for each in desk.all(reasons, ticket.id, TESS)] == [None, None]
    desk.one(UNDO, last.change_set_id)
    assert whole(desk, ticket) == before


def test_out_of_hours_it_was_and_is_again(desk):
    ticket = desk.visit(18, 19, reason="they work late")
    before = whole(desk, ticket)
    last = move(desk, ticket, 10, 11)
    desk.one(UNDO, last.change_set_id)
    assert whole(desk, ticket) == before


@pytest.mark.parametrize(
    "since",
    [
        "select from api.ticket_confirmation_set(%s, 'confirmed')",
        "select from api.ticket_move(%s, '2033-03-04 16:00+00', '2033-03-04 17:00+00')",
        "update crm.assignment set book_anyway_reason = 'two at once' where ticket_id = %s",
    ],
)
def test_what_was_done_since_is_not_undone_with_it(desk, since):
    ticket = desk.visit(10, 12)
    last = move(desk, ticket, 14, 16)
    desk.one(f"with done as ({since} returning 1) select from done" if since.startswith("update") else since, ticket.id, who="owner")  # fmt: skip
    assert desk.one("select * from api.ticket_move_last(%s)", ticket.id) is None, "it is not offered either"
    with refused("change_set_was_changed_since"), savepoint(desk.connection):
        desk.one(UNDO, last.change_set_id)


def test_a_time_that_was_given_to_another_is_theirs(desk):
    ticket = desk.visit(10, 12)
    last = move(desk, ticket, 14, 16)
    desk.visit(11, 12)
    with refused("assignment_is_not_double_booked"), savepoint(desk.connection):
        desk.one(UNDO, last.change_set_id)


def test_twice_is_refused_and_an_undo_is_no_move(desk):
    ticket = desk.visit(10, 12)
    first = move(desk, ticket, 13, 15)
    second = move(desk, ticket, 14, 16)
    assert first.change_set_id != second.change_set_id
    with refused("change_set_was_changed_since"), savepoint(desk.connection):
        desk.one(UNDO, first.change_set_id)
    desk.one(UNDO, second.change_set_id)
    with refused("change_set_is_undone_once"), savepoint(desk.connection):
        desk.one(UNDO, second.change_set_id)
    # What is undone has never been: the move before it can be taken back as well.
    assert desk.one(UNDO, first.change_set_id).starts_at == at(10)


def test_only_whoever_moved_it_is_offered_the_undo_and_only_for_an_hour(desk):
    ticket = desk.visit(10, 12)
    last = move(desk, ticket, 14, 16)
    assert last.name == "Vera Visited"
    asked = "select * from api.ticket_move_last(%s)"
    assert desk.one(asked, ticket.id, who="owner") is None
    desk.clock(desk.one("select internal.now() as now").now + timedelta(minutes=61))
    assert desk.one(asked, ticket.id) is None
    with refused("action_is_not_for_your_role"), savepoint(desk.connection):
        desk.one(UNDO, last.change_set_id, who="technician")


def test_a_closed_visit_stays_where_it_was_done(desk):
    ticket = desk.visit(10, 12)
    last = move(desk, ticket, 14, 16)
    desk.cancel(ticket)
    with refused("ticket_closed_is_final"), savepoint(desk.connection):
        desk.one(UNDO, last.change_set_id)


@pytest.mark.parametrize(
    ("start", "end", "to"), [(9.75, 12, CARL), (9.75, 13, TESS)], ids=["to somebody else", "made longer"]
)
def test_the_clock_of_a_visit_under_way_goes_on(desk, start, end, to):
    ticket = desk.visit(9.75, 12, day=-2)
    desk.one("select from api.ticket_confirmation_set(%s, 'confirmed')", ticket.id)
    desk.clock(at(10, -2) + timedelta(minutes=5))
    desk.one("select from api.ticket_clock_in(%s)", ticket.id, who="technician")
    before = whole(desk, ticket)
    last = move(desk, ticket, start - 48, end - 48, to=to)
    desk.one(UNDO, last.change_set_id)
    for was, now in zip(before[1], whole(desk, ticket)[1], strict=True):
        assert {**was.row, "created_at": None} == {**now.row, "created_at": None}
    assert whole(desk, ticket)[0] == before[0]


def test_whoever_was_shut_out_since_goes_nowhere(desk):
    ticket = desk.visit(10, 12)
    last = move(desk, ticket, 14, 16, to=CARL)
    desk.one("select from api.member_disable(%s, true)", TESS, who="owner")
    desk.one(UNDO, last.change_set_id)
    assert desk.all("select from crm.assignment where ticket_id = %s", ticket.id) == []


def test_a_time_that_is_offered_to_somebody_meanwhile_is_refused_with_what_can_be_done(desk):
    ticket = desk.visit(10, 12)
    last = move(desk, ticket, 14, 16)
    desk.offer(desk.one("select * from crm.freed_slot where starts_at = %s", at(10)), desk.waits())
    with refused("assignment_time_is_held") as caught, savepoint(desk.connection):
        desk.one(UNDO, last.change_set_id)
    assert caught.value.diag.message_hint == "Move this visit to where it should be instead."
