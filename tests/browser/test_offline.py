"""A dead spot: the server is really gone, the day goes on, and what was done then is sent once, in order, with its times."""

import asyncio
import os
import re
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
import pytest
import pytest_asyncio
from PIL import Image
from playwright.async_api import Browser, Page, expect
from psycopg.rows import namedtuple_row

from crm.run import Home
from tests.browser import pages
from tests.browser.conftest import DESK, PATIENCE, PHONE, start
from tests.browser.test_pages import AXE, COLOURS, EVERYTHING, INLINE, LOOK
from tests.conftest import GUTTERS, PANES, PAT, PATS_HOUSE, PEOPLE, become

CHICAGO = ZoneInfo("America/Chicago")  # where Tidy Windows is
KEPT = """async path => {
  for (const name of await caches.keys()) if (name.includes(" ") && await (await caches.open(name)).match(path)) return true;
}"""
PAGES_OF = "async () => (await caches.keys()).filter(name => name.includes(' ')).map(name => name.split(' ')[1])"
# Every item of the queue, changed by a function in JavaScript.
CHANGE = """async change => {
  const db = await new Promise(done => { indexedDB.open("offline").onsuccess = event => done(event.target.result); });
  const queue = db.transaction("queue", "readwrite").objectStore("queue");
  const items = await new Promise(done => { queue.getAll().onsuccess = event => done(event.target.result); });
  const changed = new Function("items", change)(items);
  for (const item of changed) queue.put(item);
  await new Promise(done => { queue.transaction.oncomplete = done; });
  db.close();
  return items.length;
}"""
TWO_HOURS_PASS = """
  const before = wall => new Date(Date.parse(wall + "Z") - 7200e3).toISOString().slice(0, 16);
  return items.map(item => ({...item, at: item.at - 7200e3,
    fields: item.fields.map(([name, value]) => [name, name.startsWith("clocked_") ? before(value) : value])}));
"""


class Server:
    """`crm serve` on a port of its own, which can go and come back."""

    def __init__(self, home: Home) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.home, self.url = home, f"http://localhost:{self.port}"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        environment = {**os.environ, **self.home.environment(), "CRM_DEMO": "1", "CRM_PUBLIC_URL": self.url}
        self.process = start(self.home, environment, "serve", "--port", str(self.port))
        deadline = time.monotonic() + 60
        while True:
            try:
                urllib.request.urlopen(f"{self.url}/health/ready", timeout=2).read()
                return
            except OSError:
                assert time.monotonic() < deadline, (self.home.folder / "web.log").read_text()[-3000:]
                time.sleep(0.05)

    def stop(self) -> None:
        if self.process:
            self.process.kill()
            self.process.wait(15)
        self.process = None


@pytest.fixture(scope="module")
def running(home: Home) -> Iterator[Server]:
    server = Server(home)
    yield server
    server.stop()


@pytest.fixture
def server(running: Server) -> Server:
    """The server, there when a test begins."""
    if running.process is None:
        running.start()
    return running


@pytest.fixture
def sql(home: Home) -> Iterator[Any]:
    with psycopg.connect(home.admin_url, autocommit=True, row_factory=namedtuple_row) as connection:
        yield lambda query, *values: connection.execute(query, values).fetchall()


@pytest.fixture
def ticket(home: Home, signer) -> str:
    """A visit of Tess's with Pat, beginning about now."""
    begin = datetime.now(UTC).replace(second=0, microsecond=0)
    with psycopg.connect(home.admin_url) as connection:
        become(connection, signer, "office")
        row = connection.execute(
            "select id from api.ticket_create(%s, %s, %s, %s, %s::uuid[], %s::uuid[], null, 'beside what other tests did')",
            (PAT, PATS_HOUSE, begin, begin + timedelta(hours=1), [PEOPLE["technician"].member_id], [PANES, GUTTERS]),
        ).fetchone()
    return str(row[0])


class Phone:
    """A browser with a worker, and who is signed in there."""

    def __init__(self, context: Any, server: Server) -> None:
        self.context, self.server = context, server

    async def is_of(self, who: str) -> None:
        cookie = await pages.session_of(self.server.home.valkey.url, PEOPLE[who])
        await self.context.add_cookies([{"name": "session", "value": cookie, "url": self.server.url}])


