"""What people do all day, through the whole stack, on a phone and at a desk; also when the net or the session is gone.

Every page watches for violations of the content security policy and for errors of scripts; each fails its test.
"""

import itertools
import re
import uuid
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from playwright.async_api import Browser, BrowserContext, Locator, Page, expect

from crm.auth.session import Sessions
from crm.clients import valkey
from crm.clients.email import OUTBOX
from tests.browser import pages
from tests.browser.conftest import DESK, PATIENCE, PHONE, Site
from tests.conftest import PANES, PAT, PATS_HOUSE, PEOPLE, become

HOURS = itertools.count()
WORDS = "side gate sticks; lift it while you turn the key"


@pytest.fixture(params=[PHONE, DESK], ids=["phone", "desk"])
def size(request) -> dict[str, int]:
    return request.param


class Door:
    """await door("office") is a signed-in page, door(None) a visitor's. What the browsers complain of is kept."""

    def __init__(self, chromium: Browser, site: Site, size: dict[str, int]) -> None:
        self.chromium, self.site, self.size = chromium, site, size
        self.contexts: list[BrowserContext] = []
        self.complaints: list[str] = []

    async def __call__(self, who: str | None) -> Page:
        context = await self.chromium.new_context(
            viewport=self.size,
            base_url=self.site.url,
            has_touch=self.size is PHONE,  # type: ignore[arg-type]
            service_workers="block",  # what pages do by themselves; test_offline.py is about the worker
        )
        self.contexts.append(context)
        context.set_default_timeout(PATIENCE)
        await context.add_init_script(pages.WATCH)
        context.on("console", lambda message: self._hear(message.text) if message.type == "error" else None)
        context.on("weberror", lambda error: self._hear(str(error.error)))
        if who:
            cookie = await pages.session_of(self.site.home.valkey.url, PEOPLE[who])
            await context.add_cookies([{"name": "session", "value": cookie, "url": self.site.url}])
        return await context.new_page()

    def _hear(self, text: str) -> None:
        if not text.startswith("Failed to load resource"):  # the browser's own words for a 422 and for no connection
            self.complaints.append(text)


@pytest.fixture
async def enter(chromium, site, size) -> AsyncIterator[Door]:
    await pages.forget_limits(site.home.valkey.url)
    door = Door(chromium, site, size)
    yield door
    for context in door.contexts:
        await context.close()
    assert not door.complaints


@pytest.fixture
def hand(site, signer):
    """Runs one function of the API as somebody and returns the id of what it made."""

    def call(who: str, statement: str, *values: Any) -> str:
        with psycopg.connect(site.home.admin_url) as connection:
            become(connection, signer, who)
            row = connection.execute(f"select id from api.{statement}", values).fetchone()
        assert row
        return str(row[0])

    return call


@pytest.fixture
def busy_at(hand) -> datetime:
    """An hour in which Tess visits Pat, as no other test's; near enough for her to see whom she visits."""
    at = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) + timedelta(days=25, hours=2 * next(HOURS))
    hand("office", "ticket_create(%s, %s, %s, %s, %s::uuid[])", PAT, PATS_HOUSE, at, at + timedelta(hours=1), [PEOPLE["technician"].member_id])  # fmt: skip
    return at


@pytest.fixture
def note_step(hand, busy_at) -> str:
    """The address of the note step of a visit of Tess's that is under way."""
    ticket = hand(
        "office", "ticket_create(%s, %s, %s, %s, %s::uuid[], %s::uuid[], null, 'beside what other tests did')", PAT, PATS_HOUSE,
        busy_at, busy_at + timedelta(hours=1), [PEOPLE["technician"].member_id], [PANES],
    )  # fmt: skip
    hand("technician", "ticket_clock_in(%s)", ticket)
    return f"/tickets/{ticket}/close-out/note"


async def sign_in_by_code(page: Page, site: Site, email: str) -> None:
    """From the sign-in page: ask, read the code where the mail is shown, type it."""
    store = valkey.connect(site.home.valkey.url)
    await store.delete(OUTBOX)
    await store.aclose()
    await page.get_by_label("Your e-mail address").fill(email)
    await page.get_by_role("button", name="Send me a code").click()
    await expect(page.get_by_role("heading", name="Check your mail")).to_be_visible()
    mail = await page.context.new_page()
    await mail.goto("/outbox")
    subject = mail.get_by_role("article").filter(has_text=email).get_by_role("heading")
    while not await subject.count():
        await mail.reload()
    code = (await subject.first.inner_text())[:6]
    await mail.close()
    await page.get_by_label("Six-digit code").fill(code)
    await page.get_by_role("button", name="Sign in").click()


