"""An offer: planned → held for twenty minutes → claimed, declined, run out or withdrawn; then the next one is asked."""

from datetime import timedelta

import psycopg
import pytest

from tests.conftest import PANES, STOREFRONT, refused, savepoint
from tests.rules.waitlist import CARL, NOW, TESS, Desk, at

HOLD = timedelta(minutes=20)


def entries(desk: Desk, number: int, **wish):
    made = []
    for n in range(number):
        desk.clock(NOW + timedelta(seconds=n))
        made.append(desk.waits(desk.contact(f"Wanda {n}"), **wish))
    return made


def test_the_twenty_minutes_begin_when_the_mail_is_sent(desk, slot):
    offer = desk.offer(slot, desk.waits())
    assert (offer.status, offer.held_until, offer.starts_at, offer.ends_at) == ("planned", None, at(10), at(11))
    mail = desk.mail(offer)
    assert (mail.kind, mail.status, mail.send_at, mail.reason, mail.ticket_id) == (
        "waitlist_offer",
        "pending",
        NOW,
        "Offered by Omar.",
        None,
    )
    desk.clock(NOW + timedelta(minutes=3))
    desk.send(offer)
    held = desk.now(offer)
    assert (held.status, held.held_until) == ("held", NOW + timedelta(minutes=23))
    assert [job.run_at for job in desk.jobs("waitlist_run_out")] == [held.held_until]


def test_the_mail_says_all_there_is_to_know(desk, slot):
    offer = desk.offer(slot, desk.waits(services=[PANES], minutes=None))
    desk.send(offer)
    for words in (
        "Hello Wanda Waiting,", "A time has become free: we could come on Thursday, March 3, 10:00 am to 11:00 am.", "What: Exterior windows",
        "Where: 1 Elm St, Madison", "Who comes: Tess", "We hold it for you until 10:20 am.", "https://link",
    ):  # fmt: skip
        assert words in desk.body


def test_the_mail_says_which_visit_would_move(desk, slot):
    contact = desk.contact("Vic")
    desk.send(desk.offer(slot, desk.waits(contact, ticket_id=desk.visit(8, 9, contact=contact, day=1).id)))
    assert "10:00 am to 11:00 am.\n\nThis would be instead of your visit on Friday, March 4, 8:00 am.\n" in desk.body


def test_nobody_is_written_to_at_night(desk, slot):
    desk.clock(at(22, day=-1))
    offer = desk.offer(slot, desk.waits())
    assert desk.mail(offer).send_at == at(8)
    assert desk.now(offer).status == "planned"


def test_a_mail_that_would_come_too_late_is_refused(desk):
    slot, entry = desk.slot(8, 9), desk.waits()
    desk.clock(at(22, day=-1))
    with (
        pytest.raises(psycopg.errors.CheckViolation, match="Nobody is written to between eight"),
        savepoint(desk.connection),
    ):
        desk.offer(slot, entry)
    desk.clock(at(14, day=-1))
    desk.one("select from api.waitlist_offer_withdraw(%s)", desk.offer(slot, entry).id)
    late = desk.slot(10, 12)
    desk.clock(at(9.75))
    with refused("waitlist_offer_is_in_time"), savepoint(desk.connection):
        desk.offer(late, entry)


def test_a_mail_that_waits_is_not_sent_when_its_reason_is_gone(desk, slot):
    offer = desk.offer(slot, desk.waits())
    desk.clock(at(9.75))
    assert desk.send(offer) is None
    assert (desk.now(offer).status, desk.now(offer).end_reason) == ("withdrawn", "The time is too near by now.")


@pytest.mark.parametrize("why", ["is off", "has left", "works elsewhen"])
def test_nobody_is_offered_the_time_of_who_is_not_there_by_the_morning(desk, slot, why):
    """Planned in the evening; at seven she rings in ill. Whoever said yes would hear that the time was taken."""
    desk.clock(at(22, day=-1))
    offer = desk.offer(slot, desk.waits())
    if why == "is off":
        desk.one("select from api.time_off_add(%s, %s, %s)", TESS, at(0), at(24), who="owner")
    elif why == "has left":
        desk.one("update crm.member set disabled_at = internal.now() where id = %s returning 1", TESS)
    else:
        hours = "select from api.working_hours_set(%s, '{4}', '{13:00}', '{17:00}')"
        desk.one(hours, TESS, who="owner")
    desk.clock(at(8))
    assert desk.send(offer) is None
    assert (desk.now(offer).status, desk.now(offer).end_reason) == ("withdrawn", "The technician is not at work then.")


