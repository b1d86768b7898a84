"""Time off and holidays say which visits are booked within them."""

import re
from typing import Any

import pytest

from tests.conftest import PAT, PATS_HOUSE, PEOPLE, text

TESS, CARL = (PEOPLE[who].member_id for who in ("technician", "colleague"))
BOOK = """select id from api.ticket_create(%s, %s, %s::timestamp at time zone 'America/Chicago',
    %s::timestamp at time zone 'America/Chicago', %s::uuid[])"""


@pytest.fixture
def book(office):
    """A visit, from one time until another at Tidy's place."""

    def make(start: str, end: str, *members: Any) -> Any:
        return office("office", BOOK, PAT, PATS_HOUSE, start, end, list(members)).id

    return make


async def add(browse, **form: str) -> tuple[str, str]:
    """The toast of the page it leads to, and what the list says of this time off."""
    desk = await browse("office")
    answer = await desk.post("/time-off", **form)
    assert answer.status_code == 303
    page = await (await desk.get(answer.location)).get_data(as_text=True)
    toast = re.search(r"<template data-toast.*?>(.*?)</template>", page)
    assert toast
    (said,) = [part for part in page.split('<div class="row" id="time-off-')[1:] if f": {form['reason']}<" in part]
    return toast[1], said


async def test_says_how_many_visits_are_booked_then_with_a_way_to_each_day(browse, book):
    book("2036-05-05 23:30", "2036-05-06 00:30", TESS)  # goes on into the first day
    book("2036-05-06 09:00", "2036-05-06 10:00", TESS, CARL)
    book("2036-05-06 11:00", "2036-05-06 12:00", TESS)
    book("2036-05-07 09:00", "2036-05-07 10:00", CARL)  # somebody else's
    book("2036-05-09 00:00", "2036-05-09 01:00", TESS)  # when it is over
    toast, said = await add(
        browse, for_member_id=str(TESS), first_on="2036-05-06", last_on="2036-05-08", reason="Vacation"
    )
    assert toast == "Noted. 3 visits are booked then and stay: look them over."
    assert "3 visits are booked then" in text(said)
    assert re.findall(r'href="/calendar/day\?date=(.*?)&amp;technician=(.*?)"', said) == [
        ("2036-05-05", str(TESS)),
        ("2036-05-06", str(TESS)),
    ]
    assert "May 6 (2)" in text(said)


async def test_a_holiday_counts_everybodys_and_those_of_nobody(browse, book, office):
    book("2036-06-04 09:00", "2036-06-04 10:00", CARL)
    book("2036-06-04 09:00", "2036-06-04 10:00")
    gone = book("2036-06-04 11:00", "2036-06-04 12:00", TESS)
    office("office", "select api.ticket_cancel(%s, 'rain')", gone)
    toast, said = await add(browse, for_member_id="", first_on="2036-06-04", reason="Midsummer")
    assert toast == "Noted. 2 visits are booked then and stay: look them over."
    assert 'href="/calendar/day?date=2036-06-04"' in said


async def test_one_visit_is_one(browse, book):
    book("2036-07-01 09:00", "2036-07-01 10:00", CARL)
    toast, said = await add(browse, for_member_id=str(CARL), first_on="2036-07-01", **{"from": "09:30", "until": "12:00"}, reason="Dentist")  # fmt: skip
    assert toast == "Noted. 1 visit is booked then and stays: look it over."
    assert "1 visit is booked then" in text(said)


async def test_where_nothing_is_booked_says_so(browse, book):
    book("2036-08-01 09:00", "2036-08-01 10:00", CARL)
    toast, said = await add(browse, for_member_id=str(CARL), first_on="2036-08-01", **{"from": "10:00", "until": "12:00"}, reason="Parents evening")  # fmt: skip
    assert toast == "Noted. No visit is booked then."
    assert "booked then" not in text(said)
