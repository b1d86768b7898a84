"""Two contacts that are one: what is taken, copied, moved and left, who may, and what an undo refuses."""

import threading
import uuid
from typing import Any

import psycopg
import pytest
from psycopg.rows import namedtuple_row

from tests.conftest import PANES, PAT, PEOPLE, QUINN, RITA, become, refused, savepoint

TESS = [PEOPLE["technician"].member_id]


class Two:
    """The office, with one person in the book twice: Tomas, who stays, and Tom, who goes in."""

    def __init__(self, office: psycopg.Connection[Any]) -> None:
        self.office = office
        self.tomas = self.one(
            "select id from api.contact_create('person', 'Tomas Shah', '(256) 555-0161', null, null, 'Pays by check.', '+12565550161')"
        ).id
        self.tom = self.one(
            "select id from api.contact_create('person', 'Tom Shah', '256.555.0161', 'tom@example.org', 'text', null, '+12565550161', "
            "'256 555 0199', '+12565550199', 'morning', 'a neighbour')"
        ).id
        self.house = self.place(self.tomas, "1 Elm St", "35758")
        self.same_house = self.place(self.tom, "1 ELM ST", "35758", "Side gate")
        self.shop = self.place(self.tom, "9 Wall St", "35801")

    def one(self, statement: str, *values: Any) -> Any:
        return self.office.execute(statement, values).fetchone()  # type: ignore[arg-type]

    def all(self, statement: str, *values: Any) -> list[Any]:
        return self.office.execute(statement, values).fetchall()  # type: ignore[arg-type]

    def place(self, contact: Any, street: str, postcode: str, way_in: str | None = None) -> Any:
        made = "select id from api.address_create(%s, null, %s, 'Madison', null, %s, %s)"
        return self.one(made, contact, street, postcode, way_in).id

    def visit(self, contact: Any, place: Any, days: int) -> Any:
        return self.one(
            "select id from api.ticket_create(%s, %s, now() + make_interval(days => %s), now() + make_interval(days => %s, hours => 1), %s::uuid[], %s::uuid[], null, 'beside other tests')",
            contact, place, days, days, TESS, [PANES],
        ).id  # fmt: skip

    def close(self, ticket: Any) -> None:
        self.one("select api.ticket_clock_in(%s)", ticket)
        for step in ("work", "note"):
            self.one("select api.close_out_gap(%s, %s, 'why')", ticket, step)
        self.one("select api.close_out_next(%s, 'message', 6::smallint, null)", ticket)
        self.one("select api.ticket_complete(%s)", ticket)

    def merge(self, *take: str) -> Any:
        return self.one("select * from api.contact_merge(%s, %s, %s)", self.tomas, self.tom, list(take)).change_set_id

    def contact(self, contact: Any) -> Any:
        return self.one("select * from crm.contact where id = %s", contact)

    def said(self) -> str:
        return "\n".join(
            note.body for note in self.all("select body from crm.note where contact_id = %s order by id", self.tomas)
        )


@pytest.fixture
def two(psql):
    return Two(psql("office"))


def test_what_was_chosen_is_taken_and_the_rest_is_in_a_note(two):
    two.one("select api.attribute_set(%s, 'pet', 'spaniel, Pip')", two.tomas)
    two.one("select api.attribute_set(%s, 'pet', 'cat')", two.tom)
    two.one("select api.attribute_set(%s, 'screens', '24')", two.tom)
    two.merge("phone", "email", "referred_by")
    kept = two.contact(two.tomas)
    assert (kept.name, kept.phone, kept.phone_e164) == ("Tomas Shah", "256.555.0161", "+12565550161")
    assert (kept.email, kept.referred_by, kept.other_phone, kept.note) == (
        "tom@example.org",
        "a neighbour",
        None,
        "Pays by check.",
    )
    facts = {
        row.key: row.value for row in two.all("select key, value from crm.attribute where contact_id = %s", two.tomas)
    }
    assert facts == {"pet": "spaniel, Pip", "screens": "24"}
    assert two.said() == (
        "Merged with “Tom Shah”. There it said: other phone 256 555 0199; prefers a text message; best time morning; pet: cat; at 1 ELM ST: Side gate."
    )