@pytest_asyncio.fixture(loop_scope="session", params=[PHONE, DESK], ids=["phone", "desk"])
async def phone(request, chromium: Browser, server: Server) -> AsyncIterator[Phone]:
    context = await chromium.new_context(
        viewport=request.param, base_url=server.url, has_touch=request.param is PHONE, service_workers="allow"
    )
    context.set_default_timeout(PATIENCE)
    heard: list[str] = []
    await context.add_init_script(pages.WATCH)
    await context.add_init_script("window.loadAxe = () => {" + AXE.read_text() + "}")
    context.on("weberror", lambda error: heard.append(str(error.error)))
    context.on("console", lambda message: heard.append(message.text) if "Content Security" in message.text else None)
    yield Phone(context, server)
    await context.close()
    assert not heard


async def opened(phone: Phone, ticket: str) -> Page:
    """The day in the morning: everything of the visit is on the phone."""
    await phone.is_of("technician")
    page = await phone.context.new_page()
    await page.goto("/day")
    await until(page, KEPT, f"/tickets/{ticket}/close-out/confirm")
    return page


async def until(page: Page, holds: str, arg: Any = None) -> None:
    """Until a question to the page, which may take a while itself, is answered with yes."""
    async with asyncio.timeout(60):
        await page.evaluate(
            f"async arg => {{ while (!await ({holds})(arg)) await new Promise(done => setTimeout(done, 50)); }}", arg
        )


def saved(page: Page) -> Any:
    return expect(page.locator("#toasts")).to_contain_text("Saved on this phone, sent when there is a connection.")


async def is_for_everybody(page: Page) -> None:
    """As every page is, in both colour schemes: what the script has put there is no exception."""
    look = {"inline": ", ".join(INLINE), "phone": page.viewport_size == PHONE}
    assert await page.evaluate(LOOK, look | {"axe": EVERYTHING}) == []
    await page.emulate_media(color_scheme="dark")
    assert await page.evaluate(LOOK, look | {"axe": COLOURS}) == []
    await page.emulate_media(color_scheme="light")


def items(page: Page) -> Any:
    return page.locator("[data-queue-items] > li")


async def test_a_visit_from_start_to_finish_in_a_dead_spot(phone, server, ticket, sql, tmp_path):
    page = await opened(phone, ticket)
    server.stop()
    photo = tmp_path / "gate.jpg"
    Image.effect_noise((2400, 1800), 60).convert("RGB").save(photo)

    # The day, then the visit
    await page.goto("/day")
    await expect(page.get_by_role("main")).to_contain_text("without a connection")
    await expect(page.get_by_role("main")).to_contain_text("Pat")
    await is_for_everybody(page)
    await page.goto(f"/tickets/{ticket}")
    await page.get_by_role("button", name="Start this visit").click()
    await saved(page)
    await expect(page.get_by_role("link", name="1 waiting to be sent")).to_be_visible()
    await expect(page.get_by_role("link", name="Close out")).to_be_visible()

    # A note, a photo
    await page.get_by_role("link", name="Add a note").click()
    await page.get_by_label("Note").fill("Loose hook at the back.")
    await page.get_by_role("button", name="Add note").click()
    await saved(page)
    await page.locator("#f-files").set_input_files(photo)
    await page.get_by_role("button", name="Add them").click()
    await saved(page)
    await expect(page.get_by_role("link", name="3 waiting to be sent")).to_be_visible()

    # The close-out: the times are those of the phone
    await page.reload()
    await page.get_by_role("link", name="Close out").click()
    started, now = await page.locator("[name=clocked_in_at]").input_value(), datetime.now(CHICAGO).replace(tzinfo=None)
    assert timedelta(0) <= now - datetime.fromisoformat(started) < timedelta(minutes=5)
    await page.locator("input[name^=quantity-]").first.fill("24")
    await page.get_by_label("The price is right").check()
    await page.get_by_role("button", name="Save and go on").click()
    await page.get_by_label("What did you see?").fill("Spaniel Pip; shut the side gate.")
    await page.get_by_role("button", name="Save and go on").click()
    await page.get_by_label("No follow-up").check()
    await page.get_by_role("button", name="Save and go on").click()
    await expect(page.get_by_role("heading", name="This will be final")).to_be_visible()
    await expect(page.locator("[data-step]")).to_have_text(["Saved on this phone"] * 3)
    await page.get_by_role("button", name="Complete the visit").click()
    await page.wait_for_url("**/day")
    await expect(page.get_by_role("main")).to_contain_text("without a connection")
    await expect(page.get_by_role("article").filter(has_text="Finished")).to_contain_text("on this phone")
    await page.goto(f"/tickets/{ticket}")
    await expect(page.get_by_role("main")).to_contain_text("Finished, sent when there is a connection.")
    await page.goto("/contacts")
    await expect(page.get_by_role("heading", name="What works without one")).to_be_visible()

    # All of it waits, in its order
    await page.goto("/offline/queue")
    names = ["Start", "Note", "Photos", "Time and work", "What was seen", "What comes next", "Finish"]
    await expect(items(page).locator("[data-what]")).to_have_text(names)
    await expect(items(page).locator("[data-state]:visible")).to_have_text(["Waiting"] * 7)
    await expect(items(page).first.get_by_role("link")).to_contain_text("Pat")
    assert sql("select status from crm.ticket where id = %s", ticket)[0].status == "scheduled"

    # Two hours later there is a connection: "Send now" twice, and a second tab
    left = datetime.now(UTC)
    assert await page.evaluate(CHANGE, TWO_HOURS_PASS) == 7
    other = await phone.context.new_page()
    await other.goto("/offline/queue")
    await expect(items(other)).to_have_count(7)
    server.start()
    send = page.get_by_role("button", name="Send now")
    await send.dblclick()
    await other.evaluate("document.querySelector('[data-queue-send]').click()")
    await expect(items(page).locator("[data-state]:visible")).to_have_text(["Sent"] * 7)

    done = sql("select * from crm.ticket where id = %s", ticket)[0]
    assert done.status == "completed"
    assert timedelta(hours=1, minutes=50) < left - done.clocked_in_at < timedelta(hours=2, minutes=10)
    assert done.clocked_in_at < done.completed_at < left - timedelta(hours=1, minutes=50)
    assert done.clock_reason == "Sent later from the phone."
    assert done.note == "Spaniel Pip; shut the side gate."
    notes = sql("select body, created_at from crm.note where ticket_id = %s", ticket)
    assert [note.body for note in notes] == ["Loose hook at the back."]
    assert done.clocked_in_at < notes[0].created_at < done.completed_at
    files = sql("select width, height from crm.file where ticket_id = %s", ticket)
    assert files == [(1600, 1200)]
    actions = sql("select action from crm.done_action where ticket_id = %s order by done_at", ticket)
    assert [row.action for row in actions] == [
        "ticket_clock_in", "note_add", "file_add", "close_out_work", "close_out_note", "close_out_next", "ticket_complete",
    ]  # fmt: skip
    await page.goto("/day")
    await expect(page.locator("#page")).not_to_have_attribute("data-as-of", re.compile("."))
    await expect(page.get_by_role("link", name="waiting to be sent")).to_have_count(0)