async def says(field: Locator, words: str) -> None:
    """The field is marked as wrong, and its description has these words."""
    await expect(field).to_have_attribute("aria-invalid", "true")
    await expect(field).to_have_accessible_description(re.compile(re.escape(words)))


@pytest.mark.usefixtures("postman")
async def test_sign_in_with_the_code_from_the_mail(enter, site):
    page = await enter(None)
    await page.goto("/contacts")
    await expect(page).to_have_url(re.compile("/login"))
    await sign_in_by_code(page, site, "omar@tidy.test")
    await expect(page).to_have_url(f"{site.url}/contacts")
    await page.goto("/")
    await expect(page).to_have_url(f"{site.url}/calendar/day")


async def test_a_new_contact_with_a_mistake_first(enter):
    page = await enter("office")
    await page.goto("/contacts/new")
    name = f"Nora {uuid.uuid4().hex[:8]}"
    await page.get_by_label("Name").fill(name)
    await page.get_by_label("Phone (optional)", exact=True).fill("none")
    await page.get_by_label("Always good to know").fill(WORDS)
    await page.get_by_role("button", name="Save contact").click()

    summary = page.get_by_role("alert")
    await expect(summary).to_be_focused()
    await says(page.get_by_label("Phone (optional)", exact=True), "Enter a phone number")
    await expect(page.get_by_label("Name")).to_have_value(name)
    await expect(page.get_by_label("Always good to know")).to_have_value(WORDS)
    await summary.get_by_role("link").click()
    await expect(page.get_by_label("Phone (optional)", exact=True)).to_be_focused()

    await page.get_by_label("Phone (optional)", exact=True).fill("256 555 0177")
    await page.get_by_role("button", name="Save contact").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text(name)
    await expect(page.get_by_role("status").filter(has_text=f"{name} was added.")).to_be_visible()
    await expect(page.get_by_role("main")).to_contain_text(WORDS)
    await expect(page).to_have_url(re.compile(r"/contacts/[0-9a-f-]{36}$"))
    await page.goto("/contacts/new")
    await expect(page.get_by_label("Name")).to_have_value("")


async def test_two_that_are_one_are_merged_from_the_review_and_two_again_after_the_undo(enter, hand):
    name = f"Ida {uuid.uuid4().hex[:8]}"
    mail = f"{uuid.uuid4().hex[:8]}@example.org"
    stays = hand("office", "contact_create('person', %s, '256 555 0163', %s)", name, mail)
    other = hand("office", "contact_create('person', %s, '256 555 0163', %s, null, 'Rings twice.')", f"{name}h", mail)
    hand("office", "attribute_set(%s, 'pet', 'cat')", other)
    page = await enter("office")
    await page.goto("/contacts")
    await page.get_by_role("link", name="Duplicates").locator("visible=true").click()
    await page.get_by_role("article", name=f"{name} and {name}h").get_by_role("link", name="Look at both").click()
    await expect(page.get_by_role("main")).to_contain_text("1 fact is added")
    await page.get_by_role("group", name="Name").get_by_text(f"{name}h").click()
    await page.get_by_role("button", name="Merge").click()

    await expect(page).to_have_url(re.compile(f"/contacts/{stays}$"))
    await expect(page.get_by_role("status").filter(has_text=f"{name}h was merged into")).to_be_visible()
    await expect(page.get_by_role("heading", level=1)).to_have_text(f"{name}h")
    main = page.get_by_role("main")
    await expect(main).to_contain_text("cat")
    await expect(main).to_contain_text("Rings twice.")
    await expect(main).to_contain_text(f"Here it said before: name {name}.")

    await page.get_by_role("button", name="Undo").click()
    await expect(page.get_by_role("status").filter(has_text="are two again")).to_be_visible()
    await expect(page.get_by_role("heading", level=1)).to_have_text(name)
    await expect(main).not_to_contain_text("Rings twice.")
    await page.goto(f"/contacts/{other}")
    await expect(page.get_by_role("heading", level=1)).to_have_text(f"{name}h")
    await expect(main).not_to_contain_text("Merged")


