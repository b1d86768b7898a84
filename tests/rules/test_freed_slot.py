"""A time becomes free when a visit is cancelled or moved, or a technician is taken off it: what is still to come is remembered."""

from datetime import timedelta

from tests.conftest import TIDY, refused, savepoint
from tests.rules.waitlist import CARL, NOW, TESS, at


def spans(desk):
    return [(slot.member_id, slot.starts_at, slot.ends_at) for slot in desk.slots()]


def move(desk, ticket, start, end, who=TESS):
    desk.one(
        "select from api.ticket_update(%s, %s, %s, %s, %s::uuid[], null)", ticket.id, ticket.address_id, at(start), at(end), [who]
    )  # fmt: skip


def test_a_visit_that_is_cancelled_frees_the_time_of_each_technician(desk):
    ticket = desk.visit(10, 12, who=[TESS, CARL])
    assert spans(desk) == []
    desk.cancel(ticket)
    assert spans(desk) == sorted([(TESS, at(10), at(12)), (CARL, at(10), at(12))])
    assert {slot.ticket_id for slot in desk.slots()} == {ticket.id}


def test_a_visit_without_a_technician_frees_nobodys_time(desk):
    desk.cancel(desk.visit(10, 12, who=None))
    assert spans(desk) == []


def test_moving_frees_what_the_visit_does_not_take_again(desk):
    ticket = desk.visit(10, 12)
    move(desk, ticket, 11, 13)
    assert spans(desk) == [(TESS, at(10), at(11))]
    move(desk, ticket, 14, 16)
    assert spans(desk) == [(TESS, at(10), at(11)), (TESS, at(11), at(13))]


def test_a_few_minutes_are_nobodys(desk):
    ticket = desk.visit(10, 12)
    move(desk, ticket, 10.2, 12)
    assert spans(desk) == []


def test_who_is_taken_off_is_free(desk):
    ticket = desk.visit(10, 12)
    move(desk, ticket, 10, 12, CARL)
    assert spans(desk) == [(TESS, at(10), at(12))]


def test_the_travel_after_it_is_not_part_of_it(desk):
    desk.one("update crm.business set travel_buffer_minutes = 30 where business_id = %s returning 1", TIDY)
    first, second = desk.visit(8, 9), desk.visit(10, 12)
    move(desk, first, 8, 9, CARL)
    desk.cancel(second)
    assert spans(desk) == [(TESS, at(8), at(9)), (TESS, at(10), at(12))]


def test_only_what_is_still_to_come(desk):
    over, running = desk.visit(8, 9), desk.visit(10, 12)
    desk.clock(at(10) + timedelta(minutes=37))
    for ticket in (over, running):
        desk.cancel(ticket)
    assert spans(desk) == [(TESS, at(10.75), at(12))], "from the next quarter of an hour on"


def test_the_same_time_twice_is_one(desk):
    desk.cancel(desk.visit(10, 12))
    again = desk.visit(10, 12)
    desk.cancel(again)
    assert spans(desk) == [(TESS, at(10), at(12))]
    assert desk.slots()[0].ticket_id == again.id


def test_an_answer_a_start_and_a_note_free_nothing(desk):
    ticket = desk.visit(10, 12)
    desk.one("select from api.ticket_confirmation_set(%s, 'declined')", ticket.id)
    desk.clock(at(10))
    desk.one("select from api.ticket_clock_in(%s)", ticket.id, who="technician")
    assert spans(desk) == []


def test_a_visit_left_out_of_its_series_frees_its_time_and_undoing_takes_it_again(desk):
    _, (first, *_) = desk.repeat()
    change = desk.one("select id from api.series_skip(%s)", first.id)
    (slot,) = desk.slots()
    assert (slot.ticket_id, slot.starts_at, slot.ends_at) == (first.id, at(10), at(11))
    entry = desk.waits(minutes=30)
    assert [fit.waitlist_entry_id for fit in desk.fits(slot)] == [entry.id]
    desk.one("select from api.series_undo(%s)", change.id)
    assert desk.slots() == []


def test_a_time_that_is_offered_keeps_the_change_from_being_undone_until_the_offer_is_stopped(desk):
    _, (first, *_) = desk.repeat()
    change = desk.one("select id from api.series_skip(%s)", first.id)
    (slot,) = desk.slots()
    entry = desk.waits(minutes=60)
    offer = desk.offer(slot, entry)
    with refused("assignment_time_is_held"), savepoint(desk.connection):
        desk.one("select from api.series_undo(%s)", change.id)
    desk.one("select from api.waitlist_offer_withdraw(%s)", offer.id)
    desk.one("select from api.series_undo(%s)", change.id)
    assert [each.id for each in desk.slots()] == [slot.id], "what was offered is remembered"
    assert desk.fits(slot) == [], "but it is not free"


def test_a_sooner_time_is_waited_for_again_when_the_change_of_the_series_is_undone(desk):
    _, (_, second, _) = desk.repeat()
    entry = desk.waits((second.contact_id, None), ticket_id=second.id)
    change = desk.one("select id from api.series_skip(%s)", second.id)
    state = "select status, end_reason from crm.waitlist_entry where id = %s"
    assert desk.one(state, entry.id) == ("ended", "The visit was cancelled.")
    desk.one("select from api.series_undo(%s)", change.id)
    assert desk.one(state, entry.id) == ("waiting", None)


def test_a_series_that_moves_frees_the_days_it_leaves(desk):
    series, visits = desk.repeat()
    changed = desk.change(series, "14:00")
    assert [slot.starts_at for slot in desk.slots()] == [visit.starts_at for visit in visits]
    desk.one("select from api.series_undo(%s)", changed)
    assert [each.starts_at for each in desk.all("select starts_at from crm.ticket where series_id = %s and status = 'scheduled' order by 1", series)] == [
        visit.starts_at for visit in visits
    ]  # fmt: skip
    assert desk.slots() == []


def test_nothing_of_the_past_is_shown(desk):
    slot = desk.slot(10, 12)
    desk.waits()
    shown = "select id from api.freed_slot_list()"
    assert [each.id for each in desk.all(shown)] == [slot.id]
    desk.clock(at(11.5))
    assert desk.all(shown) == []
    assert at(10) > NOW