async def test_what_the_server_refuses_needs_attention_and_holds_back_the_rest(
    phone, server, ticket, sql, home, signer
):
    page = await opened(phone, ticket)
    server.stop()
    await page.goto(f"/tickets/{ticket}")
    await page.get_by_role("button", name="Start this visit").click()
    await saved(page)
    await page.goto(f"/tickets/{ticket}/notes/new")
    await page.get_by_label("Note").fill("Nobody there.")
    await page.get_by_role("button", name="Add note").click()
    await saved(page)
    with psycopg.connect(home.admin_url) as connection:
        become(connection, signer, "office")
        connection.execute("select api.ticket_cancel(%s, 'rain')", (ticket,))
    server.start()
    await page.goto("/offline/queue")
    await expect(items(page).first.locator("[data-state]:visible")).to_have_text("Needs attention")
    await expect(items(page).first).to_contain_text("This visit is cancelled: nothing on it changes any more.")
    await expect(items(page).last.locator("[data-state]:visible")).to_have_text("Waiting")
    await expect(page.get_by_role("link", name="1 needs attention, 1 waiting to be sent")).to_be_visible()
    await is_for_everybody(page)
    await items(page).first.get_by_role("button", name="Try again").click()
    await expect(items(page).first.locator("[data-state]:visible")).to_have_text("Needs attention")
    assert sql("select from crm.note where ticket_id = %s", ticket) == []

    # Thrown away, asked twice: then the rest goes
    await items(page).first.get_by_role("button", name="Throw away").click()
    await expect(items(page)).to_have_count(2)
    await items(page).first.get_by_role("button", name="Throw away for good?").click()
    await expect(items(page)).to_have_count(1)
    await expect(items(page).locator("[data-state]:visible")).to_have_text("Sent")
    assert [row.body for row in sql("select body from crm.note where ticket_id = %s", ticket)] == ["Nobody there."]