async def test_a_visit_is_refused_booked_seen_and_cancelled(enter, hand, busy_at, size):
    name = f"Bea {uuid.uuid4().hex[:8]}"
    contact = hand("office", "contact_create('person', %s)", name)
    office = await enter("office")
    await office.goto(f"/contacts/{contact}")
    await office.get_by_role("link", name="Book a visit").locator("visible=true").click()
    local = busy_at.astimezone(pages.zone_of("office"))
    await office.get_by_label("Start").fill(f"{local:%Y-%m-%dT%H:%M}")
    await office.get_by_label("Exterior windows").check()
    await office.get_by_label("Tess").check()
    await office.get_by_label("Before they go").fill(WORDS)
    await office.get_by_role("button", name="Book the visit").click()

    summary = office.get_by_role("alert")
    await expect(summary).to_be_focused()
    await expect(summary).to_contain_text("Tess already has a visit then (Pat Pane")
    await expect(office.get_by_label("Tess")).to_be_checked()
    await expect(office.get_by_label("Exterior windows")).to_be_checked()
    await expect(office.get_by_label("Before they go")).to_have_value(WORDS)
    await office.get_by_label("Book anyway, because").fill("They are neighbours")
    await office.get_by_role("button", name="Book the visit").click()
    await expect(office.get_by_role("heading", level=1)).to_have_text(name)
    await expect(office.get_by_role("main")).to_contain_text("Tess is booked over another visit: They are neighbours")
    ticket = office.url

    technician = await enter("technician")
    await technician.goto(f"/day?date={local:%Y-%m-%d}")
    await technician.get_by_role("link", name=name).click()
    await expect(technician.get_by_role("main")).to_contain_text(WORDS)

    await office.get_by_role("link", name="Change").click()
    await office.get_by_role("link", name="Cancel the visit").click()
    await office.get_by_role("button", name="Cancel the visit").click()
    await says(office.get_by_label("Why"), "Say why the visit is cancelled")
    await office.get_by_label("Why").fill("The customer is ill")
    await office.get_by_role("button", name="Cancel the visit").click()
    await expect(office).to_have_url(ticket)
    await expect(office.get_by_role("main")).to_contain_text("The customer is ill")
    await technician.goto(f"/day?date={local:%Y-%m-%d}")
    visit = technician.get_by_role("article").filter(has_text=name)
    await expect(visit).to_contain_text("Cancelled")


async def test_without_a_connection_nothing_is_lost(enter, note_step):
    page = await enter("technician")
    await page.goto(note_step)
    note, button = page.get_by_label("What did you see?"), page.get_by_role("button", name="Save and go on")
    await note.fill(WORDS)
    await page.context.set_offline(True)
    await button.click()
    trouble = page.get_by_role("alert")
    await expect(trouble).to_contain_text("No connection. Nothing was saved; your words are still here.")
    assert [words for words in enter.complaints if "Failed to fetch" not in words] == []  # htmx says it in the console
    enter.complaints.clear()
    await expect(note).to_have_value(WORDS)
    await expect(page).to_have_url(re.compile(re.escape(note_step)))
    await page.context.set_offline(False)
    await button.click()
    await expect(page.get_by_text("What happens next?")).to_be_visible()
    await expect(trouble).to_have_count(0)
    await page.goto(note_step)
    await expect(note).to_have_value(WORDS)
    await expect(page.get_by_text("Not saved yet")).to_be_hidden()


async def test_a_draft_survives_a_reload(enter, note_step):
    page = await enter("technician")
    await page.goto(note_step)
    note, notice = page.get_by_label("What did you see?"), page.get_by_text("Not saved yet: your words are back.")
    await note.fill(WORDS)
    await page.reload()
    await expect(note).to_have_value(WORDS)
    await expect(notice).to_be_visible()
    await page.get_by_role("button", name="Discard").click()
    await expect(note).to_have_value("")
    await expect(notice).to_be_hidden()
    await page.reload()
    await expect(note).to_have_value("")


