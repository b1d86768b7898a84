"""Whoever has a link, or a calendar's address, is a visitor before it was looked up and after: the look-up itself is somebody else's."""

import itertools

import pytest

from crm.auth import link
from tests.rules.waitlist import at

# Each function that takes the hash of a secret from a visitor, and what more it is asked with.
ASKED = {
    "feed_open": [{}, {"p_records": False}],
    "ticket_link_open": [{}, {"p_offers": True, "p_languages": ["de"]}],
    "ticket_link_answer": [
        {"p_starts_at": at(9, day=1), "p_answer": "declined"},
        {"p_starts_at": at(8), "p_answer": "confirmed"},
    ],
    "ticket_link_language": [{"p_language": "es"}],
    "ticket_link_outreach": [{}],
    "ticket_link_refused": [{}],
    "ticket_link_unsubscribe": [{}],
    "waitlist_link_open": [{}],
    "waitlist_link_claim": [{}, {}],
    "waitlist_link_decline": [{}],
}
SECRETS = ("visit", "offer", "outreach", "feed", "wrong")


@pytest.fixture
def secrets(desk):
    """The hash of one secret of each kind, by what it opens."""
    ticket = desk.visit(9, 10, day=1)
    visit = link.make().token_hash
    desk.one("select from api.ticket_confirmation_ask(%s)", ticket.id)
    message = desk.one("select * from crm.message where ticket_id = %s and kind = 'confirmation'", ticket.id)
    desk.one(
        "select from api.message_begin(%s, %s, %s, 'https://link')", message.id, message.send_at, visit, who="worker"
    )
    outreach = link.make().token_hash
    message = desk.one(
        "insert into crm.message (contact_id, kind, send_at, reason) values (%s, 'outreach', internal.now(), 'A test.') returning *",
        desk.contact("Otto Outreach")[0],
    )
    desk.one(
        "select from api.message_begin(%s, %s, %s, 'https://link')", message.id, message.send_at, outreach, who="worker"
    )
    offer = desk.send(desk.offer(desk.slot(), desk.waits()))
    feed = link.make().token_hash
    desk.one("select from api.feed_make(%s)", feed, who="technician")
    return {"visit": visit, "offer": offer, "outreach": outreach, "feed": feed, "wrong": link.make().token_hash}


def test_every_function_that_takes_a_secret_is_here(admin):
    rows = admin.execute(
        "select p.proname from pg_proc p join internal.permission a on a.action = p.proname "
        "where p.pronamespace = 'api'::regnamespace and p.proargnames[1] = 'p_token_hash' and 'visitor' = any (a.roles)"
    ).fetchall()
    assert {row.proname for row in rows} - {"sign_in_verify"} == ASKED.keys()


@pytest.mark.parametrize(("name", "secret"), list(itertools.product(ASKED, SECRETS)))
def test_the_transaction_goes_on_as_the_visitor_s(desk, secrets, name, secret):
    before = desk.one("select current_setting('app.context') as context", who="visitor").context
    for values in ASKED[name]:
        arguments = "".join(f", {argument} => %s" for argument in values)
        desk.connection.execute(
            f"select * from api.{name}(%s{arguments})", (secrets[secret], *values.values())
        ).fetchall()
        assert desk.connection.execute("select current_setting('app.context') as context").fetchone().context == before
