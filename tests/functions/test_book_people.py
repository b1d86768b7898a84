"""One row of a file, and the person that it speaks of."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm.book.mapping import FIELDS
from crm.book.people import Address, BadRow, person_of
from crm.book.reader import read
from crm.book.writer import csv_bytes

CHICAGO = "America/Chicago"


def person(**cells):
    """Of a row with these cells; `attribute_pet` is the fact called pet."""
    mapping = [name.replace("attribute_", "attribute:") for name in cells]
    return person_of(list(cells.values()), mapping, CHICAGO)


@pytest.mark.parametrize(
    ("cells", "kind", "name", "attributes"),
    [
        ({"name": "Ann Smith"}, "person", "Ann Smith", {}),
        ({"first_name": "Ann", "last_name": "Smith"}, "person", "Ann Smith", {}),
        ({"name": "", "first_name": "", "last_name": "Smith"}, "person", "Smith", {}),
        ({"name": "The Smiths", "first_name": "Ann", "last_name": "Smith"}, "person", "The Smiths", {}),
        ({"name": " ", "organisation": "Acme"}, "organisation", "Acme", {}),
        ({"name": "ACME", "organisation": "Acme"}, "organisation", "Acme", {}),
        ({"name": "Ann", "organisation": "Acme"}, "person", "Ann", {"organisation": "Acme"}),
        ({"name": "Ann\u0007\n  Smi\u202eth\u00a0"}, "person", "Ann Smith", {}),
        ({"name": "Jo\u0308rg"}, "person", "J\u00f6rg", {}),
        ({"name": "'t Hooft"}, "person", "'t Hooft", {}),
    ],
)
def test_who_it_is(cells, kind, name, attributes):
    found = person(**cells)
    assert (found.kind, found.name, found.attributes, found.consent) == (kind, name, attributes, None)


@pytest.mark.parametrize(
    "cells", [{"phone": "256-555-0199"}, {"name": "\u200b"}, {"first_name": " ", "organisation": ""}]
)
def test_nobody(cells):
    with pytest.raises(BadRow) as bad:
        person(**cells)
    assert (bad.value.field, bad.value.message[:21]) == ("name", "This row has no name:")


@pytest.mark.parametrize(
    ("typed", "number", "dialled"),
    [
        ("(256) 555-0199", "(256) 555-0199", "+12565550199"),
        ("256-555-0199  x12", "256-555-0199 x12", "+12565550199"),
        ("'+44 7700 900123", "+44 7700 900123", "+447700900123"),
        ("'2565550199", "2565550199", "+12565550199"),
        ("2565550199.0", "2565550199", "+12565550199"),
        ("2.565550199E9", "2565550199", "+12565550199"),
        ("2.565550199E+09", "2565550199", "+12565550199"),
        ("2,565550199E+09", "2565550199", "+12565550199"),
        ("2.5655502E9", "2565550200", "+12565550200"),
        ("1.2565550199E+10", "12565550199", "+12565550199"),
        ("555-0199", "555-0199", None),
        ("n/a", None, None),
        ("", None, None),
    ],
)
def test_phone(typed, number, dialled):
    found = person(name="Ann", phone=typed)
    assert (found.phone, found.phone_e164) == (number, dialled)


def test_what_is_read_otherwise_is_said():
    assert person(name="Ann", phone="2.565550199E9").remarks == (
        "The phone number 2.565550199E9 is read as 2565550199.",
    )
    assert person(name="Ann", phone="'2565550199").remarks == ()


@pytest.mark.parametrize("typed", ["1.25656E+09", "2.56555E9", "2,57E+09", "'1.25656e+09", "1.256555E+10"])
@pytest.mark.parametrize("field", ["phone", "other_phone"])
def test_a_phone_number_that_the_spreadsheet_rounded(field, typed):
    with pytest.raises(BadRow) as bad:
        person(name="Ann", **{field: typed})
    assert bad.value.field == field
    assert bad.value.message.startswith(f"The spreadsheet rounded this phone number: {typed}.")


@pytest.mark.parametrize(
    ("phone", "other", "expected"),
    [
        ("256-555-0199 / 256-555-0147", "", ("256-555-0199", "256-555-0147", None)),
        ("256-555-0199 ::: 256-555-0147", "(256) 555-0199", ("256-555-0199", "256-555-0147", None)),
        ("256-555-0199, x12", "", ("256-555-0199, x12", None, None)),
        ("", "256-555-0147", ("256-555-0147", None, None)),
        ("256-555-0199;256-555-0147\n256-555-0100", "", ("256-555-0199", "256-555-0147", "Other phone: 256-555-0100")),
    ],
)
def test_several_phone_numbers(phone, other, expected):
    found = person(name="Ann", phone=phone, other_phone=other)
    assert (found.phone, found.other_phone, found.note) == expected


@pytest.mark.parametrize(
    ("cell", "email", "note"),
    [
        ("Ann@X.test", "ann@x.test", None),
        ("Ann Smith <ann@x.test>", "ann@x.test", None),
        ("ann@x.test; Bob@x.test, ann@x.test", "ann@x.test", "Other e-mail: bob@x.test"),
        ("ann@x.test ::: bob@x.test", "ann@x.test", "Other e-mail: bob@x.test"),
        ("N/A", None, None),
        ("ann at x.test", "ann at x.test", None),
    ],
)
def test_email(cell, email, note):
    found = person(name="Ann", email=cell)
    assert (found.email, found.note) == (email, note)


@pytest.mark.parametrize(
    ("cell", "method", "attributes"),
    [("Phone", "call", {}), ("SMS", "text", {}), ("E-mail", "email", {}), ("Anruf", "call", {}),
     ("pigeon", None, {"preferred method": "pigeon"}), ("", None, {})],
)  # fmt: skip
def test_preferred_method(cell, method, attributes):
    found = person(name="Ann", preferred_method=cell)
    assert (found.preferred_method, found.attributes) == (method, attributes)


def test_address():
    found = person(name="Ann", label="Home", street="12 Elm St\nRear", street_2="Apt 4", city="Huntsville", region="AL",
                   postcode="'02134", access_note="side gate\r\n\r\n\r\n1234")  # fmt: skip
    assert found.address == Address("Home", "12 Elm St, Rear, Apt 4", "Huntsville", "AL", "02134", "side gate\n\n1234")


def test_a_place_without_a_street_is_not_lost():
    found = person(name="Ann", label="Cabin", city="Huntsville", postcode="35801", access_note="side gate")
    assert (found.address, found.note) == (None, "Access: side gate")
    assert found.attributes == {"place": "Cabin", "city": "Huntsville", "postcode": "35801"}


def test_notes_facts_and_tags():
    found = person(
        name="Ann", note=" one \r\ntwo\x00\n\n\n\nthree ", attribute_pet="spaniel,\nPip", attribute_vip="TRUE",
        attribute_blocked="false", tags="* myContacts ::: Weekly; weekly | North, ", referred_by="Bob\nBrown", ignored="x",
    )  # fmt: skip
    assert (found.note, found.referred_by, found.tags) == ("one\ntwo\n\nthree", "Bob Brown", ["Weekly", "North"])
    assert found.attributes == {"pet": "spaniel, Pip", "vip": "yes"}


def test_a_short_row_and_columns_that_are_left_out():
    assert person_of(["Ann", "x"], ["name", "", "phone"], CHICAGO).name == "Ann"


# ---- out and in again ---------------------------------------------------------------------------------

CELL = st.one_of(
    st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20),
    st.sampled_from(["=1+1", "'+44 7700 900123", "-", "@x", "ann@x.test; bob@x.test", "256-555-0199 / 256-555-0147",
                     "2.565550199E9", "* * a", "TRUE", "call", "a\r\nb", "''+1 256 555 0199", "Acme"]),
)  # fmt: skip
MAPPING = [*FIELDS, "attribute:pet"]


def exported(found):
    """The cells of a person, in columns as an export has them."""
    address = found.address or Address(*[""] * 6)
    cells = {
        ("organisation" if found.kind == "organisation" else "name"): found.name,
        "tags": ", ".join(found.tags),
        **{field: getattr(found, field) for field in ("phone", "other_phone", "email", "note", "referred_by")},
        **{
            field: getattr(address, field) for field in ("label", "street", "city", "region", "postcode", "access_note")
        },
        "preferred_method": found.preferred_method,
        **{f"attribute:{key}": value for key, value in found.attributes.items()},
    }
    return list(cells), [value or "" for value in cells.values()]


@settings(max_examples=150, deadline=None)
@given(st.lists(CELL, min_size=len(MAPPING), max_size=len(MAPPING)))
def test_what_comes_in_goes_out_and_comes_in_the_same(row):
    try:
        first = person_of(row, MAPPING, CHICAGO)
    except BadRow:
        return
    mapping, cells = exported(first)
    table = read("export.csv", csv_bytes(mapping, [cells]))
    again = person_of(table.rows[0], table.columns, CHICAGO)
    assert replace(again, remarks=()) == replace(first, remarks=())
