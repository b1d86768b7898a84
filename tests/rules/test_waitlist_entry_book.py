"""Whoever is booked waits no longer: by a visit of their own, and only while they wait."""

import pytest

from tests.conftest import refused, savepoint
from tests.rules.waitlist import NOW


def booked(desk, entry):
    return desk.one("select status, booked_ticket_id, ended_at from crm.waitlist_entry where id = %s", entry.id)


def test_booking_ends_the_wish_and_withdraws_what_is_offered(desk):
    contact = desk.contact("Wanda Waiting")
    entry = desk.waits(contact)
    offer = desk.offer(desk.slot(), entry)
    visit = desk.visit(14, 15, contact=contact)
    desk.one("select from api.waitlist_entry_book(%s, %s)", entry.id, visit.id)
    assert booked(desk, entry) == ("booked", visit.id, NOW)
    assert desk.now(offer).status == "withdrawn"
    with refused("waitlist_entry_is_waiting"), savepoint(desk.connection):
        desk.one("select from api.waitlist_entry_book(%s, %s)", entry.id, visit.id)


@pytest.mark.parametrize("way", ["function", "update"])
def test_somebody_else_s_visit_ends_nothing(desk, way):
    entry, visit = desk.waits(), desk.visit(14, 15)
    statement = (
        "select from api.waitlist_entry_book(%s, %s)" if way == "function" else
        "with e as (update crm.waitlist_entry set status = 'booked', ended_at = now(), booked_ticket_id = %s where id = %s returning 1) select count(*) from e"
    )  # fmt: skip
    values = (entry.id, visit.id) if way == "function" else (visit.id, entry.id)
    with refused("waitlist_entry_booked_visit_is_theirs"), savepoint(desk.connection):
        desk.one(statement, *values)
    assert booked(desk, entry).status == "waiting"


def test_a_visit_that_is_over_ends_nothing(desk):
    contact = desk.contact("Wanda Waiting")
    entry, visit = desk.waits(contact), desk.visit(14, 15, contact=contact)
    desk.cancel(visit)
    with refused("ticket_closed_is_final"), savepoint(desk.connection):
        desk.one("select from api.waitlist_entry_book(%s, %s)", entry.id, visit.id)
