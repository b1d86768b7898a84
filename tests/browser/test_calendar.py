"""The office's week: a visit is moved by pointer, by keyboard and by form; others see it; a free time is a tap away."""

import itertools
import re
from datetime import date, timedelta

import psycopg
import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import DESK, PHONE
from tests.conftest import PAT, PATS_HOUSE, PEOPLE, become

DAYS = itertools.count()
AT = "%s::timestamp at time zone 'America/Chicago'"
TESS = PEOPLE["technician"].member_id
SIZES = pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])


@pytest.fixture
def ask(site, signer):
    """Runs one statement as somebody; what it answers first."""

    def run(who: str, statement: str, *values: object) -> str:
        with psycopg.connect(site.home.admin_url) as connection:
            become(connection, signer, who)
            row = connection.execute(f"select {statement}", values).fetchone()
            assert row
        return str(row[0])

    return run


@pytest.fixture
def day() -> date:
    """A day on which, and beside which, no other test books."""
    return date(2033, 3, 1) + timedelta(days=3 * next(DAYS))


@pytest.fixture
def book(ask, day):
    """A visit to Pat on that day, from one time until another, of nobody or of Tess."""

    def make(start: str, end: str, *members: object) -> str:
        return ask(
            "office",
            "(api.ticket_create(%s, %s, %s::timestamp at time zone 'America/Chicago', %s::timestamp at time zone 'America/Chicago', %s::uuid[])).id",
            PAT, PATS_HOUSE, f"{day} {start}", f"{day} {end}", list(members),
        )  # fmt: skip

    return make


def column(page: Page, name: str):
    return page.locator(".board-column").filter(has=page.get_by_role("heading", name=re.compile(name)))


async def open_board(page: Page, address: str) -> None:
    """Open the calendar, and wait for the script that it brings along: a drag before that is none."""
    await page.goto(address)
    await page.evaluate("import(document.querySelector('#board').dataset.script)")


async def drag(page: Page, ticket: str, name: str, row: int) -> None:
    """With the mouse, to a technician's column, so that it begins at a row of the grid."""
    slot = page.locator(f"[data-ticket='{ticket}']")
    to = column(page, name).locator(".board-slots")
    await slot.scroll_into_view_if_needed()
    here, there = await slot.bounding_box(), await to.bounding_box()
    height = await to.evaluate("list => parseFloat(getComputedStyle(list).gridAutoRows)")
    await page.mouse.move(here["x"] + 30, here["y"] + 8)
    await page.mouse.down()
    await page.mouse.move(here["x"] + 60, here["y"] + 30, steps=3)
    await page.mouse.move(there["x"] + 40, there["y"] + row * height + 9, steps=5)
    await page.mouse.up()


async def test_a_visit_is_dragged_to_a_technician_and_another_time(visit, book, day):
    ticket = book("10:00", "11:00")
    page = await visit("office", size=DESK)
    await open_board(page, f"/calendar/day?date={day}")
    await expect(column(page, "Nobody yet").locator(f"[data-ticket='{ticket}']")).to_be_visible()
    await drag(page, ticket, "Tess", 18)  # the grid begins at eight: half past twelve
    await expect(column(page, "Tess").locator(f"[data-ticket='{ticket}']")).to_contain_text(re.compile("12:30"))
    await expect(page.locator("#toasts")).to_contain_text(
        re.compile("Pat Pane: moved to .*, 12:30 pm to 1:30 pm, Tess.")
    )
    await page.reload()
    await expect(column(page, "Tess").locator(f"[data-ticket='{ticket}']")).to_contain_text(
        re.compile("12:30.*1:?30", re.S)
    )


async def test_a_drag_that_was_a_slip_of_the_hand_is_undone(visit, book, day):
    ticket = book("10:00", "11:00")
    page = await visit("office", size=DESK)
    await open_board(page, f"/calendar/day?date={day}&status=scheduled")
    await drag(page, ticket, "Tess", 18)
    undo = page.get_by_role("button", name="Undo the move of Pat Pane")
    await expect(undo).to_be_visible()
    narrowed = page.get_by_text("Narrowed to 1 of 4")
    await expect(narrowed).to_be_visible()
    await undo.click()
    await expect(undo).to_have_count(0)
    await expect(narrowed).to_be_visible()
    await expect(column(page, "Nobody yet").locator(f"[data-ticket='{ticket}']")).to_contain_text(re.compile("10:00"))
    await expect(page.locator("#toasts")).to_contain_text(re.compile("Pat Pane: back to .*, nobody yet."))
    await expect(page.get_by_role("button", name="Undo the move")).to_have_count(0)


