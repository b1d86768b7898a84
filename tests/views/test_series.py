"""Repeating visits through the pages: booked, looked at, changed with a preview, left out, paused, ended and undone."""

import re
from datetime import date, timedelta

import pytest

from tests.conftest import PANES, PEOPLE, text

TUESDAY = date.today() + timedelta(days=(1 - date.today().weekday()) % 7 + 7)
BOOK = {
    "starts_at": f"{TUESDAY}T19:00", "hours": "1:00", "service_ids": str(PANES),
    "member_ids": str(PEOPLE["colleague"].member_id), "repeats": "week-4",
}  # fmt: skip


async def somebody(office) -> str:
    """A customer of their own, so that nobody else's pages are full of visits."""
    added = await office.post("/contacts", name="Sylvie Series", kind="person")
    return str(added.location.rpartition("/")[2])


async def book(office, **more: str) -> str:
    contact = await somebody(office)
    answer = await office.post(f"/tickets/new?contact={contact}", contact_id=contact, **BOOK | more)
    assert answer.status_code == 303, text(await answer.get_data(as_text=True))
    return answer.location


async def read(office, path: str) -> str:
    answer = await office.get(path)
    assert answer.status_code == 200
    return await answer.get_data(as_text=True)


async def the_next(office, path: str) -> str:
    return re.findall(r'href="/tickets/([0-9a-f-]{36})"', await read(office, path))[0]


async def clear(office, path: str) -> None:
    """Whoever comes next finds the time free."""
    await office.post(f"{path.partition('?')[0]}/end", ended_on=str(date.today()))


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "Every 4 weeks on Tuesday at 7:00 pm"),
        ({"repeats": "month-1"}, "Every month on the"),
        (
            {"repeats": "custom", "unit": "week", "every": "2", "weekdays": "2", "count": "3"},
            "Every 2 weeks on Tuesday",
        ),
        ({"repeats": "custom", "unit": "month", "every": "1", "monthly_by": "nth_weekday"}, "Tuesday at 7:00 pm"),
        ({"repeats": "custom", "rrule": "FREQ=MONTHLY;BYDAY=-1FR;COUNT=3"}, "Every month on the last Friday"),
    ],
)
async def test_a_visit_is_booked_to_repeat(browse, fields, words):
    office = await browse("office")
    path = await book(office, **fields)
    html = text(await read(office, path))
    assert words in html
    await clear(office, path)


async def test_a_booking_that_cannot_repeat_so_keeps_every_word(browse):
    office = await browse("office")
    contact = await somebody(office)
    answer = await office.post(
        f"/tickets/new?contact={contact}",
        contact_id=contact,
        **BOOK | {"repeats": "custom", "every": "400", "rrule": "", "unit": "week", "instructions": "Ring twice."},
    )
    html = await answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Choose a number between 1 and 365." in html
    assert "Ring twice." in html
    assert 'value="custom" selected' in html


async def test_a_change_is_seen_before_it_is_made_and_undone_after(browse):
    office = await browse("office")
    path = await book(office)
    ticket = await the_next(office, path)
    form = await read(office, f"{path}/edit")
    assert f'name="ticket_id" value="{ticket}"' in form
    assert re.search(r'name="rrule"[^>]* value=""', form), "a rule there would count instead of the fields"
    wish = BOOK | {
        "ticket_id": ticket,
        "scope": "all",
        "starts_at": f"{TUESDAY + timedelta(days=1)}T20:00",
        "unit": "week",
        "every": "4",
        "weekdays": "2",
    }
    wish.pop("repeats")
    seen = await office.post(f"{path}/preview", **wish)
    html = await seen.get_data(as_text=True)
    assert seen.status_code == 200
    number = int(re.search(r"(\d+) visits move", html)[1])
    fields = dict(re.findall(r'<input type="hidden" name="(?!csrf)(\w+)" value="([^"]*)"', html))
    assert fields["starts_at"] == wish["starts_at"]
    saved = await office.post(path, **fields)
    assert saved.status_code == 303
    html = await read(office, saved.location)
    assert "Every 4 weeks on Wednesday at 8:00 pm" in text(html)
    assert f"visits: {number} moved" in text(html)
    undo = re.search(r'action="(/series-changes/[^"]+/undo)"', html)[1]
    undone = await office.post(undo)
    assert undone.location == path
    assert "Every 4 weeks on Tuesday at 7:00 pm" in text(await read(office, path))
    await clear(office, path)