def test_one_offer_at_a_time_of_a_slot_and_to_a_customer(desk, slot):
    first, second = entries(desk, 2)
    desk.offer(slot, first)
    with refused("waitlist_offer_is_the_slots_only_one"), savepoint(desk.connection):
        desk.offer(slot, second)
    with refused("waitlist_offer_fits"), savepoint(desk.connection):
        desk.offer(desk.slot(14, 16), first)


def test_two_freed_times_that_overlap_offer_it_once(desk):
    small, large = desk.slot(10, 11), desk.slot(10, 12)
    first, second, third = entries(desk, 3)
    desk.offer(small, first)
    with refused("waitlist_offer_fits"), savepoint(desk.connection):
        desk.connection.execute("update crm.waitlist_entry set minutes = 120 where id = %s", (second.id,))
        desk.offer(large, second)
    assert desk.offer(large, third).starts_at == at(11)
    insert = "insert into crm.waitlist_offer (freed_slot_id, waitlist_entry_id, member_id, starts_at, ends_at, busy_until) values (%s, %s, %s, %s, %s, %s)"
    with refused("waitlist_offer_is_the_slots_only_one"), savepoint(desk.connection):
        desk.connection.execute(insert, (small.id, second.id, TESS, at(13), at(14), at(14)))
    other = desk.slot(15, 16)
    with refused("waitlist_offer_time_is_offered_once"), savepoint(desk.connection):
        desk.connection.execute(insert, (other.id, second.id, TESS, at(10.5), at(11.5), at(11.5)))
    with refused("waitlist_offer_slot_is_the_members"), savepoint(desk.connection):
        desk.connection.execute(insert, (other.id, second.id, CARL, at(15), at(16), at(16)))


def test_who_has_no_address_is_called(desk, slot):
    entry = desk.waits(desk.contact("Mia Mailless", email=None))
    with refused("message_has_an_address"), savepoint(desk.connection):
        desk.offer(slot, entry)


def test_a_claim_books_a_confirmed_visit_for_the_services(desk, slot):
    contact = desk.contact("Clara")
    entry = desk.waits(contact, services=[STOREFRONT, PANES], minutes=None)
    offer = desk.offer(slot, entry)
    token = desk.send(offer)
    assert desk.opened(token).state == "open"
    assert desk.claim(token) == "ok"
    ticket = desk.one("select * from crm.ticket where contact_id = %s", contact[0])
    assert (ticket.starts_at, ticket.ends_at, ticket.confirmation, ticket.address_id) == (
        at(10),
        at(11.5),
        "confirmed",
        contact[1],
    )
    assert [row.name for row in desk.all("select name from crm.line_item where ticket_id = %s order by position", ticket.id)] == [
        "Storefront", "Exterior windows",
    ]  # fmt: skip
    assert [
        row.member_id for row in desk.all("select member_id from crm.assignment where ticket_id = %s", ticket.id)
    ] == [TESS]
    claimed = desk.now(offer)
    assert (claimed.status, claimed.ticket_id) == ("claimed", ticket.id)
    booked = desk.one("select status, booked_ticket_id from crm.waitlist_entry where id = %s", entry.id)
    assert booked == ("booked", ticket.id)
    assert desk.opened(token).state == "claimed"
    desk.cancel(ticket)
    assert desk.opened(token).state == "cancelled"


def test_a_claim_moves_the_visit_that_would_come_sooner(desk, slot):
    contact = desk.contact("Mona Moves")
    ticket = desk.visit(8, 9, who=CARL, contact=contact, day=1)
    entry = desk.waits(contact, ticket_id=ticket.id)
    token = desk.send(desk.offer(slot, entry))
    assert desk.opened(token).instead_of == "Friday, March 4, 8:00 am"
    assert desk.claim(token) == "ok"
    (now,) = desk.all("select * from crm.ticket where contact_id = %s", contact[0])
    assert (now.id, now.starts_at, now.ends_at, now.confirmation) == (ticket.id, at(10), at(11), "confirmed")
    assert [
        row.member_id for row in desk.all("select member_id from crm.assignment where ticket_id = %s", ticket.id)
    ] == [TESS]
    freed = [(each.member_id, each.starts_at) for each in desk.slots() if each.ticket_id == ticket.id]
    assert freed == [(CARL, at(8, day=1))], "and the time that it had is free in turn"