@pytest.mark.usefixtures("postman")
async def test_a_session_that_ended_costs_no_words(enter, site, note_step):
    page = await enter("technician")
    await page.goto(note_step)
    note = page.get_by_label("What did you see?")
    await note.fill(WORDS)
    store = valkey.connect(site.home.valkey.url)
    await Sessions(store).end_all(PEOPLE["technician"].account_id)
    await store.aclose()
    await page.get_by_role("button", name="Save and go on").click()
    await expect(page).to_have_url(re.compile("/login"))
    await sign_in_by_code(page, site, "tess@tidy.test")
    await expect(page).to_have_url(site.url + note_step)
    await expect(note).to_have_value(WORDS)
    await page.get_by_role("button", name="Save and go on").click()
    await expect(page.get_by_text("What happens next?")).to_be_visible()


async def test_back_shows_the_page_of_its_address(enter, hand):
    name = f"Aaron {uuid.uuid4().hex[:8]}"  # on the first page of the list, however many others there are
    hand("office", "contact_create('person', %s)", name)
    page = await enter("office")
    heading, day = page.get_by_role("heading", level=1), page.locator(".calendar-head h2")
    await page.goto("/calendar/day?date=2031-03-04")
    await expect(day).to_have_text("Tue, Mar 4")
    await page.get_by_role("link", name="Thu 6").click()
    await expect(day).to_have_text("Thu, Mar 6")
    await expect(page).to_have_url(re.compile("date=2031-03-06"))
    step, later, address_later = (
        ("day", "Fri, Mar 7", "03-07") if page.viewport_size["width"] > 1000 else ("week", "Thu, Mar 13", "03-13")
    )
    await page.get_by_role("link", name=f"A {step} later").click()
    await expect(day).to_have_text(later)
    await page.get_by_role("link", name="Contacts").first.click()
    await expect(heading).to_have_text("Contacts")
    await page.get_by_role("link", name=name, exact=True).click()
    await expect(heading).to_have_text(name)
    for words, address in (
        ("Contacts", "/contacts"),
        (later, address_later),
        ("Thu, Mar 6", "03-06"),
        ("Tue, Mar 4", "03-04"),
    ):
        await page.go_back()
        await expect(heading if words == "Contacts" else day).to_have_text(words)
        await expect(page).to_have_url(re.compile(f"{address}$"))
        await expect(page).to_have_title(re.compile(re.escape(words)))
    await page.go_forward()
    await expect(day).to_have_text("Thu, Mar 6")


async def test_typing_finds_a_contact_and_the_address_says_so(enter):
    page = await enter("office")
    await page.goto("/contacts")
    await page.get_by_role("searchbox").press_sequentially("quarr")
    await expect(page.get_by_role("link", name="Quinn Quarry", exact=True)).to_be_visible()
    await expect(page.get_by_role("link", name="Pat Pane", exact=True)).to_have_count(0)
    await expect(page).to_have_url(re.compile("q=quarr"))
    await expect(page.get_by_role("searchbox")).to_be_focused()
    await page.get_by_role("link", name="Quinn Quarry", exact=True).click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Quinn Quarry")
    await page.go_back()
    await expect(page.get_by_role("searchbox")).to_have_value("quarr")
    await expect(page.get_by_role("link", name="Pat Pane", exact=True)).to_have_count(0)


async def test_a_form_with_nothing_but_the_keyboard(enter):
    page = await enter("office")
    await page.goto("/contacts/new")
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    await page.keyboard.press("Enter")
    name = f"Kay {uuid.uuid4().hex[:8]}"
    await tab_to(page, page.get_by_label("Name"))
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("alert")).to_be_focused()
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(page.get_by_label("Name")).to_be_focused()
    await page.keyboard.type(name)
    await tab_to(page, page.get_by_label("Prefers"))
    await page.keyboard.press("ArrowDown")
    await tab_to(page, page.get_by_label("Always good to know"))
    await page.keyboard.type(WORDS)
    await tab_to(page, page.get_by_role("button", name="Save contact"))
    await page.keyboard.press("Enter")
    heading = page.get_by_role("heading", level=1)
    await expect(heading).to_have_text(name)
    await expect(heading).to_be_focused()
    await expect(page.get_by_role("main")).to_contain_text(WORDS)
    await tab_to(page, page.get_by_role("link", name="Add a fact"))


