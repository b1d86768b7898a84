"""Who waits: what they may wish, and when they wait no longer."""

from datetime import date, timedelta

import pytest

from tests.conftest import PANES, PEOPLE, RIVALS_SERVICE, refused, savepoint
from tests.rules.waitlist import at

STATE = "select status, end_reason from crm.waitlist_entry where id = %s"


@pytest.mark.parametrize(
    ("wish", "rule"),
    [
        ({"until_on": date(2033, 2, 28), "from_on": date(2033, 2, 1)}, "waitlist_entry_until_on_is_ahead"),
        ({"until_on": date(2033, 3, 5), "from_on": date(2033, 3, 6)}, "waitlist_entry_until_on_is_not_before_from_on"),
        ({"weekdays": [0]}, "waitlist_entry_weekdays_are_days"),
        ({"weekdays": [1] * 8}, "waitlist_entry_weekdays_are_days"),
        ({"day_part": "night"}, "waitlist_entry_day_part_is_known"),
        ({"minutes": 0}, "waitlist_entry_minutes_are_sane"),
        ({"minutes": 1441}, "waitlist_entry_minutes_are_sane"),
        ({"note": "x" * 1001}, "waitlist_entry_note_is_not_too_long"),
        ({"services": [RIVALS_SERVICE]}, "service_is_not_found"),
        ({"member_id": PEOPLE["strange_technician"].member_id}, "member_is_not_found"),
    ],
)
def test_a_wish_that_makes_no_sense_is_refused(desk, wish, rule):
    with refused(rule):
        desk.waits(**wish)


def test_no_weekdays_are_any_and_the_note_loses_card_numbers(desk):
    entry = desk.waits(weekdays=[], note="Card 4111 1111 1111 1111")
    assert (entry.weekdays, entry.note) == (None, "Card [REDACTED]")


def test_only_who_is_on_the_list_waits_and_only_a_visit_that_is_ahead(desk):
    contact = desk.contact("Archie")
    ticket = desk.visit(10, 11, contact=contact)
    desk.cancel(ticket)
    with refused("waitlist_entry_visit_is_ahead"), savepoint(desk.connection):
        desk.waits(contact, ticket_id=ticket.id)
    desk.one("select from api.contact_archive(%s, true)", contact[0])
    with refused("waitlist_entry_contact_is_on_the_list"), savepoint(desk.connection):
        desk.waits(contact)


def test_a_visit_waits_once_and_is_the_contacts_own(desk):
    contact, other = desk.contact("Vic"), desk.contact("Otto")
    ticket = desk.visit(10, 11, contact=contact)
    desk.waits(contact, ticket_id=ticket.id)
    with refused("waitlist_entry_waits_once_for_a_visit"), savepoint(desk.connection):
        desk.waits(contact, ticket_id=ticket.id)
    with refused("ticket_is_not_found"), savepoint(desk.connection):
        desk.waits(other, ticket_id=ticket.id)


def test_with_a_visit_nothing_else_is_said_but_when(desk):
    contact = desk.contact("Vic")
    entry = desk.waits(contact, ticket_id=desk.visit(10, 11, contact=contact).id)
    for change in ("minutes = 30", "address_id = %s"):
        with refused("waitlist_entry_visit_says_the_rest"), savepoint(desk.connection):
            desk.connection.execute(
                f"update crm.waitlist_entry set {change} where id = '{entry.id}'",
                (contact[1],) if "%s" in change else None,
            )


def test_changing_the_wish_changes_the_services(desk):
    entry = desk.waits(services=[PANES])
    update = "select minutes, day_part from api.waitlist_entry_update(%s, null, null, %s::uuid[], 45, '2033-03-02', null, '{1}', 'morning', 'Rings')"
    assert desk.one(update, entry.id, []) == (45, "morning")
    assert desk.all("select from crm.waitlist_entry_service where waitlist_entry_id = %s", entry.id) == []