async def test_a_drag_is_given_up_with_escape(visit, book, day):
    ticket = book("10:00", "11:00")
    page = await visit("office", size=DESK)
    await open_board(page, f"/calendar/day?date={day}")
    slot = page.locator(f"[data-ticket='{ticket}']")
    here = await slot.bounding_box()
    await page.mouse.move(here["x"] + 30, here["y"] + 8)
    await page.mouse.down()
    await page.mouse.move(here["x"] + 260, here["y"] + 90, steps=4)
    await expect(page.locator(".drag-ghost .slot-time")).to_have_text("11:00 am–12:00 pm")
    await page.keyboard.press("Escape")
    await page.mouse.up()
    await expect(page.locator(".drag-ghost")).to_have_count(0)
    await expect(column(page, "Nobody yet").locator(f"[data-ticket='{ticket}']")).to_contain_text("10:00")


async def test_a_visit_is_made_longer_at_its_lower_edge(visit, book, day):
    ticket = book("10:00", "11:00")
    page = await visit("office", size=DESK)
    await open_board(page, f"/calendar/day?date={day}")
    slot = page.locator(f"[data-ticket='{ticket}']")
    here = await slot.bounding_box()
    await page.mouse.move(here["x"] + 30, here["y"] + here["height"] - 3)
    await page.mouse.down()
    await page.mouse.move(here["x"] + 30, here["y"] + here["height"] * 1.5, steps=4)
    await expect(page.locator(".drag-ghost .slot-time")).to_have_text("10:00 am–11:30 am")
    await page.mouse.up()
    await expect(slot).to_have_attribute("data-minutes", "90")


async def test_a_refused_drag_says_who_is_there_and_takes_a_reason(visit, book, day):
    book("12:00", "13:00", TESS)
    ticket = book("10:00", "11:00")
    page = await visit("office", size=DESK)
    await open_board(page, f"/calendar/day?date={day}")
    await drag(page, ticket, "Tess", 18)
    await expect(page.get_by_role("alert")).to_contain_text("Tess already has a visit then (Pat Pane")
    await page.go_back()
    await expect(column(page, "Nobody yet").locator(f"[data-ticket='{ticket}']")).to_contain_text("10:00")
    await expect(page).to_have_url(re.compile(f"/calendar/day\\?date={day}"))
    await page.go_forward()
    await expect(page.get_by_role("heading", name="Move Pat Pane")).to_be_visible()
    await page.get_by_role("link", name="Back to the calendar").click()
    await expect(page.locator("#board")).to_have_attribute("data-date", str(day))
    await drag(page, ticket, "Tess", 18)
    await page.get_by_label("Book anyway, because").fill("next door")
    await page.get_by_role("button", name="Move the visit").click()
    await expect(column(page, "Tess").locator(f"[data-ticket='{ticket}']")).to_contain_text("Double booked")


@SIZES
async def test_a_visit_is_moved_with_the_keyboard_and_the_focus_comes_back(visit, book, day, size):
    ticket = book("10:00", "11:00")
    page = await visit("office", size=size)
    await open_board(page, f"/calendar/day?date={day}")
    await page.locator(f"[data-ticket='{ticket}'] .slot-move").focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Move Pat Pane")).to_be_visible()
    await page.get_by_label("Technician").select_option("Tess")
    await page.get_by_label("Start").fill("14:15")
    await page.get_by_label("Start").press("Enter")
    moved = column(page, "Tess").locator(f"[data-ticket='{ticket}']")
    await expect(moved).to_contain_text(re.compile("14:15|2:15"))
    await expect(moved.locator(".slot-move")).to_be_focused()


@SIZES
async def test_a_visit_is_moved_without_javascript(visit, book, day, size):
    ticket = book("10:00", "11:00", TESS)
    page = await visit("office", size=size, javascript=False)
    await page.goto(f"/calendar/week?date={day}")
    await page.locator(f"[data-ticket='{ticket}'] .slot-move").click()
    await page.get_by_label("Day").fill(str(day + timedelta(days=1 if day.weekday() < 6 else -1)))
    await page.get_by_role("button", name="Move the visit").click()
    await expect(page).to_have_url(re.compile(f"/calendar/week\\?date=.*moved={ticket}"))
    await expect(page.locator(f"[data-ticket='{ticket}']")).to_be_visible()


