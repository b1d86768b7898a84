"""/contacts narrowed, and the lists that are saved: does it, wrong method, a stranger, the wrong role, bad input."""

import re
import uuid

import pytest

from crm.contact_filter import Filters
from tests.conftest import PANES, text


async def save(browser, name: str, query: str = "place=35758&fact=pet:+dog&quiet=6"):
    return await browser.post("/contacts/lists", name=name, query=query)


def removal(page: str) -> str:
    found = re.search(r"/contacts/lists/[0-9a-f-]{36}/removal", page)
    assert found, "the page of a saved list has a button to remove it"
    return found[0]


async def test_a_saved_list_is_kept_shown_to_the_desk_and_opened_again(browse):
    office = await browse("office")
    name = f"Dogs {uuid.uuid4().hex[:6]}"
    answer = await save(office, name)
    assert answer.status_code == 303
    assert answer.location == "/contacts?place=35758&fact=pet:+dog&quiet=6"
    for who in ("office", "owner"):
        page = await (await (await browse(who)).get("/contacts")).get_data(as_text=True)
        assert name in page
        assert 'href="/contacts?place=35758&amp;fact=pet:+dog&amp;quiet=6"' in page
    assert name not in await (await (await browse("technician")).get("/contacts")).get_data(as_text=True)
    assert name not in await (await (await browse("stranger")).get("/contacts")).get_data(as_text=True)
    opened = await (await office.get(answer.location)).get_data(as_text=True)
    assert name in text(opened)
    answer = await office.post(removal(opened))
    assert answer.status_code == 303
    assert f"{name} was removed." in text(await (await office.get(answer.location)).get_data(as_text=True))
    assert name not in await (await office.get("/contacts")).get_data(as_text=True)


async def test_a_list_of_the_same_name_takes_its_place(browse):
    office = await browse("office")
    name = f"Twice {uuid.uuid4().hex[:6]}"
    await save(office, name, "quiet=3")
    assert (await save(office, name.upper(), "quiet=9")).location == "/contacts?quiet=9"
    page = await (await office.get("/contacts")).get_data(as_text=True)
    assert "/contacts?quiet=9" in page
    assert "/contacts?quiet=3" not in page
    await office.post(removal(await (await office.get("/contacts?quiet=9")).get_data(as_text=True)))


async def test_saving_and_removing_are_posts(browse):
    office = await browse("office")
    assert (await office.get("/contacts/lists")).status_code == 405
    assert (await office.get(f"/contacts/lists/{uuid.uuid4()}/removal")).status_code == 405


async def test_a_stranger_cannot_remove_it(browse):
    office = await browse("office")
    saved = await save(office, f"Ours {uuid.uuid4().hex[:6]}", "quiet=11")
    path = removal(await (await office.get(saved.location)).get_data(as_text=True))
    assert (await (await browse("stranger")).post(path)).status_code == 404
    assert (await office.post(path)).status_code == 303


async def test_a_technician_has_no_saved_lists(browse):
    technician = await browse("technician")
    assert (await technician.get("/contacts/lists/new?quiet=6")).status_code == 403
    assert (await save(technician, "Mine")).status_code == 403
    assert (await technician.post(f"/contacts/lists/{uuid.uuid4()}/removal")).status_code == 403
    page = await (await technician.get("/contacts?place=madison")).get_data(as_text=True)
    assert "Save this list" not in page
    assert "Owes" not in page


@pytest.mark.parametrize(
    ("name", "query", "words"),
    [
        ("", "quiet=6", "Enter a name of at most 60 characters."),
        ("x" * 61, "quiet=6", "Enter a name of at most 60 characters."),
        ("Everybody", "", "Choose a filter first: without one this is the list of everybody."),
        ("Everybody", "quiet=soon", "Choose a filter first: without one this is the list of everybody."),
    ],
)
async def test_what_cannot_be_saved_keeps_its_words_and_says_why(browse, name, query, words):
    answer = await save(await browse("office"), name, query)
    assert answer.status_code == 422
    page = await answer.get_data(as_text=True)
    assert words in page
    if query == "quiet=6":
        assert f'value="{name}"' in page
        assert 'name="query" value="quiet=6"' in page