async def tab_to(page: Page, target: Locator, most: int = 40) -> None:
    """Tab until it has the focus; on the way everything that has it can be seen."""
    for _ in range(most):
        if await target.evaluate("element => element === document.activeElement"):
            return
        await page.keyboard.press("Tab")
        seen = await page.evaluate(
            """() => {
              const element = document.activeElement, box = element.getBoundingClientRect();
              const middle = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
              const style = getComputedStyle(element), after = getComputedStyle(element, "::after");
              const ring = [style, after, getComputedStyle(element.closest("label") ?? element)].some(s => s.outlineStyle !== "none");
              return element === document.body || (ring && !!middle && (element.contains(middle) || middle.contains(element)
                || element.closest("label")?.contains(middle) || middle.closest("#toasts")));
            }"""
        )
        assert seen, f"the focus cannot be seen on {await page.evaluate('document.activeElement.outerHTML')}"
    raise AssertionError(f"not reached in {most} steps: {target}")


async def test_violations_are_noticed(chromium: Browser, site):
    """The watch itself works: a style attribute is against the policy."""
    context = await chromium.new_context(base_url=site.url)
    await context.add_init_script(pages.WATCH)
    page = await context.new_page()
    await page.goto("/login")
    async with page.expect_console_message(
        lambda message: message.text.startswith("Content Security Policy: style-src")
    ):
        await page.evaluate("document.body.setAttribute('style', 'color: red')")
    await context.close()


async def test_the_phone_rings_and_four_digits_find_who_it_is(enter, hand, size):
    name = f"Ringing Wetherington {size['width']}"
    digits = f"{4400 + size['width'] % 1000}"
    contact = hand("office", f"contact_create('person', '{name}', '+1 (256) 555-{digits}')")
    page = await enter("office")
    await page.goto("/invoices")
    if size is DESK:
        await page.keyboard.press("Control+k")
    else:
        await page.get_by_role("link", name="Search everything").click()
    palette = page.get_by_role("dialog", name="Search everything")
    await expect(palette.get_by_role("link", name="New contact")).to_be_visible()
    await page.keyboard.type(digits)
    await expect(palette.get_by_role("link", name=name, exact=True)).to_be_visible()
    await expect(palette.get_by_role("link", name=f"Call {name}")).to_have_attribute("href", f"tel:+1256555{digits}")
    await page.keyboard.press("ArrowDown")
    await expect(palette.get_by_role("link", name=name, exact=True)).to_be_focused()
    await page.keyboard.press("ArrowUp")
    await page.keyboard.press("Enter")
    await page.wait_for_url(f"**/contacts/{contact}")
    await page.keyboard.press("Control+k")
    await palette.get_by_role("button", name=digits).click()  # what was looked for lately
    await expect(palette.get_by_role("link", name=name, exact=True)).to_be_visible()
    await palette.get_by_role("button", name="Close the search").click()
    await expect(palette).to_be_hidden()


async def test_search_works_without_javascript(visit, size):
    page = await visit("office", size=size, javascript=False)
    await page.goto("/contacts")
    await page.get_by_role("link", name="Search everything").click()
    await page.get_by_role("searchbox", name="Search everything").fill("pat pane")
    await page.get_by_role("main").get_by_role("button", name="Search").click()
    await expect(page.get_by_role("link", name="Pat Pane", exact=True)).to_be_visible()


async def test_a_new_customer_who_is_in_the_book_already(enter, hand, size):
    """The number is the same: the form says who it is before anything is saved."""
    name = f"Known Alderbrook {size['width']}"
    contact = hand("office", f"contact_create('person', '{name}', '(256) 555-{6000 + size['width']}')")
    page = await enter("office")
    await page.goto("/contacts/new")
    await page.get_by_label("Name").fill("K. Alderbrook")
    await page.get_by_label("Phone (optional)", exact=True).fill(f"+1 256 555 {6000 + size['width']}")
    await page.get_by_label("E-mail").focus()
    await expect(page.get_by_text("This may be somebody you know")).to_be_visible()
    await expect(page.get_by_text("The same phone number")).to_be_visible()
    await page.get_by_role("link", name=name).click()
    await page.wait_for_url(f"**/contacts/{contact}")


