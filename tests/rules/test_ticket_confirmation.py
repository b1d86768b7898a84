"""pending → confirmed, declined or reschedule_requested, by the customer or by hand; only a move starts again at pending."""

import pytest

from tests.conftest import become, refused, savepoint

SET = "select confirmation from api.ticket_confirmation_set(%s, %s)"


@pytest.fixture
def desk(admin, signer):
    become(admin, signer, "owner")
    return admin


def test_an_answer_can_be_changed_but_not_taken_back(desk, visit):
    ticket = visit(desk)
    for answer in ("confirmed", "declined", "reschedule_requested", "confirmed", "confirmed"):
        assert desk.execute(SET, (ticket.id, answer)).fetchone().confirmation == answer
    with refused("ticket_confirmation_starts_again_with_a_move"), savepoint(desk):
        desk.execute(SET, (ticket.id, "pending"))
    for unknown in ("perhaps", None):
        with refused("ticket_confirmation_is_known"), savepoint(desk):
            desk.execute(SET, (ticket.id, unknown))


def test_a_visit_that_is_moved_starts_again_whoever_moves_it(desk, visit):
    ticket = visit(desk)
    desk.execute(SET, (ticket.id, "confirmed"))
    later = "update crm.ticket set starts_at = starts_at + interval '1 hour', ends_at = ends_at + interval '1 hour' where id = %s returning confirmation"
    assert desk.execute(later, (ticket.id,)).fetchone().confirmation == "pending"
    # An undo that brings the answer back with the time is believed.
    back = "update crm.ticket set starts_at = %s, ends_at = %s, confirmation = 'confirmed' where id = %s returning confirmation"
    assert desk.execute(back, (ticket.starts_at, ticket.ends_at, ticket.id)).fetchone().confirmation == "confirmed"


@pytest.mark.parametrize("status", ["in_progress", "completed", "cancelled"])
def test_nothing_is_confirmed_once_it_has_begun(desk, visit, status):
    ticket = visit(desk, status)
    rule = "ticket_confirmation_is_given_before" if status == "in_progress" else "ticket_closed_is_final"
    with refused(rule), savepoint(desk):
        desk.execute("update crm.ticket set confirmation = 'confirmed' where id = %s", (ticket.id,))
    with (
        refused("ticket_confirmation_is_asked_before" if status == "in_progress" else "ticket_closed_is_final"),
        savepoint(desk),
    ):
        desk.execute("select api.ticket_confirmation_ask(%s)", (ticket.id,))


def test_nobody_is_asked_who_has_answered_or_cannot_be_written_to(desk, visit):
    ticket = visit(desk)
    desk.execute(SET, (ticket.id, "declined"))
    with refused("ticket_confirmation_is_asked_once"), savepoint(desk):
        desk.execute("select api.ticket_confirmation_ask(%s)", (ticket.id,))
    other = visit(desk, at="2031-03-05 15:00+00")
    desk.execute("update crm.contact set email = null where id = %s", (other.contact_id,))
    for ask in ("ticket_confirmation_ask", "ticket_on_my_way"):
        desk.execute("select set_config('app.now', '2031-03-05 14:30+00', true)")
        with refused("message_has_an_address"), savepoint(desk):
            desk.execute(f"select api.{ask}(%s)", (other.id,))


def test_on_my_way_is_said_once_on_the_day_and_by_night_too(desk, visit):
    ticket = visit(desk, at="2031-03-06 04:30+00")  # half past ten in the evening
    with refused("ticket_on_my_way_is_today"), savepoint(desk):
        desk.execute("select api.ticket_on_my_way(%s)", (ticket.id,))
    desk.execute("select set_config('app.now', '2031-03-06 04:00+00', true)")
    first, second = (desk.execute("select * from api.ticket_on_my_way(%s)", (ticket.id,)).fetchone() for _ in range(2))
    assert (first.id, first.reason) == (second.id, "Olive is on the way.")
    become_worker = "select internal.act_as(business_id, null, 'worker') from crm.ticket where id = %s"
    desk.execute(become_worker, (ticket.id,))
    mail = desk.execute(
        "select * from api.message_begin(%s, %s, sha256('words'), 'https://link')", (first.id, first.send_at)
    ).fetchone()
    assert "We are on our way to you.\n\n" in mail.body
    assert "Who comes: Tess" in mail.body


def test_a_mail_moves_step_by_step(desk, visit):
    ticket = visit(desk)
    move = "update crm.message set status = %s, cancelled_at = case when %s = 'cancelled' then now() end where ticket_id = %s and kind = 'reminder'"
    for status in ("sent", "failed"):
        with refused("message_moves_step_by_step"), savepoint(desk):
            desk.execute(move, (status, status, ticket.id))
    desk.execute(move, ("cancelled", "cancelled", ticket.id))
    for status in ("pending", "sending", "sent"):
        with refused("message_moves_step_by_step"), savepoint(desk):
            desk.execute(move, (status, status, ticket.id))


def test_two_reminders_of_one_time_cannot_be(desk, visit):
    ticket = visit(desk)
    with refused("message_is_planned_once"), savepoint(desk):
        desk.execute(
            "insert into crm.message (contact_id, ticket_id, kind, send_at, reason) values (%s, %s, 'reminder', now(), 'Again.')",
            (ticket.contact_id, ticket.id),
        )