def test_who_waits_no_longer_has_a_reason_and_that_is_final(desk):
    entry = desk.waits()
    with refused("waitlist_entry_end_reason_is_given"), savepoint(desk.connection):
        desk.one("select from api.waitlist_entry_end(%s, null)", entry.id)
    desk.one("select from api.waitlist_entry_end(%s, 'They rang')", entry.id)
    assert desk.one(STATE, entry.id) == ("ended", "They rang")
    for again in (
        "select from api.waitlist_entry_end(%s, 'Again')",
        "select from api.waitlist_entry_update(%s, null, null, '{}', 1, null, null, null, 'any', null)",
    ):
        with refused("waitlist_entry_is_waiting"), savepoint(desk.connection):
            desk.one(again, entry.id)
    with refused("waitlist_entry_moves_step_by_step"), savepoint(desk.connection):
        desk.one(
            "update crm.waitlist_entry set status = 'waiting', ended_at = null, end_reason = null where id = %s returning 1",
            entry.id,
        )


def test_it_ends_itself_when_its_last_day_is_past(desk):
    entry = desk.waits(until_on=date(2033, 3, 4))
    (job,) = desk.jobs("waitlist_end")
    assert (job.payload, job.run_at) == ({"waitlist_entry_id": str(entry.id)}, at(24, day=1)), (
        "midnight where the business is"
    )
    expire = "select api.waitlist_entry_expire(%s) as now"
    desk.clock(job.run_at - timedelta(seconds=1))
    assert desk.one(expire, entry.id, who="worker").now == "waiting"
    desk.clock(job.run_at)
    assert desk.one(expire, entry.id, who="worker").now == "ended"
    assert desk.one(STATE, entry.id).end_reason == "Its last day is past."


def test_another_last_day_has_a_job_of_its_own(desk):
    entry = desk.waits(until_on=date(2033, 3, 4))
    desk.one("update crm.waitlist_entry set until_on = '2033-03-09' where id = %s returning 1", entry.id)
    assert [job.run_at for job in desk.jobs("waitlist_end")] == [at(24, day=1), at(24, day=6)]
    desk.clock(at(24, day=1))
    assert desk.one("select api.waitlist_entry_expire(%s) as now", entry.id, who="worker").now == "waiting"


@pytest.mark.parametrize(
    ("call", "reason"),
    [("ticket_cancel(%s, 'rain')", "The visit was cancelled."), ("ticket_clock_in(%s)", "The visit was started.")],
)
def test_it_ends_with_the_visit_that_would_come_sooner(desk, call, reason):
    contact = desk.contact("Vic")
    ticket = desk.visit(10, 11, contact=contact)
    entry = desk.waits(contact, ticket_id=ticket.id)
    desk.one(f"select from api.{call}", ticket.id, who="owner")
    assert desk.one(STATE, entry.id) == ("ended", reason)


def test_who_waits_goes_along_with_a_merge_and_comes_back_when_it_is_undone(desk):
    kept, other = desk.contact("Tomas Shah"), desk.contact("Tom Shah")
    plain = desk.waits(other)
    sooner = desk.waits(other, ticket_id=desk.visit(10, 11, contact=other).id)
    ended = desk.waits(other)
    desk.one("select from api.waitlist_entry_end(%s, 'They rang')", ended.id)
    whose = "select contact_id, address_id, ticket_id from crm.waitlist_entry where id = any(%s) order by id"
    before = desk.all(whose, [plain.id, sooner.id, ended.id])
    change = desk.one("select change_set_id from api.contact_merge(%s, %s)", kept[0], other[0]).change_set_id
    after = desk.all(whose, [plain.id, sooner.id, ended.id])
    assert [row.contact_id for row in after] == [kept[0], kept[0], other[0]]
    assert after[0].address_id == kept[1], "the same house"
    desk.one("select from api.contact_merge_undo(%s)", change)
    assert desk.all(whose, [plain.id, sooner.id, ended.id]) == before