async def test_a_visit_moved_by_hand_is_marked_and_offered_to_be_moved(browse):
    office = await browse("office")
    path = await book(office)
    ticket = await the_next(office, path)
    await office.post(
        f"/tickets/{ticket}",
        starts_at=f"{TUESDAY}T20:30",
        hours="1:00",
        member_ids=BOOK["member_ids"],
    )
    assert "Moved by hand" in text(await read(office, path))
    wish = BOOK | {
        "ticket_id": "",
        "scope": "all",
        "starts_at": f"{TUESDAY}T18:00",
        "unit": "week",
        "every": "4",
        "weekdays": "2",
    }
    seen = text(await (await office.post(f"{path}/preview", **wish)).get_data(as_text=True))
    assert "1 moved by hand stays" in seen
    assert "Move it as well" in seen
    saved = await office.post(path, **wish, move_by_hand=ticket)
    html = text(await read(office, saved.location))
    assert "Moved by hand" not in html
    await clear(office, saved.location)


async def test_a_refused_change_shows_the_form_again_with_every_word(browse):
    office = await browse("office")
    path = await book(office)
    for to in (f"{path}/preview", path):
        answer = await office.post(
            to, **BOOK | {"scope": "all", "unit": "week", "every": "0", "instructions": "Mind the dog."}
        )
        html = await answer.get_data(as_text=True)
        assert answer.status_code == 422
        assert "Choose a number between 1 and 365." in html
        assert "Mind the dog." in html
    await clear(office, path)


async def test_one_is_left_out_from_the_visit_and_taken_back(browse):
    office = await browse("office")
    path = await book(office)
    ticket = await the_next(office, path)
    page = await read(office, f"/tickets/{ticket}")
    assert f'href="{path}"' in page
    skipped = await office.post(f"/tickets/{ticket}/skip")
    html = await read(office, skipped.location)
    assert "Cancelled" in html
    await office.post(re.search(r'action="(/series-changes/[^"]+/undo)"', html)[1])
    assert "Cancelled" not in await read(office, path)
    await clear(office, path)


async def test_a_pause_is_said_and_ended_and_an_end_is_final(browse):
    office = await browse("office")
    path = await book(office)
    refused = await office.post(f"{path}/pause", paused_from="2020-01-01")
    assert refused.status_code == 422
    assert "This day is over." in await refused.get_data(as_text=True)
    paused = await office.post(f"{path}/pause", paused_from=str(TUESDAY))
    assert "until further notice" in text(await read(office, paused.location))
    assert "There is none to come." in await read(office, path)
    await office.post(f"{path}/resumption")
    assert "Paused from" in text(await read(office, path)), "in its history"
    assert len(await the_next(office, path)) == 36
    await office.post(f"{path}/end", ended_on=str(TUESDAY))
    html = await read(office, path)
    assert "Ended" in html
    assert "Leave out" not in html
    assert (await office.get(f"{path}/edit")).status_code == 303


async def test_what_was_changed_since_is_listed_and_keeps_a_change_from_being_undone(browse):
    office = await browse("office")
    path = await book(office)
    wish = BOOK | {"scope": "all", "starts_at": f"{TUESDAY}T18:00", "unit": "week", "every": "4", "weekdays": "2"}
    saved = await office.post(path, **wish)
    change = saved.location.partition("change=")[2]
    ticket = await the_next(office, saved.location)
    await office.post(f"/tickets/{ticket}/cancellation", reason="rain")
    page = text(await read(office, f"/series-changes/{change}"))
    assert "Changed since" in page
    assert "cancelled: rain" in page
    refused = await office.post(f"/series-changes/{change}/undo")
    assert refused.status_code == 422
    assert "would be lost" in await refused.get_data(as_text=True)
    await clear(office, saved.location)


async def test_whoever_closes_a_visit_out_reads_that_the_series_goes_on(browse):
    office = await browse("office")
    path = await book(office)
    answer = await (await browse("colleague")).get(
        f"/tickets/{await the_next(office, path)}/close-out/next", headers={"X-Offline": "ahead"}
    )
    page = text(await answer.get_data(as_text=True))
    assert "The series goes on Nothing is planned beside it." in page
    assert "No follow-up" not in page
    await clear(office, path)


async def test_the_last_visit_of_a_series_is_one_that_nothing_follows(browse):
    office = await browse("office")
    path = await book(office, repeats="custom", rrule="FREQ=WEEKLY;COUNT=1")
    answer = await (await browse("colleague")).get(
        f"/tickets/{await the_next(office, path)}/close-out/next", headers={"X-Offline": "ahead"}
    )
    page = text(await answer.get_data(as_text=True))
    assert "No follow-up Nothing is planned." in page
    await clear(office, path)
