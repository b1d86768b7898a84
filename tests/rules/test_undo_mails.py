"""Mails about a visit whose move, or whose change of a series, is undone: whoever was told otherwise is told again, and nobody else."""

from datetime import timedelta

import pytest

from tests.rules.undo import UNDO, mails, move, sent, told, whole
from tests.rules.waitlist import NOW, at


def reminder(desk, ticket):
    return desk.one("select * from crm.message where ticket_id = %s and kind = 'reminder' and status <> 'cancelled'", ticket.id)  # fmt: skip


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


def test_who_was_not_reached_by_the_mail_about_it_is_not_written_to_again(desk):
    """The mail server was away: the mail waits to be tried again, and has a link already."""
    ticket = desk.visit(10, 12)
    told(desk, ticket)
    last = move(desk, ticket, 14, 16)
    mail = mails(desk, ticket)[-1]
    desk.clock(mail.send_at)
    desk.one("select from api.message_begin(%s, %s, %s, 'https://link')", mail.id, mail.send_at, mail.id.bytes * 2, who="worker")  # fmt: skip
    desk.one("select from api.message_not_sent(%s, %s, 'away')", mail.id, mail.send_at, who="worker")
    assert mails(desk, ticket)[-1].status == "pending"
    desk.one(UNDO, last.change_set_id)
    assert [(mail.status, mail.cancel_reason) for mail in mails(desk, ticket)] == [("sent", None), ("cancelled", "The change was undone.")]  # fmt: skip


def test_there_and_back_and_there_again_is_one_mail(desk):
    ticket = desk.visit(10, 12)
    told(desk, ticket)
    move(desk, ticket, 14, 16)
    before = whole(desk, ticket)
    last = move(desk, ticket, 10, 12)
    assert [mail.status for mail in mails(desk, ticket)] == ["sent", "cancelled"]
    desk.one(UNDO, last.change_set_id)
    assert whole(desk, ticket)[:3] == before[:3]


def test_a_time_they_were_reminded_of_is_left_again(desk):
    ticket = desk.visit(10, 12)
    sent(desk, reminder(desk, ticket))
    move(desk, ticket, 10 + 24, 12 + 24)
    before = whole(desk, ticket)
    last = move(desk, ticket, 10, 12)
    desk.one(UNDO, last.change_set_id)
    assert whole(desk, ticket)[:3] == before[:3]


def test_a_mail_that_became_too_near_goes_out_after_all(desk):
    ticket = desk.visit(10, 12)
    desk.clock(NOW + timedelta(hours=13))  # at night: it goes in the morning
    desk.one("select from api.ticket_confirmation_ask(%s)", ticket.id)
    before = whole(desk, ticket)
    last = move(desk, ticket, 7 - 24, 8 - 24, reason="early birds")
    assert [mail.status for mail in mails(desk, ticket)] == ["cancelled"]
    desk.one(UNDO, last.change_set_id)
    assert whole(desk, ticket)[:3] == before[:3]


def test_an_offer_that_was_withdrawn_stays_so_and_its_mail_with_it(desk):
    offer = desk.offer(desk.slot(10, 12), desk.waits())
    ticket = desk.visit(14, 16)
    last = move(desk, ticket, 10, 12, reason="it must be then")
    assert (desk.now(offer).status, desk.mail(offer).status) == ("withdrawn", "cancelled")
    desk.one(UNDO, last.change_set_id)
    assert (desk.now(offer).status, desk.mail(offer).status) == ("withdrawn", "cancelled")


@pytest.mark.parametrize("day", [0, -2], ids=["that day", "today"])
def test_a_change_of_a_series_is_undone_with_its_mails(desk, day):
    series, (ticket,) = desk.repeat(1)
    told(desk, ticket)
    desk.clock(NOW)
    before = whole(desk, ticket)
    changed = desk.change(series, "14:00", day, 1)
    desk.one("select from api.series_undo(%s)", changed)
    assert whole(desk, ticket)[:3] == before[:3]


def test_a_change_of_a_series_that_was_told_by_mail_is_told_again_when_it_is_undone(desk):
    series, (ticket,) = desk.repeat(1)
    told(desk, ticket)
    desk.one("select from api.ticket_confirmation_set(%s, 'confirmed')", ticket.id)
    changed = desk.change(series, "14:00", count=1)
    sent(desk, mails(desk, ticket)[-1])
    desk.one("select from api.series_undo(%s)", changed)
    assert [(mail.status, mail.ticket_starts_at) for mail in mails(desk, ticket)][-1] == ("pending", at(10))


def test_who_was_told_that_a_visit_is_cancelled_is_told_that_it_is_on_again(desk):
    series, (ticket, _) = desk.repeat(2)
    told(desk, ticket)
    desk.one("select from api.ticket_confirmation_set(%s, 'confirmed')", ticket.id)
    ended = desk.one("select id from api.series_end(%s, %s)", series, NOW.date())
    sent(desk, desk.one("select * from crm.message where ticket_id = %s and kind = 'cancellation'", ticket.id))
    desk.one("select from api.series_undo(%s)", ended.id)
    now = desk.one("select status, confirmation from crm.ticket where id = %s", ticket.id)
    assert tuple(now) == ("scheduled", "pending"), "nobody has accepted what they were told is off"
    last = mails(desk, ticket)[-1]
    assert (last.status, last.reason, last.ticket_starts_at) == ("pending", "The visit is on again.", at(10))


def test_a_visit_that_came_of_a_change_and_they_were_reminded_of_is_cancelled_by_its_undo(desk):
    series, _ = desk.repeat(2)
    desk.one("select from api.series_pause(%s, %s, %s)", series, NOW.date(), at(10, 30).date())
    goes_on = desk.one("select id from api.series_resume(%s)", series)
    made = desk.one("select * from crm.ticket where series_id = %s and status = 'scheduled' order by starts_at limit 1", series)  # fmt: skip
    sent(desk, reminder(desk, made))
    desk.one("select from api.series_undo(%s)", goes_on.id)
    gone = desk.one("select status, cancel_reason from crm.ticket where id = %s", made.id)
    assert gone == ("cancelled", "The change was undone.")
    mail = desk.one("select * from crm.message where ticket_id = %s and kind = 'cancellation'", made.id)
    assert mail.status == "pending"