async def test_another_member_sees_and_sends_nothing_of_it(phone, server, ticket, sql):
    page = await opened(phone, ticket)
    server.stop()
    await page.goto(f"/tickets/{ticket}/notes/new")
    await page.get_by_label("Note").fill("Only Tess may send this.")
    await page.get_by_role("button", name="Add note").click()
    await saved(page)
    await page.goto("about:blank")
    server.start()
    await phone.is_of("colleague")
    await page.goto("/day")
    carl, tess = (str(PEOPLE[who].member_id) for who in ("colleague", "technician"))
    await until(page, f"async () => String(await ({PAGES_OF})()) === '{carl}'")
    await page.goto("/offline/queue")
    await expect(page.get_by_role("main")).to_contain_text("1 of somebody else")
    await expect(items(page)).to_have_count(0)
    await expect(page.get_by_role("heading", name="Nothing waits on this phone")).to_be_visible()
    assert sql("select from crm.note where ticket_id = %s", ticket) == []

    await phone.is_of("technician")
    await page.goto("/offline/queue")
    await expect(items(page).locator("[data-state]:visible")).to_have_text("Sent")
    assert await page.evaluate(PAGES_OF) == [tess]
    notes = sql("select member_id from crm.note where ticket_id = %s", ticket)
    assert [note.member_id for note in notes] == [PEOPLE["technician"].member_id]


async def test_signed_out_the_phone_shows_no_page_and_keeps_what_waits(phone, server, ticket, sql):
    page = await opened(phone, ticket)
    server.stop()
    await page.goto(f"/tickets/{ticket}/notes/new")
    await page.get_by_label("Note").fill("Written before signing out.")
    await page.get_by_role("button", name="Add note").click()
    await saved(page)
    # The session ends elsewhere; the sign-in page is what comes next.
    await page.goto("about:blank")
    await phone.context.clear_cookies(name="session")
    server.start()
    await page.goto("/day")
    await page.wait_for_url("**/login**")
    await until(page, f"async () => !(await ({PAGES_OF})()).length")
    server.stop()
    with pytest.raises(Exception, match=r"ERR_FAILED|ERR_CONNECTION_REFUSED"):
        await page.goto("/day")
    server.start()
    assert sql("select from crm.note where ticket_id = %s", ticket) == []
    await phone.is_of("technician")
    await page.goto("/offline/queue")
    await expect(items(page).locator("[data-state]:visible")).to_have_text("Sent")
    assert len(sql("select from crm.note where ticket_id = %s", ticket)) == 1


async def test_signing_out_takes_the_pages_away(phone, server, ticket):
    page = await opened(phone, ticket)
    await page.locator(".nav form button").evaluate("button => button.form.requestSubmit()")
    await page.wait_for_url("**/login**")
    assert await page.evaluate(PAGES_OF) == []


@pytest.mark.parametrize("phone", [PHONE], ids=["phone"], indirect=True)
async def test_what_arrives_after_signing_out_is_not_kept(phone, server, ticket):
    """One bar of signal: the page was asked for while she was signed in, and is there when somebody else has the phone."""
    page = await opened(phone, ticket)
    asked, signed_out, arrived = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def slowly(route):
        answer = await route.fetch()
        asked.set()
        await signed_out.wait()
        await route.fulfill(response=answer)
        arrived.set()

    await phone.context.route("**/offline/queue", slowly)
    tess = str(PEOPLE["technician"].member_id)
    await page.evaluate(
        "async whose => (await navigator.serviceWorker.ready).active.postMessage({do: 'ahead', whose, pages: '', version: 'another'}, [new MessageChannel().port2])", tess
    )  # fmt: skip
    await asyncio.wait_for(asked.wait(), 15)
    await page.locator(".nav form button").evaluate("button => button.form.requestSubmit()")
    await page.wait_for_url("**/login**")
    assert await page.evaluate(PAGES_OF) == []
    signed_out.set()
    await asyncio.wait_for(arrived.wait(), 15)
    await page.wait_for_timeout(500)
    assert await page.evaluate(PAGES_OF) == []


async def test_copies_that_nobody_opened_for_two_days_are_thrown_away(phone, server, ticket):
    page = await opened(phone, ticket)
    old = f"/tickets/{ticket}/notes/new"
    await page.evaluate(
        """async path => {
          const [name] = (await caches.keys()).filter(name => name.includes(" "));
          const cache = await caches.open(name);
          await cache.put(path, new Response("old", {headers: {"X-At": Date.now() - 2 * 86400e3 - 1}}));
          const db = await new Promise(done => { indexedDB.open("offline").onsuccess = event => done(event.target.result); });
          const facts = db.transaction("facts", "readwrite").objectStore("facts");
          facts.delete("ahead");
          await new Promise(done => { facts.transaction.oncomplete = done; });
          db.close();
        }""",
        old,
    )
    await page.goto("/contacts")
    await until(page, f"async path => !await ({KEPT})(path)", old)
    assert await page.evaluate(KEPT, f"/tickets/{ticket}")


