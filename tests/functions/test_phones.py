"""Telephone numbers as they are typed and dialled."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm import phones, timezone

CHICAGO, LONDON, BERLIN, UTC = "America/Chicago", "Europe/London", "Europe/Berlin", "UTC"


@pytest.mark.parametrize(
    ("typed", "zone", "number"),
    [
        ("(256) 555-0199", CHICAGO, "+12565550199"),
        ("256.555.0199", CHICAGO, "+12565550199"),
        ("1 256 555 0199", CHICAGO, "+12565550199"),
        ("2565550199", "US/Central", "+12565550199"),
        ("256-555-0199 x12", CHICAGO, "+12565550199"),
        ("256-555-0199 ext. 12", CHICAGO, "+12565550199"),
        ("256-555-0199 (cell)", CHICAGO, "+12565550199"),
        ("256-555-0199, ask for Ann", CHICAGO, "+12565550199"),
        ("1-800-FLOWERS", CHICAGO, None),
        ("07700 900123", LONDON, "+447700900123"),
        ("+44 7700 900123", CHICAGO, "+447700900123"),
        ("0044 7700 900123", BERLIN, "+447700900123"),
        ("030 123456", BERLIN, "+4930123456"),
        ("+44 7700 900123", UTC, "+447700900123"),
        ("2565550199", UTC, None),
        ("555-0199", CHICAGO, None),
        ("2565550199123456", CHICAGO, None),
        ("call the office", CHICAGO, None),
        ("", CHICAGO, None),
        (None, CHICAGO, None),
    ],
)
def test_as_it_is_dialled(typed, zone, number):
    assert phones.e164(typed, zone) == number


def test_every_zone_that_can_be_chosen_is_in_a_country():
    assert [name for name in timezone.names() if not phones.region(name)] == []
    assert (phones.region(CHICAGO), phones.region(LONDON), phones.region(UTC)) == ("US", "GB", None)


@given(st.text(max_size=60), st.sampled_from([CHICAGO, LONDON, UTC]))
def test_nothing_that_is_typed_breaks_it(typed, zone):
    number = phones.e164(typed, zone)
    assert number is None or phones.e164(number, zone) == number
