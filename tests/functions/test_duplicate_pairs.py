"""Who is in the book twice? Each likeness has its reason, the likeliest pair comes first, and what somebody denied stays away."""

import pytest

from tests.conftest import PAT, refused, savepoint

MAIL, NUMBER, SAME, NEAR, STREET = (
    "the same e-mail address", "the same phone number", "the same name", "a similar name", "the same street"
)  # fmt: skip
LONELY = {"name": "Wilhelmina Featherby", "phone": None, "e164": None, "email": None, "street": None, "postcode": None}


@pytest.fixture
def book(psql):
    """book(name=…, phone=…, …) writes somebody down and returns their id."""
    office = psql("office")

    def write(**known):
        told = LONELY | known
        contact = office.execute(
            "select id from api.contact_create('person', %s, %s, %s, null, null, %s)",
            (told["name"], told["phone"], told["email"], told["e164"]),
        ).fetchone()
        if told["street"]:
            office.execute(
                "select api.address_create(%s, null, %s, 'Madison', null, %s, null)",
                (contact.id, told["street"], told["postcode"]),
            )
        return contact.id

    write.office = office
    return write


def pairs(connection, after=(None, None, None)):
    rows = connection.execute("select * from api.duplicate_pairs(%s, %s, %s)", after).fetchall()
    return {(row.contact_id, row.other_id): row for row in rows}


def every_pair(connection):
    """All pages: other tests leave pairs of their own in the book."""
    found, page = {}, pairs(connection)
    while page:
        found |= page
        last = list(page.values())[-1]
        page = pairs(connection, (last.weight, last.contact_id, last.other_id)) if len(page) == 21 else {}
    return found


@pytest.mark.parametrize(
    ("one", "other", "reasons"),
    [
        ({"email": "wf@example.org"}, {"name": "Bill", "email": "wf@example.org"}, [MAIL]),
        ({"phone": "(256) 555-0171"}, {"name": "Bill", "phone": "+1 256 555 0171"}, [NUMBER]),
        ({"phone": "12 34 56 78", "e164": "+4512345678"}, {"name": "Bill", "phone": "0045 12345678"}, [NUMBER]),
        ({"phone": "12345"}, {"name": "Bill", "phone": "12345"}, None),
        ({"phone": "(256) 555-0171"}, {"name": "Bill", "phone": "256 555 0172"}, None),
        ({"street": "88 Quarry Hill Rd"}, {"street": "88 Quarry Hill Road"}, [SAME, STREET]),
        ({"street": "88 Quarry Hill Rd"}, {"name": "FEATHERBY, Wilhelmina", "street": "88, quarry hill rd."}, [NEAR, STREET]),
        ({"street": "88 Quarry Hill Rd"}, {"name": "Wilhelmna Featherby", "street": "88 Quarry Hill Rd"}, [NEAR, STREET]),
        ({"street": "88 Quarry Hill Rd"}, {"name": "Wilfred Featherby", "street": "88 Quarry Hill Rd"}, None),
        ({"street": "88 Quarry Hill Rd"}, {"street": "86 Quarry Hill Rd"}, None),
        ({"street": "88 Quarry Hill Rd", "postcode": "SW1A 1AA"}, {"street": "88 Quarry Hill Rd", "postcode": "sw1a1aa"}, [SAME, STREET]),
        ({"street": "88 Quarry Hill Rd", "postcode": "35758"}, {"street": "88 Quarry Hill Rd", "postcode": "35801"}, None),
        ({}, {}, None),
        ({"email": "wf@example.org", "phone": "2565550171", "street": "8 Elm St"}, {"email": "wf@example.org", "phone": "256-555-0171", "street": "8 elm street"},
         [MAIL, NUMBER, SAME, STREET]),
    ],
)  # fmt: skip
def test_likeness_has_its_reasons(book, one, other, reasons):
    pair = (book(**one), book(**other))
    found = every_pair(book.office).get(pair)
    assert (found.reasons if found else None) == reasons


def test_other_phone_counts_as_the_first(book):
    one = book(phone="256 555 0171")
    other = book(name="Bill")
    book.office.execute(
        "select api.contact_update(%s, 'person', 'Bill', null, null, null, null, null, '+1 (256) 555-0171')", (other,)
    )
    assert every_pair(book.office)[one, other].reasons == [NUMBER]


def test_likeliest_comes_first_and_pages_are_complete_without_repeats(book):
    for n in range(60):
        mail, number = f"twin{n}@example.org", f"256 555 1{n:03}"
        book(name=f"Twin {n:02}", email=mail, phone=number)
        book(name=f"Twin {n:02}" if n % 2 else "Somebody", email=mail, phone=number if n % 3 else None)
    seen, after = [], (None, None, None)
    while len(page := list(pairs(book.office, after).values())) > 20:
        seen += page[:20]
        after = (page[19].weight, page[19].contact_id, page[19].other_id)
    seen += page
    assert [row.weight for row in seen] == sorted((row.weight for row in seen), reverse=True)
    keys = [(row.contact_id, row.other_id) for row in seen]
    assert len(keys) == len(set(keys)) >= 60
    assert seen[0].reasons[:3] == [MAIL, NUMBER, SAME]


def test_what_very_many_have_in_common_is_no_reason(book):
    ids = [book(name=f"Tenant {n}", phone="256 555 0171") for n in range(9)]
    assert not {key for key in pairs(book.office) if set(key) <= set(ids)}


def test_neither_archived_nor_merged_nor_denied(book):
    one, other, third = (book(email="wf@example.org") for _ in range(3))
    assert {(one, other), (one, third), (other, third)} <= pairs(book.office).keys()
    book.office.execute("select api.contact_archive(%s, true)", (third,))
    assert pairs(book.office).keys() & {(one, third), (other, third)} == set()
    for _ in range(2):  # twice is once, in either order
        book.office.execute("select api.not_duplicate_add(%s, %s)", (other, one))
        book.office.execute("select api.not_duplicate_add(%s, %s)", (one, other))
    assert (one, other) not in pairs(book.office)
    said = book.office.execute("select member_id from crm.not_duplicate where contact_id = %s", (one,)).fetchall()
    assert len(said) == 1
    book.office.execute("select api.not_duplicate_remove(%s, %s)", (other, one))
    assert (one, other) in pairs(book.office)
    with refused("pair_is_not_found"), savepoint(book.office):
        book.office.execute("select api.not_duplicate_remove(%s, %s)", (one, other))
    with refused("not_duplicate_is_of_two"), savepoint(book.office):
        book.office.execute("select api.not_duplicate_add(%s, %s)", (one, one))
    book.office.execute("select api.contact_merge(%s, %s)", (one, other))
    assert (one, other) not in pairs(book.office)


def test_another_business_sees_none_of_ours(book, psql):
    book(email="pat@example.com")
    assert PAT in {key[0] for key in pairs(book.office)}
    assert pairs(psql("stranger")) == {}
