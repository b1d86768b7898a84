"""While a time is offered to somebody nobody else is booked then; a reason books anyway and ends the offer; one of many gets it."""

import threading
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from psycopg.rows import namedtuple_row

from crm.auth import link
from tests.conftest import PAT, PATS_HOUSE, TIDY, become, refused, savepoint
from tests.rules.waitlist import CARL, NOW, TESS, at


@pytest.fixture
def offer(desk):
    """Ten to eleven, planned for somebody."""
    return desk.offer(desk.slot(10, 12), desk.waits())


def test_what_is_offered_is_nobody_elses(desk, offer):
    with (
        pytest.raises(psycopg.errors.CheckViolation, match="This time is about to be offered to somebody") as caught,
        savepoint(desk.connection),
    ):
        desk.visit(10.5, 11.5)
    assert caught.value.diag.constraint_name == "assignment_time_is_held"
    desk.send(offer)
    with (
        pytest.raises(psycopg.errors.CheckViolation, match="This time is offered to somebody until 10:20 am"),
        savepoint(desk.connection),
    ):
        desk.visit(9.5, 10.25)
    desk.visit(11, 12)
    desk.visit(9, 10)
    desk.visit(10, 11, who=CARL)


def test_nor_is_a_visit_moved_there_or_a_technician_put_on_one(desk, offer):
    ticket, other = desk.visit(14, 15), desk.visit(10, 11, who=CARL)
    move = "select from api.ticket_update(%s, %s, %s, %s, %s::uuid[], null)"
    for each, start in ((ticket, 10), (other, 10)):
        with refused("assignment_time_is_held"), savepoint(desk.connection):
            desk.one(move, each.id, each.address_id, at(start), at(start + 1), [TESS])
    with refused("assignment_time_is_held"), savepoint(desk.connection):
        desk.one(
            "update crm.ticket set starts_at = %s, ends_at = %s where id = %s returning 1", at(10), at(11), ticket.id
        )


def test_the_travel_after_it_is_held_too(desk):
    desk.one("update crm.business set travel_buffer_minutes = 30 where business_id = %s returning 1", TIDY)
    desk.offer(desk.slot(10, 11), desk.waits())
    with refused("assignment_time_is_held"), savepoint(desk.connection):
        desk.visit(11.25, 12)
    desk.visit(11.5, 12)


def test_nor_is_it_said_to_be_free(desk, offer):
    free = "select starts_at from api.free_slot_list(%s::uuid[], %s, 60, '{}', 1, 1)"
    assert desk.one(free, [TESS], at(10)).starts_at == at(11)
    desk.send(offer)
    assert desk.one(free, [TESS], at(10)).starts_at == at(11)
    desk.clock(NOW + timedelta(minutes=20))
    assert desk.one(free, [TESS], at(10)).starts_at == at(10)


def test_a_hold_that_is_over_holds_nothing_whether_its_job_has_come_by_or_not(desk, offer):
    desk.send(offer)
    desk.clock(NOW + timedelta(minutes=20))
    assert desk.now(offer).status == "held"
    desk.visit(10, 11)


@pytest.mark.parametrize("how", ["book", "move", "book by psql"])
def test_a_reason_books_anyway_and_ends_the_offer(desk, offer, how):
    token = desk.send(offer)
    if how == "book":
        desk.visit(10, 11, reason="they are neighbours")
    elif how == "move":
        ticket = desk.visit(14, 15)
        desk.one(
            "select from api.ticket_update(%s, %s, %s, %s, %s::uuid[], null, 'they are neighbours')", ticket.id, ticket.address_id, at(10), at(11), [TESS]
        )  # fmt: skip
    else:
        ticket = desk.visit(10, 11, who=None)
        desk.one(
            "insert into crm.assignment (ticket_id, member_id, contact_id, starts_at, busy_until, blocks_time, book_anyway_reason) "
            "select id, %s, contact_id, starts_at, busy_until, true, 'they are neighbours' from crm.ticket where id = %s returning 1", TESS, ticket.id,
        )  # fmt: skip
    ended = desk.now(offer)
    assert (ended.status, ended.end_reason) == ("withdrawn", "The time was booked.")
    assert str(offer.freed_slot_id) not in [job.payload["freed_slot_id"] for job in desk.jobs("waitlist_next")]
    assert desk.claim(token) == "taken"
    assert desk.opened(token).state == "taken"
    if how != "book by psql":
        reasons = desk.all(
            "select book_anyway_reason from crm.assignment where member_id = %s and starts_at = %s and blocks_time",
            TESS,
            at(10),
        )
        assert [row.book_anyway_reason for row in reasons] == [None], (
            "it was needed for the offer only: no other visit may be booked over it"
        )


def test_a_series_leaves_out_whose_time_is_offered_and_says_so(desk, offer):
    contact, address = desk.contact("Sella Series")
    made = "select id from api.series_create(%s, %s, %s, '10:00', 60, p_rrule => 'FREQ=WEEKLY;COUNT=2', p_member_ids => %s::uuid[])"
    series = desk.one(made, contact, address, at(10).date(), [TESS]).id
    visits = desk.all(
        "select t.id, (select count(*) from crm.assignment a where a.ticket_id = t.id) as who from crm.ticket t where series_id = %s order by starts_at", series
    )  # fmt: skip
    assert [visit.who for visit in visits] == [0, 1]
    task = desk.one("select detail from crm.task where ticket_id = %s", visits[0].id)
    assert task.detail == "This time is about to be offered to somebody."


# ---- at once --------------------------------------------------------------------------------------------