@pytest.mark.parametrize(
    "query",
    [
        "quiet=soon", "quiet=0", "quiet=61", "quiet=-1", "visited_from=yesterday", "visited_to=0001-01-01", "service=windows", "owes=2",
        "kind=dog", "archived=no", "fact=%3F", "fact=", "place=", "place=%00", "after=x", "after=|", "q=%00", "tag=", "fact=9", "unknown=1",
    ],
)  # fmt: skip
async def test_what_cannot_be_read_is_as_good_as_not_there(browse, query):
    office = await browse("office")
    answer = await office.get(f"/contacts?{query}")
    if answer.status_code == 303:
        assert answer.location == "/contacts"
        answer = await office.get(answer.location)
    assert answer.status_code == 200
    page = await answer.get_data(as_text=True)
    assert "Take away: " not in page  # no filter is set
    assert 'class="item"' in page
    assert "Take away:" not in page


async def test_the_list_says_what_it_is_narrowed_to_and_how_to_widen_it(browse):
    office = await browse("office")
    address = f"/contacts?place=35758&service={PANES}&owes=1&kind=person&tag=vip&visited_to=2026-01-31"
    page = text(await (await office.get(address)).get_data(as_text=True))
    for words in (
        "In 35758",
        "Exterior windows",
        "Owes something",
        "People",
        "tags: vip",
        "Last visit until Sat, Jan 31, 2026",
    ):
        assert f"Take away: {words}" in page
    nobody = text(await (await office.get("/contacts?place=35758&fact=pet:+zebra")).get_data(as_text=True))
    assert "Nobody answers all of this" in nobody
    assert re.search(r"Without “pet: zebra”: \d", nobody)
    assert "Without “In 35758”" not in nobody


async def test_another_filter_is_a_step_and_other_words_in_it_are_not(browse):
    office = await browse("office")

    async def headers(before: str, now: str):
        target = {"HX-Target": "div#contacts", "HX-Current-URL": f"http://localhost:8000/contacts{before}"}
        return (await office.get(f"/contacts{now}", fragment=True, headers=target)).headers

    assert (await headers("", "?place=357&q="))["HX-Push-Url"] == "/contacts?place=357"
    assert (await headers("?place=357", "?place=35758"))["HX-Replace-Url"] == "/contacts?place=35758"
    assert (await headers("?place=357", "?place=357&q=pat"))["HX-Replace-Url"] == "/contacts?place=357&q=pat"
    assert (await headers("?place=357", "?place="))["HX-Push-Url"] == "/contacts"


def test_filters_are_written_in_one_way():
    query = "place=New+York&fact=pet:+dog&fact=gate&quiet=6&visited_from=2026-01-01&owes=overdue&kind=person&archived=1&q=o%27hara"
    assert Filters.of_query(query).query == query
    other = "q=o'hara&fact=PET%3Adog&owes=overdue&archived=1&fact=gate&fact=gate:&quiet=06&kind=person&place=+New%20York&visited_from=2026-01-01"
    assert Filters.of_query(other).query == query
    assert len(Filters.of_query("&".join(f"fact=f{n}" for n in range(9))).facts) == 5
    assert [part.without for part in Filters.of_query("place=a&fact=b&fact=c").parts()] == [
        "fact=b&fact=c",
        "place=a&fact=c",
        "place=a&fact=b",
    ]


async def test_a_form_without_javascript_comes_to_a_tidy_address(browse):
    answer = await (await browse("office")).get("/contacts?q=&place=35758&fact=&fact=pet&quiet=&service=&owes=")
    assert answer.status_code == 303
    assert answer.location == "/contacts?place=35758&fact=pet"


async def test_an_address_of_a_thousand_parts_is_no_error(browse):
    office = await browse("office")
    answer = await office.post("/contacts/lists", name="Many", query="&".join(["place=1"] * 300))
    assert answer.status_code in (303, 422)