def test_a_claim_keeps_a_confirmed_visit_confirmed(desk, slot):
    contact = desk.contact("Connie")
    ticket = desk.visit(8, 9, contact=contact, day=1, reason="in her sleep")
    desk.one("select from api.ticket_confirmation_set(%s, 'confirmed')", ticket.id)
    assert desk.claim(desk.send(desk.offer(slot, desk.waits(contact, ticket_id=ticket.id)))) == "ok"
    assert desk.one("select confirmation from crm.ticket where id = %s", ticket.id).confirmation == "confirmed"


def test_a_second_tap_is_the_first(desk, slot):
    contact = desk.contact("Tappy")
    token = desk.send(desk.offer(slot, desk.waits(contact)))
    assert [desk.claim(token) for _ in range(3)] == ["ok"] * 3
    assert len(desk.all("select from crm.ticket where contact_id = %s", contact[0])) == 1
    assert desk.decline(token) == "late"


def test_an_answer_may_come_before_we_know_that_the_mail_arrived(desk, slot):
    offer = desk.offer(slot, desk.waits())
    mail = desk.mail(offer)
    desk.one(
        "select from api.message_begin(%s, %s, sha256('words'), 'https://link')", mail.id, mail.send_at, who="worker"
    )
    token = desk.one("select sha256('words') as hash").hash
    assert desk.opened(token).state == "open"
    assert desk.claim(token) == "ok"
    desk.one("select from api.message_sent(%s, %s)", mail.id, mail.send_at, who="worker")
    assert desk.now(offer).status == "claimed"


def test_who_declines_lets_the_next_one_have_it(desk, slot):
    first, second = entries(desk, 2)
    offer = desk.offer(slot, first)
    token = desk.send(offer)
    assert [desk.decline(token), desk.decline(token)] == ["ok", "ok"]
    assert desk.now(offer).status == "declined"
    assert desk.opened(token).state == "declined"
    assert desk.claim(token) == "late"
    assert [job.payload["freed_slot_id"] for job in desk.jobs("waitlist_next")] == [str(slot.id)]
    after = desk.asked_next(slot)
    assert (after.waitlist_entry_id, after.status) == (second.id, "planned")
    assert desk.mail(after).reason == "Offered by itself: the one before did not take it."
    assert desk.asked_next(slot).id is None, "one at a time"


def test_what_runs_out_goes_to_the_next_until_nobody_is_left(desk, slot):
    people = entries(desk, 3)
    offer, now = desk.offer(slot, people[0]), NOW + timedelta(minutes=1)
    run_out = "select api.waitlist_offer_run_out(%s) as now"
    for n, person in enumerate(people):
        assert offer.waitlist_entry_id == person.id
        desk.clock(now)
        token = desk.send(offer)
        desk.clock(now + HOLD - timedelta(seconds=1))
        assert desk.one(run_out, offer.id, who="worker").now == "held"
        assert desk.opened(token).state == "open"
        now += HOLD
        desk.clock(now)
        assert desk.opened(token).state == "late", "before its job has come by"
        assert desk.claim(token) == "late"
        assert desk.one(run_out, offer.id, who="worker").now == "run_out"
        assert desk.one(run_out, offer.id, who="worker").now == "run_out"
        assert len(desk.jobs("waitlist_next")) == n + 1
        offer = desk.asked_next(slot)
    assert offer.id is None
    assert [fit.name for fit in desk.fits(slot)] == []


def test_the_next_one_is_not_asked_at_night_when_it_would_be_too_late_or_it_is_switched_off(desk, slot):
    first, second, third = entries(desk, 3)
    desk.decline(desk.send(desk.offer(slot, first)))
    desk.one("select from api.freed_slot_update(%s, false)", slot.id)
    assert desk.asked_next(slot).id is None
    desk.one("select from api.freed_slot_update(%s, true)", slot.id)
    desk.clock(at(21, day=-1))
    asked = desk.asked_next(slot)
    assert (asked.waitlist_entry_id, desk.mail(asked).send_at) == (second.id, at(8))
    desk.clock(at(9.75))
    desk.one("select from api.waitlist_offer_withdraw(%s)", asked.id)
    assert desk.asked_next(slot).id is None
    assert third.status == "waiting"


def test_another_time_that_has_run_out_still_goes_to_the_next(desk, slot):
    """Whoever makes an offer ends what has run out of the same technician's time, before its own job comes by."""
    first, second, _ = entries(desk, 3)
    desk.send(desk.offer(slot, first))
    desk.clock(NOW + HOLD + timedelta(minutes=1))
    desk.offer(desk.slot(14, 16), second)
    assert [job.payload["freed_slot_id"] for job in desk.jobs("waitlist_next")] == [str(slot.id)]