def test_what_is_replaced_is_in_the_note_too(two):
    two.one("select api.attribute_set(%s, 'pet', 'spaniel, Pip')", two.tomas)
    two.one("select api.attribute_set(%s, 'pet', 'cat')", two.tom)
    two.merge(
        "name",
        "note",
        "attribute:pet",
        "attribute:unheard of",
        "other_phone",
        "preferred_method",
        "preferred_time",
        "language",
        "email",
        "referred_by",
    )
    kept = two.contact(two.tomas)
    assert (kept.name, kept.other_phone, kept.other_e164, kept.note) == (
        "Tom Shah",
        "256 555 0199",
        "+12565550199",
        None,
    )
    assert two.one("select value from crm.attribute where contact_id = %s and key = 'pet'", two.tomas).value == "cat"
    assert two.said() == (
        "Merged with “Tom Shah”. There it said: at 1 ELM ST: Side gate. Here it said before: name Tomas Shah; pet: spaniel, Pip.\n"
        "The note here was: Pays by check."
    )


@pytest.mark.parametrize("who", ["tomas", "tom"])
def test_who_unsubscribed_as_either_wants_no_messages(two, who):
    for contact, days in ((two.tomas, 50), (two.tom, 51)):
        two.close(two.visit(contact, None, days))
    two.one("select api.contact_consent(%s, 'unsubscribed')", getattr(two, who))
    when = two.contact(getattr(two, who)).consent_at
    two.merge()
    kept = two.contact(two.tomas)
    assert (kept.consent, kept.consent_at) == ("unsubscribed", when)
    states = two.all(
        "select status from crm.message where contact_id in (%s, %s) and kind = 'outreach'", two.tomas, two.tom
    )
    assert [row.status for row in states] == ["cancelled", "cancelled"]


def test_open_visits_move_to_the_same_place_and_closed_ones_stay(two):
    at_home, at_shop = two.visit(two.tom, two.same_house, 50), two.visit(two.tom, two.shop, 51)
    closed, gone = two.visit(two.tom, two.shop, 52), two.visit(two.tom, None, 53)
    two.close(closed)
    two.one("select api.ticket_cancel(%s, 'rain')", gone)
    draft = two.one("select id from api.invoice_create(%s)", closed).id
    two.one("select api.note_add(null, 'Ring twice.', %s)", at_home)
    task = two.one("select id from crm.task where contact_id = %s and done_at is null", two.tom).id
    effect = two.one("select * from api.contact_merge_effect(%s, %s)", two.tomas, two.tom)
    assert tuple(effect) == (2, 0, 0, 1, 0, 3, 0, 1, 1, False), "the message that was asked for, and two reminders"
    two.merge()
    where = {
        row.id: row
        for row in two.all(
            "select t.id, t.contact_id, t.address_id, a.street from crm.ticket t left join crm.address a on a.id = t.address_id"
        )
    }
    assert (where[at_home].contact_id, where[at_home].address_id) == (two.tomas, two.house)
    assert (where[at_shop].contact_id, where[at_shop].street) == (two.tomas, "9 Wall St")
    assert where[at_shop].address_id != two.shop
    assert {where[closed].contact_id, where[gone].contact_id} == {two.tom}
    assert {
        row.contact_id
        for row in two.all("select contact_id from crm.assignment where ticket_id in (%s, %s)", at_home, at_shop)
    } == {two.tomas}
    assert two.one("select contact_id from crm.note where ticket_id = %s", at_home).contact_id == two.tomas
    assert two.one("select contact_id from crm.invoice where id = %s", draft).contact_id == two.tomas
    assert two.one("select contact_id from crm.task where id = %s", task).contact_id == two.tomas
    assert (
        two.one("select contact_id from crm.message where status = 'pending' and ticket_id = %s", closed).contact_id
        == two.tomas
    )
    # The bill is for who stays, and says where the work was done.
    two.one("select api.invoice_issue(%s)", draft)
    bill = two.one("select bill_to_name, bill_to_address from crm.invoice where id = %s", draft)
    assert (bill.bill_to_name, bill.bill_to_address) == ("Tomas Shah", "9 Wall St, Madison, 35801")


