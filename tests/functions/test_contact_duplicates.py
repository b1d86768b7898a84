"""Somebody new, or somebody in the book already? Each likeness has its reason."""

import pytest

from tests.conftest import PEOPLE, refused

PHONE, MAIL, NAME, PLACE = (
    "the same phone number", "the same e-mail address", "the same name", "a similar name at this street"
)  # fmt: skip


@pytest.fixture
def known(psql):
    office = psql("office")
    one = lambda sql, *values: office.execute(sql, values).fetchone()  # noqa: E731
    contact = one(
        "select id from api.contact_create('person', 'Wanda Wetherington', '(256) 555-0177', 'wanda@example.org')"
    ).id
    one("select id from api.address_create(%s, null, '88 Quarry Hill Rd', 'Madison', null, null, null)", contact)
    return office, contact


@pytest.mark.parametrize(
    ("given", "reasons"),
    [
        (("Somebody", "+1 256.555.0177", None, None), [PHONE]),
        (("Somebody", "555-0177", None, None), [PHONE]),
        (("Somebody", "0177", None, None), None),
        (("Somebody", "256 555 0178", None, None), None),
        ((None, None, " WANDA@example.org ", None), [MAIL]),
        (("wanda wetherington ", None, None, None), [NAME]),
        (("Wanda Wetheringtn", None, None, "88 Quarry Hill Road"), [PLACE]),
        (("Wanda Wetheringtn", None, None, "12 Elm St"), None),
        (("Wanda Wetherington", "2565550177", "wanda@example.org", "88 quarry"), [PHONE, MAIL, PLACE, NAME]),
        ((None, None, None, None), None),
        (("", "", "", ""), None),
        (("'|!&:*", "+++", "@", "%"), None),
    ],
)  # fmt: skip
def test_likeness_has_its_reason(known, given, reasons):
    office, contact = known
    rows = office.execute("select * from api.contact_duplicates(%s, %s, %s, %s)", given).fetchall()
    found = {row.contact_id: row.reasons for row in rows}
    assert sorted(found.get(contact) or []) == sorted(reasons or [])


def test_another_business_is_never_like_ours(known, psql):
    stranger = psql("stranger")
    same = ("Wanda Wetherington", "2565550177", "wanda@example.org", "88 quarry")
    assert stranger.execute("select * from api.contact_duplicates(%s, %s, %s, %s)", same).fetchall() == []
    assert PEOPLE["stranger"].business_id != PEOPLE["office"].business_id


def test_who_may_not_add_is_told_nothing(psql):
    with refused("action_is_not_for_your_role"):
        psql("technician").execute("select * from api.contact_duplicates('Pat Pane')")