async def test_two_office_windows_see_each_others_moves(visit, book, day):
    """The second window keeps its place and what has the focus."""
    ticket = book("10:00", "11:00")
    stays = book("20:00", "21:00", TESS)
    one, two = await visit("office", size=DESK), await visit("owner", size=DESK)
    for page in (one, two):
        await open_board(page, f"/calendar/day?date={day}")
    focused = two.locator(f"[data-ticket='{stays}'] .slot-move")
    await focused.focus()
    scrolled = await two.locator("#board").evaluate("board => (board.scrollTop = 60, board.scrollTop)")
    await drag(one, ticket, "Tess", 8)
    await expect(column(one, "Tess").locator(f"[data-ticket='{ticket}']")).to_be_visible()
    await expect(column(two, "Tess").locator(f"[data-ticket='{ticket}']")).to_be_visible()
    await expect(focused).to_be_focused()
    assert await two.locator("#board").evaluate("board => board.scrollTop") == scrolled


async def test_the_week_shows_who_goes_when_and_a_cell_takes_a_visit(visit, book, day):
    ticket = book("10:00", "11:00", TESS)
    page = await visit("office", size=DESK)
    await open_board(page, f"/calendar/week?date={day}")
    slot = page.locator(f"[data-ticket='{ticket}']")
    other = day + timedelta(days=1 if day.weekday() < 6 else -1)
    cell = page.locator(f"td[data-member='{TESS}'][data-date='{other}']")
    here, there = await slot.bounding_box(), await cell.bounding_box()
    await page.mouse.move(here["x"] + 20, here["y"] + 8)
    await page.mouse.down()
    await page.mouse.move(there["x"] + 20, there["y"] + 20, steps=6)
    await page.mouse.up()
    await expect(cell.locator(f"[data-ticket='{ticket}']")).to_contain_text("10:00")


@SIZES
async def test_a_visit_is_booked_in_one_sheet_at_a_free_time(visit, ask, site, size):
    """For somebody who is known: tick the work, tap a time, book."""
    name = f"Hal {size['width']}"
    hal = ask("owner", "(api.member_invite(%s, %s, 'technician')).id", name, f"hal{size['width']}@tidy.test")
    ask(
        "owner",
        "count(*) from api.working_hours_set(%s, '{1,2,3,4,5,6,7}', array_fill('08:00'::time, '{7}'), array_fill('18:00'::time, '{7}'))",
        hal,
    )
    page = await visit("office", size=size)
    await page.goto(f"/tickets/new?contact={PAT}")
    await page.get_by_label(re.compile("Exterior windows")).check()
    await page.get_by_label(name).check()
    await expect(page.locator("#slots")).to_contain_text("for 1 h")
    await page.get_by_label(re.compile("Gutter cleaning")).check()
    await expect(page.locator("#slots")).to_contain_text("for 2 h 30 min")
    times = page.locator("[data-fill]").filter(has_text=name)
    await times.first.click()
    await expect(page.get_by_label("Start")).not_to_have_value(re.compile("T09:00"))
    await page.get_by_role("button", name="Book the visit").click()
    await expect(page).to_have_url(re.compile(r"/tickets/[0-9a-f-]{36}"))
    await expect(page.get_by_role("main")).to_contain_text(name)
    ask("owner", "(api.member_disable(%s, true)).id", hal)


async def test_each_technician_has_a_sheet_of_paper_in_black(visit, book, day):
    book("10:00", "11:00", TESS)
    book("13:00", "14:00")
    page = await visit("office", size=DESK, color_scheme="dark")
    await open_board(page, f"/calendar/day?date={day}")
    await page.get_by_role("link", name="Sheets to print").click()
    await expect(page.locator(".day-sheet")).to_have_count(2)
    await expect(page.get_by_role("button", name="Print")).to_be_visible()
    await page.emulate_media(media="print", color_scheme="dark")
    for chrome in (page.locator(".nav"), page.get_by_role("button", name="Print"), page.locator(".back")):
        await expect(chrome).to_be_hidden()
    colours = await page.evaluate(
        "() => [...new Set([...document.querySelectorAll('.day-sheet *')].map(each => getComputedStyle(each).color))]"
    )
    assert colours == ["rgb(0, 0, 0)"]
    for paper in ("A4", "Letter"):
        assert (await page.pdf(format=paper)).count(b"/Type /Page\n") == 2