class Rush:
    """Twenty connections of their own, all at the same moment, that commit."""

    def __init__(self, home, signer) -> None:
        self.home, self.signer = home, signer
        self.day = (datetime.now(UTC) + timedelta(days=400)).replace(hour=15, minute=0, second=0, microsecond=0)

    def one(self, who, statement, *values):
        with psycopg.connect(self.home.admin_url, row_factory=namedtuple_row) as connection:
            become(connection, self.signer, who)
            return connection.execute(statement, values).fetchone()

    def offer(self, days: int, name: str):
        """(hash, start) of an offer of Tess's time that somebody new has in their mail."""
        start, words = self.day + timedelta(days=days), link.make()
        ticket = self.one(
            "office", "select id from api.ticket_create(%s, %s, %s, %s, %s::uuid[])", PAT, PATS_HOUSE, start, start + timedelta(hours=1), [TESS]
        )  # fmt: skip
        self.one("office", "select from api.ticket_cancel(%s, 'rain')", ticket.id)
        slot = self.one("office", "select id from crm.freed_slot where ticket_id = %s", ticket.id)
        contact = self.one("office", "select id from api.contact_create('person', %s, null, 'rush@example.com')", name)
        entry = self.one(
            "office",
            "select id from api.waitlist_entry_create(%s, p_minutes => 60, p_from_on => '2020-01-01')",
            contact.id,
        )
        made = self.one("office", "select * from api.waitlist_offer_make(%s, %s)", slot.id, entry.id)
        with psycopg.connect(self.home.admin_url) as connection:  # as the worker does, by night too
            become(connection, self.signer, "worker")
            connection.execute(
                "update crm.message set status = 'sending', send_at = now() where id = %s", (made.message_id,)
            )
            connection.execute(
                "select internal.ticket_link_make(m, %s) from crm.message m where id = %s",
                (words.token_hash, made.message_id),
            )
            connection.execute(
                "update crm.message set status = 'sent', sent_at = now() where id = %s", (made.message_id,)
            )
        return words.token_hash, start, slot.id, entry.id

    def at_once(self, *acts):
        """What came of each (who, statement, values)."""
        outcomes, start = [], threading.Barrier(len(acts))

        def act(who, statement, *values):
            with psycopg.connect(self.home.url()) as connection:
                become(connection, self.signer, who)
                start.wait()
                try:
                    row = connection.execute(statement, values).fetchone()
                    connection.commit()
                    outcomes.append(row[0] if row else None)
                except psycopg.Error as error:
                    outcomes.append(error.diag.constraint_name or str(error.sqlstate))

        threads = [threading.Thread(target=act, args=each) for each in acts]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return outcomes

    def visits(self, start):
        return self.one(
            "owner",
            "select count(*) as n from crm.assignment where member_id = %s and starts_at = %s and blocks_time",
            TESS,
            start,
        ).n


@pytest.fixture
def rush(home, signer):
    return Rush(home, signer)


CLAIM = "select api.waitlist_link_claim(%s)"
BOOK = "select 'booked' from api.ticket_create(%s, %s, %s, %s, %s::uuid[], '{}', null, %s)"


def booking(start, reason=None):
    return ("office", BOOK, PAT, PATS_HOUSE, start, start + timedelta(hours=1), [TESS], reason)


def test_twenty_claims_and_bookings_at_once_are_one_visit(rush):
    token, start, *_ = rush.offer(1, "Rosa Rush")
    outcomes = rush.at_once(*[("visitor", CLAIM, token)] * 10, *[booking(start)] * 10)
    assert rush.visits(start) == 1
    assert outcomes.count("ok") == 10, outcomes
    assert set(outcomes) <= {"ok", "assignment_time_is_held", "assignment_is_not_double_booked"}, outcomes


def test_claims_against_bookings_with_a_reason_are_one_visit_of_the_hour_or_each_with_its_reason(rush):
    token, start, *_ = rush.offer(2, "Rita Rush")
    outcomes = rush.at_once(*[("visitor", CLAIM, token)] * 10, booking(start, "they are neighbours"))
    assert outcomes.count("booked") == 1
    plain = rush.one(
        "owner", "select count(*) as n from crm.assignment where member_id = %s and starts_at = %s and blocks_time and book_anyway_reason is null", TESS, start
    )  # fmt: skip
    assert plain.n == 1, outcomes
    assert outcomes.count("taken") in (0, 10), outcomes


def test_two_answers_at_once_are_one(rush):
    token, start, *_ = rush.offer(3, "Rona Rush")
    outcomes = rush.at_once(
        *[("visitor", CLAIM, token)] * 5, *[("visitor", "select api.waitlist_link_decline(%s)", token)] * 5
    )
    assert rush.visits(start) in (0, 1)
    assert sorted(outcomes) == sorted(["ok"] * 5 + ["late"] * 5), outcomes


def test_an_offer_and_bookings_at_once_never_hold_what_is_booked(rush):
    for days in range(10, 15):
        token, start, slot, entry = rush.offer(days, "Rhea Rush")
        assert token
        rush.one(
            "office",
            "select (api.waitlist_offer_withdraw(o.id)).id from crm.waitlist_offer o where o.freed_slot_id = %s",
            slot,
        )
        offering = ("office", "select 'offered' from api.waitlist_offer_make(%s, %s)", slot, entry)
        outcomes = rush.at_once(offering, offering, *[booking(start)] * 4)
        live = rush.one(
            "office",
            "select count(*) as n from crm.waitlist_offer where freed_slot_id = %s and status in ('planned', 'held')",
            slot,
        ).n
        assert live + rush.visits(start) == 1, outcomes
        assert not {"40P01", "55P03"} & set(outcomes), outcomes