async def test_a_visit_is_booked_from_the_day_it_is_for(enter, hand, size):
    name = f"Booked Fromtheday {size['width']}"
    contact = hand("office", f"contact_create('person', '{name}')")
    page = await enter("office")
    await page.goto("/calendar/day?date=2027-02-03")
    await page.get_by_role("link", name="Book a visit").first.click()
    await page.get_by_role("searchbox", name="Search contacts").fill(f"fromtheday {size['width']}")
    await page.get_by_role("link", name=name).click()
    await page.wait_for_url(f"**/tickets/new?contact={contact}&date=2027-02-03")
    await expect(page.get_by_label("Start")).to_have_value("2027-02-03T09:00")


async def test_who_was_not_visited_for_six_months_is_kept_as_a_list(enter, hand, size):
    name, other = f"Quiet Marchbanks {size['width']}", f"Quiet Catsworth {size['width']}"
    for who, pet in ((name, "a dog, Rex"), (other, "a cat")):
        contact = hand("office", "contact_create('person', %s)", who)
        hand("office", "address_create(%s, null, '3 Lime St', 'Madison', 'AL', '35758', null)", contact)
        hand("office", "attribute_set(%s, 'pet', %s)", contact, pet)
    page = await enter("office")
    await page.goto("/contacts")
    await page.get_by_role("searchbox").fill(f"{size['width']}")
    await page.get_by_text("Filters", exact=True).click()
    await page.get_by_label("City or postcode").fill("35758")
    await page.get_by_label("A fact", exact=True).fill("pet: dog")
    await page.get_by_label("No visit for").select_option("6 months")
    await page.get_by_role("button", name="Show").click()
    await expect(page.get_by_label("City or postcode")).to_be_hidden()
    found = page.locator("#contacts")
    await expect(found.get_by_text("1 contact", exact=True)).to_be_visible()
    await expect(found.get_by_role("link", name=name, exact=True)).to_be_visible()
    await expect(found.get_by_role("link", name=other, exact=True)).to_have_count(0)
    query = f"place=35758&fact=pet:+dog&quiet=6&q={size['width']}"
    await expect(page).to_have_url(re.compile(re.escape(query) + "$"))

    await found.get_by_role("link", name="Save this list").click()
    await page.get_by_role("button", name="Save the list").click()
    await says(page.get_by_label("Its name"), "Enter a name of at most 60 characters.")
    title = f"Dogs to call {size['width']}"
    await page.get_by_label("Its name").fill(title)
    await page.get_by_role("button", name="Save the list").click()
    await expect(page.get_by_role("status").filter(has_text=f"{title} was saved.")).to_be_visible()

    await page.goto("/contacts")
    lists = page.get_by_role("navigation", name="Saved lists")
    await lists.get_by_role("link", name=title).click()
    await expect(lists.get_by_role("link", name=title)).to_have_attribute("aria-current", "true")
    await expect(page).to_have_url(re.compile(re.escape(query) + "$"))
    await expect(found.get_by_role("link", name=name, exact=True)).to_be_visible()
    await found.get_by_role("link", name="Take away: pet: dog").click()
    await expect(found.get_by_role("link", name=other, exact=True)).to_be_visible()
    await page.go_back()
    await expect(found.get_by_role("link", name=other, exact=True)).to_have_count(0)
    await expect(page.get_by_label("A fact", exact=True)).to_have_value("pet: dog")
    await page.get_by_role("button", name=f"Remove “{title}”").click()
    await expect(page.get_by_role("status").filter(has_text=f"{title} was removed.")).to_be_visible()
    await expect(page.get_by_role("link", name=title)).to_have_count(0)


async def test_filters_work_without_javascript(visit, hand, size):
    name = f"Plain Marchbanks {size['width']}"
    contact = hand("office", "contact_create('organisation', %s)", name)
    hand("office", "address_create(%s, null, '3 Lime St', 'Plainville', 'AL', '36999', null)", contact)
    page = await visit("office", size=size, javascript=False)
    await page.goto("/contacts")
    await page.get_by_text("Filters", exact=True).click()
    await page.get_by_label("City or postcode").fill("plainville")
    await page.get_by_label("Who", exact=True).select_option("Organisations")
    await page.get_by_role("button", name="Show").click()
    await page.wait_for_url("**/contacts?place=plainville&kind=organisation")
    await expect(page.get_by_role("link", name=name, exact=True)).to_be_visible()
    await page.get_by_role("link", name="Take away: Organisations").click()
    await page.wait_for_url("**/contacts?place=plainville")