def test_a_series_and_a_wish_on_the_waitlist_are_counted_and_move(two):
    weekly = "select id from api.series_create(%s, null, current_date + 400, '09:00', 60, p_rrule => 'FREQ=WEEKLY;COUNT=2', p_services => '[]')"
    series, ended = (two.one(weekly, two.tom).id for _ in range(2))
    two.one("select api.series_end(%s, current_date)", ended)
    wish, over = (two.one("select id from api.waitlist_entry_create(p_contact_id => %s, p_minutes => 60)", two.tom).id for _ in range(2))  # fmt: skip
    two.one("select api.waitlist_entry_end(%s, 'They rang')", over)
    effect = two.one("select * from api.contact_merge_effect(%s, %s)", two.tomas, two.tom)
    assert (effect.series, effect.waiting) == (1, 1)
    two.merge()
    whose = "select contact_id from crm.{} where id = %s"
    assert two.one(whose.format("series"), series).contact_id == two.tomas
    assert two.one(whose.format("waitlist_entry"), wish).contact_id == two.tomas
    assert two.one(whose.format("series"), ended).contact_id == two.one(whose.format("waitlist_entry"), over).contact_id == two.tom  # fmt: skip


def test_who_was_merged_into_the_other_before_is_found_at_who_stays(two):
    third = two.one("select id from api.contact_create('person', 'T. Shah')").id
    first = two.one("select change_set_id from api.contact_merge(%s, %s)", two.tom, third).change_set_id
    second = two.merge()
    assert two.contact(third).merged_into_id == two.tomas
    assert two.contact(two.tom).merged_into_id == two.tomas
    with refused("change_set_was_changed_since"), savepoint(two.office):
        two.one("select api.contact_merge_undo(%s)", first)
    two.one("select api.contact_merge_undo(%s)", second)
    assert two.contact(third).merged_into_id == two.tom
    # What was undone since is no change: the earlier merge can be undone after the later one.
    two.one("select api.contact_merge_undo(%s)", first)
    assert (two.contact(third).merged_into_id, two.contact(third).archived_at) == (None, None)


def test_very_long_notes_are_kept_whole(two):
    two.one("select api.contact_update(%s, 'person', 'Tomas Shah', null, null, null, %s)", two.tomas, "a" * 4000)
    two.one("select api.contact_update(%s, 'person', 'Tom Shah', null, null, null, %s)", two.tom, "b" * 4000)
    two.merge("note")
    assert two.contact(two.tomas).note == "b" * 4000
    assert two.said().count("a") >= 4000


def test_pairs_that_cannot_be_merged_are_refused(two):
    merge = "select * from api.contact_merge(%s, %s)"
    with refused("contact_merge_needs_two"), savepoint(two.office):
        two.one(merge, two.tom, two.tom)
    for pair in ((two.tomas, RITA), (RITA, two.tomas), (two.tomas, uuid.uuid4()), (two.tomas, None)):
        with refused("contact_is_not_found", "P0002"), savepoint(two.office):
            two.one(merge, *pair)
    with refused("contact_merge_takes_known_fields"), savepoint(two.office):
        two.merge("consent")
    with refused("contact_merge_takes_known_fields"), savepoint(two.office):
        two.one("select api.contact_merge(%s, %s, '{name,null}')", two.tomas, two.tom)
    two.one("select api.contact_archive(%s, true)", two.tomas)
    with refused("contact_merge_keeps_one_on_the_list"), savepoint(two.office):
        two.merge()
    two.one("select api.contact_archive(%s, false)", two.tomas)
    two.merge()
    for pair in ((two.tomas, two.tom), (two.tom, PAT), (PAT, two.tom)):
        with refused("contact_merged_is_closed"), savepoint(two.office):
            two.one(merge, *pair)