WHOLE = """slot => [...slot.querySelectorAll("p, .mark:first-child")].filter(part => part.checkVisibility()).map(part => {
  const [outer, inner] = [slot.getBoundingClientRect(), part.getBoundingClientRect()];
  return [part.className, inner.height > 0 && inner.bottom <= outer.bottom && inner.top >= outer.top];
})"""


async def test_a_short_visit_says_its_time_its_name_and_its_first_mark_whole(visit, book, ask, day):
    tickets = [book(f"{hour}:00", end, TESS) for hour, end in ((10, "10:30"), (12, "12:45"), (14, "15:00"))]
    for ticket in tickets:
        ask("office", "(api.ticket_confirmation_set(%s, 'reschedule_requested')).id", ticket)
    page = await visit("office", size=DESK)
    await open_board(page, f"/calendar/day?date={day}")
    for ticket in tickets:
        slot = page.locator(f"[data-ticket='{ticket}']")
        for part, words in (("time", ":00 "), ("name", "Pat Pane"), ("marks", "Wants another time")):
            await expect(slot.locator(f".slot-{part}")).to_contain_text(words)
        found = dict(await slot.evaluate(WHOLE))
        assert found == {"slot-time": True, "slot-name": True, "slot-marks": True, "mark warn": True}, ticket


async def test_another_day_opens_at_its_first_visit_and_the_arrows_turn_to_the_next(visit, book, day):
    ticket = book("13:00", "14:00", TESS)
    book("20:00", "22:00", TESS)  # so that there is more of the day than fits
    page = await visit("office", size=DESK)
    await open_board(page, f"/calendar/day?date={day - timedelta(days=1)}")
    await page.get_by_role("link", name="A day later").click()
    board = page.locator("#board")
    await expect(board).to_have_attribute("data-date", str(day))
    await expect(page.locator(f"[data-ticket='{ticket}']")).to_be_in_viewport()
    assert await board.evaluate("board => board.scrollTop") > 200
    assert not await board.evaluate("board => board.hasAttribute('data-ticks')")
    # On a phone the strip has the days of the week, and the arrows turn to another.
    await page.set_viewport_size(PHONE)
    await expect(page.get_by_role("link", name="A day later")).to_be_hidden()
    await page.get_by_role("link", name="A week later").click()
    await expect(board).to_have_attribute("data-date", str(day + timedelta(days=7)))


async def test_today_opens_at_now_and_stays_where_it_is_scrolled_to(visit, ask):
    today = ask("office", "(now() at time zone 'America/Chicago')::date")
    for start, end in (("00:15", "01:00"), ("23:00", "23:45")):
        ask(
            "office",
            f"(api.ticket_create(%s, %s, {AT}, {AT})).id",
            PAT,
            PATS_HOUSE,
            f"{today} {start}",
            f"{today} {end}",
        )
    page = await visit("office", size=DESK)
    await page.goto("/calendar/day")
    board = page.locator("#board[data-ticks]")
    quarters = float(await board.evaluate("board => board.style.getPropertyValue('--now')"))
    minutes = int(
        ask("office", "extract(epoch from now() at time zone 'America/Chicago' - %s::date)::integer / 60", today)
    )
    assert abs(quarters * 15 - minutes) < 3
    most = await board.evaluate("board => board.scrollHeight - board.clientHeight")
    assert abs(await board.evaluate("board => board.scrollTop") - min(most, max(0, (quarters - 4) * 20))) < 3
    await board.evaluate("board => board.scrollTop = 77")
    version = await board.get_attribute("data-version")
    ask("office", f"(api.ticket_create(%s, %s, {AT}, {AT})).id", PAT, PATS_HOUSE, f"{today} 21:00", f"{today} 22:00")
    await expect(board).not_to_have_attribute("data-version", version)
    await expect(board).to_have_count(1)
    assert await board.evaluate("board => board.scrollTop") == 77
