"""A move of a visit is taken back as if it had never been, by whom it was a slip of the hand; unless something came of it."""

from datetime import timedelta
from typing import Any

import pytest

from tests.conftest import refused, savepoint
from tests.rules.waitlist import CARL, TESS, Desk, at

MOVE = "select * from api.ticket_move(%s, %s, %s, %s, %s, %s)"
UNDO = "select * from api.ticket_move_undo(%s)"


def move(desk: Desk, ticket: Any, start: float, end: float, *, whose: Any = TESS, to: Any = TESS, reason: str | None = None) -> Any:  # fmt: skip
    """Move it as the calendar does; what the office can take back then."""
    desk.one(MOVE, ticket.id, at(start), at(end), whose, to, reason)
    return desk.one("select * from api.ticket_move_last(%s)", ticket.id)


def whole(desk: Desk, ticket: Any) -> tuple[Any, ...]:
    """All that a move could touch, but for when it was touched."""
    return (
        desk.one("select to_jsonb(t) - '{updated_at,revision}'::text[] as row from crm.ticket t where id = %s", ticket.id).row,
        desk.all("select to_jsonb(a) - 'updated_at' as row from crm.assignment a where ticket_id = %s order by member_id", ticket.id),
        desk.all("select kind, status, send_at, ticket_starts_at, cancel_reason from crm.message where ticket_id = %s order by kind, asked", ticket.id),
        desk.all("select member_id, starts_at, ends_at from crm.freed_slot order by 1, 2"),
        desk.all("select expires_at, revoked_at from crm.ticket_link where ticket_id = %s order by id", ticket.id),
    )  # fmt: skip


def told(desk: Desk, ticket: Any) -> Any:
    """The customer is asked by mail, and the mail goes out."""
    mail = desk.one("select * from api.ticket_confirmation_ask(%s)", ticket.id)
    sent(desk, mail)
    return mail


def sent(desk: Desk, mail: Any) -> None:
    due = desk.one("select * from crm.message where id = %s", mail.id).send_at
    desk.clock(due)
    ready = desk.one("select * from api.message_begin(%s, %s, %s, 'https://link')", mail.id, due, mail.id.bytes * 2, who="worker")  # fmt: skip
    assert ready is not None, desk.one("select * from crm.message where id = %s", mail.id)
    desk.one("select from api.message_sent(%s, %s)", mail.id, due, who="worker")


def mails(desk: Desk, ticket: Any) -> list[Any]:
    return desk.all("select * from crm.message where ticket_id = %s and kind = 'confirmation' order by asked", ticket.id)  # fmt: skip


@pytest.mark.parametrize(
    ("start", "end", "to"), [(13, 15, TESS), (10, 11, TESS), (10, 12, CARL), (14, 15, CARL), (14, 15, None)],
    ids=["to another time", "made shorter", "to somebody else", "to both", "to nobody"],
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
    contact, address = desk.contact("Sella Series")
    made = "select id from api.series_create(%s, %s, %s, '10:00', 60, p_rrule => 'FREQ=WEEKLY;COUNT=3', p_member_ids => %s::uuid[], p_services => '[]')"
    series = desk.one(made, contact, address, at(10).date(), [TESS]).id
    ticket = desk.one("select * from crm.ticket where series_id = %s order by starts_at limit 1", series)
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


def test_who_was_not_told_yet_hears_nothing(desk):
    ticket = desk.visit(10, 12)
    told(desk, ticket)
    desk.one("select from api.ticket_confirmation_set(%s, 'confirmed')", ticket.id)
    last = move(desk, ticket, 14, 16)
    assert [mail.status for mail in mails(desk, ticket)] == ["sent", "pending"]
    desk.one(UNDO, last.change_set_id)
    assert [mail.status for mail in mails(desk, ticket)] == ["sent"]


def test_who_was_told_of_the_other_time_is_asked_anew(desk):
    ticket = desk.visit(10, 12)
    told(desk, ticket)
    desk.one("select from api.ticket_confirmation_set(%s, 'confirmed')", ticket.id)
    last = move(desk, ticket, 14, 16)
    sent(desk, mails(desk, ticket)[-1])
    back = desk.one(UNDO, last.change_set_id)
    assert back.confirmation == "pending", "nobody has accepted it after being told otherwise"
    assert [(mail.status, mail.ticket_starts_at) for mail in mails(desk, ticket)] == [
        ("sent", at(10)), ("sent", at(14)), ("pending", at(10)),
    ]  # fmt: skip


def test_who_was_reminded_of_the_other_time_is_told_though_no_mail_about_the_move_went_out(desk):
    ticket = desk.visit(10, 12)
    told(desk, ticket)
    last = move(desk, ticket, 14, 16)
    sent(desk, desk.one("select * from crm.message where ticket_id = %s and kind = 'reminder'", ticket.id))
    desk.one(UNDO, last.change_set_id)
    assert [(mail.status, mail.ticket_starts_at) for mail in mails(desk, ticket)] == [("sent", at(10)), ("pending", at(10))]  # fmt: skip


def test_what_was_accepted_on_the_phone_after_an_older_mail_stays_accepted(desk):
    ticket = desk.visit(10, 12)
    told(desk, ticket)
    move(desk, ticket, 13, 15)
    desk.one("select from api.ticket_confirmation_set(%s, 'confirmed')", ticket.id)
    desk.clock(desk.one("select internal.now() as now").now + timedelta(minutes=1))
    last = move(desk, ticket, 14, 16)
    assert desk.one(UNDO, last.change_set_id).confirmation == "confirmed"


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


def test_a_change_of_a_series_that_was_told_by_mail_is_told_again_when_it_is_undone(desk):
    contact, address = desk.contact("Sella Series")
    made = "select id from api.series_create(%s, %s, %s, '10:00', 60, p_rrule => 'FREQ=WEEKLY;COUNT=1', p_member_ids => %s::uuid[], p_services => '[]')"
    series = desk.one(made, contact, address, at(10).date(), [TESS]).id
    ticket = desk.one("select * from crm.ticket where series_id = %s", series)
    told(desk, ticket)
    desk.one("select from api.ticket_confirmation_set(%s, 'confirmed')", ticket.id)
    changed = desk.one(
        "select change_set_id from api.series_update(%s, null, 'all', %s, '14:00', 60, 'week', 1, null, null, null, null, 1, null, null, %s::uuid[], '[]', null)",
        series, at(10).date(), [TESS],
    )  # fmt: skip
    sent(desk, mails(desk, ticket)[-1])
    desk.one("select from api.series_undo(%s)", changed.change_set_id)
    assert [(mail.status, mail.ticket_starts_at) for mail in mails(desk, ticket)][-1] == ("pending", at(10))