def test_who_was_merged_is_closed(two):
    two.merge()
    for statement in (
        "select api.contact_update(%s, 'person', 'Tommy', null, null, null, null)",
        "select api.contact_consent(%s, 'given')",
        "select api.attribute_set(%s, 'pet', 'cat')",
        "select api.address_create(%s, null, '3 Oak St', null, null, null, null)",
    ):
        with refused("contact_merged_is_closed"), savepoint(two.office):
            two.one(statement, two.tom)
    with refused("contact_merged_is_off_the_list"), savepoint(two.office):
        two.one("select api.contact_archive(%s, false)", two.tom)
    with refused("contact_merged_is_closed"), savepoint(two.office):
        two.visit(two.tom, None, 50)
    two.one("select api.note_add(%s, 'Rang under the old name.')", two.tom)


def test_whose_data_was_erased_is_merged_with_nobody_and_ends_the_way_back(two, signer):
    act = two.merge()
    become(two.office, signer, "owner")
    two.one("select api.contact_erase(%s, 'Tomas Shah')", two.tomas)
    with refused("change_set_was_changed_since"), savepoint(two.office):
        two.one("select api.contact_merge_undo(%s)", act)
    other = two.one("select id from api.contact_create('person', 'Tommy Shah')").id
    for pair in ((other, two.tomas), (two.tomas, other)):
        with refused("contact_erased_stays_erased"), savepoint(two.office):
            two.one("select api.contact_merge(%s, %s)", *pair)


def test_merged_contacts_make_no_chains(two, admin, signer):
    """As an administrator would type it."""
    become(admin, signer, "office")
    three = [admin.execute("select id from api.contact_create('person', %s)", (name,)).fetchone().id for name in "ABC"]
    merge = "update crm.contact set archived_at = now(), merged_into_id = %s where id = %s"
    admin.execute(merge, (three[1], three[0]))
    with refused("contact_merged_into_one_that_stays"), savepoint(admin):
        admin.execute(merge, (three[0], three[2]))
    with refused("contact_merged_into_one_that_stays"), savepoint(admin):
        admin.execute(merge, (three[2], three[1]))
    with refused("contact_merged_is_closed"), savepoint(admin):
        admin.execute(
            "insert into crm.ticket (contact_id, starts_at, ends_at, busy_until) values (%s, now(), now() + interval '1 hour', now())",
            (three[0],),
        )


def test_undo_is_done_once(two):
    act = two.merge("name")
    two.one("select api.contact_merge_undo(%s)", act)
    assert two.contact(two.tomas).name == "Tomas Shah"
    assert (two.contact(two.tom).merged_into_id, two.contact(two.tom).archived_at) == (None, None)
    with refused("change_set_is_undone_once"), savepoint(two.office):
        two.one("select api.contact_merge_undo(%s)", act)
    # It can be merged again, the other way round too.
    two.one("select api.contact_merge(%s, %s)", two.tom, two.tomas)


CHANGES = {
    "the contact that stays": ("select api.contact_update(%(tomas)s, 'person', 'T. Shah', null, null, null, null)", "contact"),
    "a fact that was copied": ("select api.attribute_set(%(tomas)s, 'screens', '25')", "attribute"),
    "a visit that moved": ("select api.ticket_clock_in(%(moved)s)", "ticket"),
    "its technicians": ("select api.ticket_update(%(moved)s, t.address_id, t.starts_at, t.ends_at, '{}', t.instructions) from crm.ticket t where t.id = %(moved)s", "assignment"),
    "the note": ("select api.note_remove(n.id) from crm.note n where n.contact_id = %(tomas)s and n.body like 'Merged%%'", "note"),
    "an address that was copied": ("select api.address_update(a.id, 'Shop', a.street, a.city, null, a.postcode, null) from crm.address a where a.contact_id = %(tomas)s and a.street = '9 Wall St'", "address"),
    "a visit at that address": ("select api.ticket_create(a.contact_id, a.id, now() + interval '55 days', now() + interval '1321 hours') from crm.address a where a.contact_id = %(tomas)s and a.street = '9 Wall St'", "ticket"),
}  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_undo_is_refused_when_something_was_changed_since_and_says_what(two, change):
    two.one("select api.attribute_set(%s, 'screens', '24')", two.tom)
    moved = two.visit(two.tom, two.shop, 50)
    act = two.merge("name")
    changes = "select * from api.contact_merge_changes(%s)"
    assert two.all(changes, act) == []
    statement, table = CHANGES[change]
    two.office.execute(statement, {"tomas": two.tomas, "moved": moved})
    assert {(row.table_name, row.member) for row in two.all(changes, act)} >= {(table, "Omar")}
    with refused("change_set_was_changed_since"), savepoint(two.office):
        two.one("select api.contact_merge_undo(%s)", act)
    assert two.contact(two.tom).merged_into_id == two.tomas


