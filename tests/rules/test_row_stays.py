"""What a link, a feed, an offer or a sent action is for, it is for good: whoever types the update."""

from uuid import uuid4

import pytest

from tests.conftest import PEOPLE, refused, savepoint
from tests.rules.waitlist import at

OWNER = PEOPLE["owner"].member_id


@pytest.fixture
def offer(desk):
    """Held for somebody, with its link."""
    made = desk.offer(desk.slot(10, 12), desk.waits())
    desk.send(made)
    return desk.now(made)


def stays(desk, rule, change, *values):
    with refused(rule), savepoint(desk.connection):
        desk.one(f"{change} returning 1", *values)


def test_a_feed_is_its_members_and_of_its_kind(desk):
    desk.one("select from api.feed_make(sha256('words'))", who="technician")
    stays(desk, "feed_member_id_stays", "update crm.feed set member_id = %s where kind = 'member'", OWNER)
    stays(desk, "feed_kind_stays", "update crm.feed set kind = 'business' where kind = 'member'")


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("ticket_id", "gen_random_uuid(), told_starts_at = now(), waitlist_offer_id = null"),
        ("waitlist_offer_id", "null"),
        ("token_hash", "sha256('others')"),
    ],
)
def test_a_link_leads_where_its_mail_said(desk, offer, column, value):
    stays(
        desk,
        f"ticket_link_{column}_stays",
        f"update crm.ticket_link set {column} = {value} where waitlist_offer_id = %s",
        offer.id,
    )


def test_a_link_that_was_withdrawn_is_not_given_back(desk, offer):
    desk.one("update crm.ticket_link set revoked_at = now() where waitlist_offer_id = %s returning 1", offer.id)
    stays(
        desk,
        "ticket_link_revoked_at_stays",
        "update crm.ticket_link set revoked_at = null where waitlist_offer_id = %s",
        offer.id,
    )


@pytest.mark.parametrize(
    "change", ["id = gen_random_uuid()", "member_id = null", "happened_at = done_at - interval '1 hour'"]
)
def test_what_was_done_under_an_id_is_done(desk, change):
    action, visit = uuid4(), desk.visit(14, 15)
    desk.one("select from api.note_add(null, 'Loose hook.', %s, %s)", visit.id, action)
    stays(desk, f"done_action_{change.split()[0]}_stays", f"update crm.done_action set {change} where id = %s", action)


def test_an_offer_is_of_one_time_for_one_customer(desk, offer):
    other = desk.waits(desk.contact("Wendy"))
    for column, value in (("waitlist_entry_id", other.id), ("starts_at", at(10.25)), ("busy_until", at(14))):
        stays(
            desk,
            f"waitlist_offer_{column}_stays",
            f"update crm.waitlist_offer set {column} = %s where id = %s",
            value,
            offer.id,
        )


def test_a_hold_ends_after_twenty_minutes_at_most(desk, offer):
    stays(
        desk,
        "waitlist_offer_is_held_for_twenty_minutes",
        "update crm.waitlist_offer set held_until = held_until + interval '1 minute' where id = %s",
        offer.id,
    )
    planned = desk.offer(desk.slot(14, 16), desk.waits(desk.contact("Wendy")))
    stays(
        desk, "waitlist_offer_is_held_for_twenty_minutes",
        "update crm.waitlist_offer set status = 'held', held_until = internal.now() + interval '21 minutes' where id = %s", planned.id,
    )  # fmt: skip


def test_what_came_of_an_offer_stays(desk, offer):
    desk.one("select from api.waitlist_offer_withdraw(%s)", offer.id)
    stays(
        desk,
        "waitlist_offer_end_reason_stays",
        "update crm.waitlist_offer set end_reason = 'Nobody knows.' where id = %s",
        offer.id,
    )


def test_what_was_undone_is_undone_for_good_and_whose_it_was(desk):
    ticket = desk.visit(10, 12)
    desk.one("select from api.ticket_move(%s, %s, %s)", ticket.id, at(14), at(16))
    last = desk.one("select * from api.ticket_move_last(%s)", ticket.id).change_set_id
    for column, value in (("kind", "'merge'"), ("member_id", "null"), ("created_at", "now()")):
        stays(desk, f"change_set_{column}_stays", f"update crm.change_set set {column} = {value} where id = %s", last)
    desk.one("select from api.ticket_move_undo(%s)", last)
    stays(desk, "change_set_undone_at_stays", "update crm.change_set set undone_at = null, undone_by = null where id = %s", last)  # fmt: skip