async def test_twenty_are_the_most(phone, server, ticket):
    page = await opened(phone, ticket)
    server.stop()
    await page.goto(f"/tickets/{ticket}/notes/new")
    await page.get_by_label("Note").fill("One of many.")
    await page.get_by_role("button", name="Add note").click()
    await saved(page)
    more = "return Array.from({length: 19}, () => { const {n, ...item} = items[0]; return item; });"
    assert await page.evaluate(CHANGE, more) == 1
    await page.goto(f"/tickets/{ticket}/notes/new")
    await page.get_by_label("Note").fill("One too many.")
    await page.get_by_role("button", name="Add note").click()
    await expect(page.locator("#toasts")).to_contain_text("20 things wait on this phone already.")
    assert await page.get_by_label("Note").input_value() == "One too many."
    await page.goto("/offline/queue")
    await expect(items(page)).to_have_count(20)


async def test_with_a_connection_forms_go_to_the_server_and_copies_follow(phone, server, ticket, sql):
    """Started with a connection, the dead spot begins afterwards: the copies know that it was started."""
    page = await opened(phone, ticket)
    await page.goto(f"/tickets/{ticket}")
    await page.get_by_role("button", name="Start this visit").click()
    await expect(page.get_by_role("link", name="Close out")).to_be_visible()
    row = sql("select action, happened_at = done_at as at_once from crm.done_action where ticket_id = %s", ticket)
    assert row == [("ticket_clock_in", True)]
    clocked = sql(
        "select to_char(clocked_in_at at time zone 'America/Chicago', 'YYYY-MM-DD\"T\"HH24:MI') as at from crm.ticket where id = %s",
        ticket,
    )
    await until(
        page,
        """async ([path, at]) => { for (const name of await caches.keys()) {
          const found = await (await caches.open(name)).match(path); if (found && (await found.text()).includes(at)) return true; } }""",
        [f"/tickets/{ticket}/close-out/work", f'value="{clocked[0].at}"'],
    )
    server.stop()
    await page.goto(f"/tickets/{ticket}")
    await expect(page.get_by_role("main")).to_contain_text("without a connection")
    await page.get_by_role("link", name="Close out").click()
    assert await page.locator("[name=clocked_in_at]").input_value() == clocked[0].at


@pytest.mark.parametrize("phone", [PHONE], ids=["phone"], indirect=True)
async def test_a_server_that_says_nothing_is_not_waited_for_and_what_came_twice_is_done_once(
    phone, server, ticket, sql
):
    """One bar of signal: the request goes out, no answer comes in time. It waits on the phone, and has arrived all the same."""
    page = await opened(phone, ticket)
    await page.goto(f"/tickets/{ticket}/notes/new")
    await page.get_by_label("Note").fill("Once or twice?")
    assert server.process
    server.process.send_signal(signal.SIGSTOP)
    await page.get_by_role("button", name="Add note").click()
    await expect(page.locator("#toasts")).to_contain_text("Saved on this phone", timeout=25_000)
    await page.goto("/day")
    await expect(page.get_by_role("main")).to_contain_text("without a connection")
    server.process.send_signal(signal.SIGCONT)
    await page.goto("/offline/queue")
    await expect(items(page).locator("[data-state]:visible")).to_have_text("Sent")
    assert len(sql("select from crm.note where ticket_id = %s", ticket)) == 1
    assert len(sql("select from crm.done_action where ticket_id = %s", ticket)) == 1


async def test_what_is_thrown_away_while_the_server_is_slow_does_not_go_with_the_rest(phone, server, ticket, sql):
    page = await opened(phone, ticket)
    server.stop()
    for words in ("To be thrown away.", "To be kept."):
        await page.goto(f"/tickets/{ticket}/notes/new")
        await page.get_by_label("Note").fill(words)
        await page.get_by_role("button", name="Add note").click()
        await saved(page)
    server.start()
    assert server.process
    server.process.send_signal(signal.SIGSTOP)
    await page.goto("/offline/queue")  # which begins to send, and waits for an answer
    await items(page).first.get_by_role("button", name="Throw away").click()
    await items(page).first.get_by_role("button", name="Throw away for good?").click()
    await expect(items(page)).to_have_count(1)
    server.process.send_signal(signal.SIGCONT)
    await expect(items(page).locator("[data-state]:visible")).to_have_text("Sent")
    assert [row.body for row in sql("select body from crm.note where ticket_id = %s", ticket)] == ["To be kept."]