def test_what_came_since_and_hangs_on_nothing_of_the_merge_stays_where_it_is(two):
    act = two.merge()
    two.one("select api.note_add(%s, 'Rang again.')", two.tomas)
    two.one("select api.attribute_set(%s, 'gate', 'open')", two.tomas)
    visit = two.visit(two.tomas, two.house, 50)
    two.one("select api.contact_merge_undo(%s)", act)
    assert two.said() == "Rang again."
    assert two.one("select contact_id from crm.ticket where id = %s", visit).contact_id == two.tomas


@pytest.mark.parametrize(
    "statement",
    [
        "select api.contact_merge(%(tomas)s, %(tom)s)",
        "select * from api.contact_merge_effect(%(tomas)s, %(tom)s)",
        "select api.contact_merge_undo(%(act)s)",
        "select * from api.contact_merge_changes(%(act)s)",
        "select * from api.duplicate_pairs()",
        "select api.not_duplicate_add(%(tomas)s, %(tom)s)",
        "select api.not_duplicate_remove(%(tomas)s, %(tom)s)",
    ],
)
def test_technician_may_not(two, signer, statement):
    known = {"tomas": two.tomas, "tom": two.tom, "act": uuid.uuid4()}
    become(two.office, signer, "technician")
    with refused("action_is_not_for_your_role"):
        two.office.execute(statement, known)


def test_stranger_finds_nothing(two, signer):
    act = two.merge()
    become(two.office, signer, "stranger")
    with refused("contact_is_not_found"), savepoint(two.office):
        two.merge()
    with refused("merge_is_not_found"), savepoint(two.office):
        two.one("select api.contact_merge_undo(%s)", act)
    with refused("contact_is_not_found"), savepoint(two.office):
        two.one("select api.not_duplicate_add(%s, %s)", PAT, QUINN)
    assert two.all("select * from api.contact_merge_changes(%s)", act) == []


def test_who_books_while_they_are_merged_is_told_where_they_went(home, signer):
    """The booking waits for the merge, and then sees it; two merges of one pair wait for each other in one order."""

    def connect() -> psycopg.Connection[Any]:
        connection = psycopg.connect(home.admin_url, row_factory=namedtuple_row)
        become(connection, signer, "office")
        return connection

    with connect() as first:
        here = Two(first)
    outcomes: dict[str, Any] = {}

    def attempt(name: str, statement: str, values: tuple[Any, ...]) -> None:
        try:
            with connect() as connection:
                connection.execute(statement, values)  # type: ignore[arg-type]
        except psycopg.Error as error:
            outcomes[name] = error.diag.constraint_name

    with connect() as merging:
        merging.execute("select api.contact_merge(%s, %s)", (here.tomas, here.tom))
        waiting = [
            threading.Thread(target=attempt, args=each)
            for each in (
                (
                    "booking",
                    "select api.ticket_create(%s, null, now() + interval '58 days', now() + interval '1393 hours')",
                    (here.tom,),
                ),
                ("fact", "select api.attribute_set(%s, 'pet', 'cat')", (here.tom,)),
                ("the other way round", "select api.contact_merge(%s, %s)", (here.tom, here.tomas)),
            )
        ]
        for thread in waiting:
            thread.start()
        held = "select count(*) as waiting from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()"
        with psycopg.connect(home.admin_url, autocommit=True) as watch:
            while watch.execute(held).fetchone()[0] < len(waiting):  # type: ignore[index]
                assert all(thread.is_alive() for thread in waiting), outcomes
    for thread in waiting:
        thread.join()
    assert outcomes == dict.fromkeys(("booking", "fact", "the other way round"), "contact_merged_is_closed")