def test_who_cannot_be_written_to_is_passed_over(desk, slot):
    desk.waits(desk.contact("Mia Mailless", email=None))
    desk.clock(NOW + timedelta(minutes=1))
    entry = desk.waits()
    assert desk.asked_next(slot).waitlist_entry_id == entry.id


def test_an_offer_that_is_stopped_stays_stopped(desk, slot):
    first, _ = entries(desk, 2)
    offer = desk.offer(slot, first)
    token = desk.send(offer)
    stopped = desk.one("select * from api.waitlist_offer_withdraw(%s)", offer.id)
    assert (stopped.status, stopped.end_reason) == ("withdrawn", "Stopped by Omar.")
    assert desk.jobs("waitlist_next") == []
    assert desk.opened(token).state == "taken"
    assert desk.claim(token) == "taken"
    assert desk.all("select from crm.ticket where starts_at = %s and status = 'scheduled'", at(10)) == []
    with refused("waitlist_offer_is_live"), savepoint(desk.connection):
        desk.one("select from api.waitlist_offer_withdraw(%s)", offer.id)
    assert desk.offer(slot, first).status == "planned", "by hand they may be offered it again"


def test_a_mail_that_is_not_sent_is_no_offer(desk, slot):
    first, second = entries(desk, 2)
    offer = desk.offer(slot, first)
    desk.one("select from api.message_cancel(%s)", offer.message_id)
    assert (desk.now(offer).status, desk.now(offer).end_reason) == (
        "withdrawn",
        "Somebody of the business cancelled it.",
    )
    assert desk.jobs("waitlist_next") == [], "whoever stops the mail means the offer"
    offer = desk.offer(slot, second)
    for state in ("sending", "failed"):
        desk.one("update crm.message set status = %s where id = %s returning 1", state, offer.message_id, who="worker")
    assert (desk.now(offer).status, desk.now(offer).end_reason) == ("withdrawn", "The mail could not be sent.")
    assert len(desk.jobs("waitlist_next")) == 1
    with refused("message_can_be_sent"), savepoint(desk.connection):
        desk.one("select from api.message_send(%s)", offer.message_id)


def test_an_offer_that_is_over_takes_its_mail_along(desk, slot):
    entry = desk.waits()
    offer = desk.offer(slot, entry)
    desk.one("select from api.waitlist_entry_end(%s, 'They rang')", entry.id)
    assert (desk.now(offer).status, desk.now(offer).end_reason) == ("withdrawn", "They wait no longer.")
    assert (desk.mail(offer).status, desk.mail(offer).cancel_reason) == ("cancelled", "They wait no longer.")


def test_what_refuses_the_booking_ends_the_offer_and_says_nothing_to_the_customer(desk, slot):
    contact = desk.contact("Ruth Refused")
    offer = desk.offer(slot, desk.waits(contact, services=[PANES], minutes=None))
    token = desk.send(offer)
    desk.one("select from api.service_archive(%s, true)", PANES)
    assert desk.claim(token) == "taken"
    ended = desk.now(offer)
    assert (ended.status, ended.end_reason) == (
        "withdrawn",
        "It could not be booked: line item service is on the list.",
    )
    assert desk.all("select from crm.ticket where contact_id = %s", contact[0]) == []


@pytest.mark.parametrize("status", ["claimed", "declined", "run_out", "withdrawn"])
def test_what_is_over_is_final(desk, slot, status):
    offer = desk.offer(slot, desk.waits())
    if status == "run_out":
        desk.send(offer)
    ticket = desk.visit(14, 15)
    change = "update crm.waitlist_offer set status = %s, ended_at = now(), ticket_id = %s where id = %s returning 1"
    desk.one(change, status, ticket.id if status == "claimed" else None, offer.id)
    for other in {"planned", "held", "claimed", "declined", "run_out", "withdrawn"} - {status}:
        with refused("waitlist_offer_moves_step_by_step"), savepoint(desk.connection):
            desk.one(change, other, None, offer.id)


def test_an_offer_does_not_run_out_before_it_is_held(desk, slot):
    offer = desk.offer(slot, desk.waits())
    with refused("waitlist_offer_moves_step_by_step"), savepoint(desk.connection):
        desk.one(
            "update crm.waitlist_offer set status = 'run_out', ended_at = now() where id = %s returning 1", offer.id
        )
