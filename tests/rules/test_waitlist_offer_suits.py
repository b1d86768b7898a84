"""An offer is for the wish, and the visit, as they were when it was made: when they are others, it is over."""

import pytest

from tests.conftest import PANES, STOREFRONT
from tests.rules.waitlist import CARL, NOW, TESS, at


@pytest.mark.parametrize(
    "wish", [{"p_minutes": 90}, {"p_weekdays": [5]}, {"p_until_on": NOW.date()}, {"p_from_on": at(10, 1).date()}, {"p_day_part": "afternoon"}, {"p_member_id": CARL},
             {"p_minutes": None, "p_service_ids": [STOREFRONT, PANES]}]
)  # fmt: skip
@pytest.mark.parametrize("mailed", [False, True])
def test_another_wish_ends_what_was_offered_for_the_one_before(desk, slot, wish, mailed):
    entry = desk.waits()
    offer = desk.offer(slot, entry)
    token = desk.send(offer) if mailed else None
    change(desk, entry, wish)
    assert (desk.now(offer).status, desk.now(offer).end_reason) == (
        "withdrawn",
        "It is not what they wait for any more.",
    )
    assert not mailed or (desk.opened(token).state, desk.claim(token)) == ("taken", "taken")
    assert mailed or desk.send(offer) is None
    assert desk.fits(slot) or wish.keys() & {"p_weekdays", "p_from_on", "p_until_on", "p_day_part", "p_member_id"}


@pytest.mark.parametrize(
    "wish", [{"p_note": "rings twice"}, {"p_weekdays": [4, 5]}, {"p_until_on": at(10).date()}, {"p_member_id": TESS}]
)
def test_a_wish_that_it_still_grants_keeps_the_offer(desk, slot, wish):
    entry = desk.waits()
    offer = desk.offer(slot, entry)
    change(desk, entry, wish)
    assert desk.claim(desk.send(offer)) == "ok"


def change(desk, entry, wish):
    words = {
        "p_address_id": entry.address_id, "p_member_id": None, "p_service_ids": [], "p_minutes": 60, "p_from_on": entry.from_on, "p_until_on": None,
        "p_weekdays": None, "p_day_part": "any", "p_note": None, **wish,
    }  # fmt: skip
    casts = {"p_service_ids": "::uuid[]", "p_weekdays": "::smallint[]"}
    arguments = ", ".join(f"{name} => %s{casts.get(name, '')}" for name in words)
    desk.one(f"select * from api.waitlist_entry_update(%s, {arguments})", entry.id, *words.values())


@pytest.fixture
def sooner(desk, slot):
    """A visit of Friday that would come on Thursday, and the offer of that."""
    contact = desk.contact("Vic")
    visit = desk.visit(8, 9, contact=contact, day=1)
    return visit, desk.offer(slot, desk.waits(contact, ticket_id=visit.id))


MOVES = {"longer": (8, 12, 1, [TESS]), "sooner than that": (8, 9, 0, [TESS]), "with two": (8, 9, 1, [TESS, CARL])}


def move(desk, visit, start, end, day, who):
    desk.one(
        "select from api.ticket_update(%s, %s, %s, %s, %s::uuid[], null)",
        visit.id,
        visit.address_id,
        at(start, day),
        at(end, day),
        who,
    )


@pytest.mark.parametrize("how", MOVES.values(), ids=MOVES)
def test_a_visit_that_is_another_by_now_is_not_moved_by_an_older_offer(desk, sooner, how):
    visit, offer = sooner
    token = desk.send(offer)
    move(desk, visit, *how)
    assert desk.now(offer).end_reason == "It is not what they wait for any more."
    assert desk.claim(token) == "taken"
    assert technicians(desk, visit) == (at(how[0], how[2]), at(how[1], how[2]), sorted(how[3]))


def test_a_visit_that_is_moved_and_would_still_come_sooner_keeps_its_offer(desk, sooner):
    visit, offer = sooner
    token = desk.send(offer)
    move(desk, visit, 9, 10, 4, [CARL])
    assert desk.claim(token) == "ok"
    assert technicians(desk, visit) == (at(10), at(11), [TESS])


def test_nor_by_one_that_was_made_while_it_was_changed(desk, sooner):
    """Neither transaction sees the other: the claim looks once more."""
    visit, offer = sooner
    token = desk.send(offer)
    desk.connection.execute("alter table crm.ticket disable trigger _540_offer_suits")
    move(desk, visit, 8, 12, 1, [TESS])
    assert desk.now(offer).status == "held"
    assert desk.claim(token) == "taken"
    assert technicians(desk, visit) == (at(8, 1), at(12, 1), [TESS])


def technicians(desk, visit):
    return desk.one(
        "select t.starts_at, t.ends_at, (select array_agg(a.member_id order by a.member_id) from crm.assignment a where a.ticket_id = t.id) as who "
        "from crm.ticket t where t.id = %s", visit.id,
    )  # fmt: skip
