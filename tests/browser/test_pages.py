"""Every page, in every state, on a phone and at a desk, light and dark: nothing that keeps anybody out.

axe finds nothing; a thumb hits everything; nothing scrolls sideways; each refusal is tied to its field; the content
security policy is kept. A page that is not in the table of pages.py fails the suite.
"""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page as Tab

from crm.auth.rate_limit import TRIES_PER_NETWORK, RateLimit, TooMany
from crm.clients import valkey
from tests.browser import pages
from tests.browser.conftest import DESK, PHONE
from tests.browser.pages import PAGES, Page
from tests.conftest import PEOPLE

AXE = Path(__file__).parents[1] / "vendor" / "axe-4.14.1.min.js"
TABS = 2  # at once
NARROW = {"width": 320, "height": 640}
HALVES = PAGES[: len(PAGES) // 2], PAGES[len(PAGES) // 2 :]

# Links in the middle of a sentence, which WCAG lets be as high as their line (2.5.8, "inline"): a selector each.
INLINE = (
    ".auth p > a",  # "New here? Start with your business."
    ".auth p > span > a",  # "This is a demo: the mail is here."
    ".notice.warn > span > a",  # "Pat of Mon 23 Nov was never closed out."
    ".plain > a",  # a link in the text of a mail
)

LOOK = """async ({inline, phone, axe: options}) => {
  for (const details of document.querySelectorAll("details")) details.open = true;
  await Promise.all(document.getAnimations().map(animation => animation.finished));
  const say = element => `${element.outerHTML.split(">")[0]}> ${element.textContent.trim().slice(0, 40)}`;
  const found = [];
  const all = selector => [...document.querySelectorAll(selector)];
  const shown = element => element.checkVisibility({visibilityProperty: true}) && !element.closest(".vh, .skip");

  if (all("h1").filter(shown).length !== 1) found.push(`${all("h1").filter(shown).length} headings of the first order`);
  if (!/^\\S.* · Roundbook$/.test(document.title)) found.push(`the title is "${document.title}"`);

  // What refers to something refers to something that is there.
  const ids = all("[id]").map(element => element.id);
  for (const id of new Set(ids)) if (ids.filter(other => other === id).length > 1) found.push(`two elements are #${id}`);
  for (const name of ["for", "aria-describedby", "aria-labelledby", "aria-controls", "popovertarget"])
    for (const element of all(`[${name}]`))
      for (const id of element.getAttribute(name).split(" "))
        if (!ids.includes(id)) found.push(`${name} names #${id}, which is not there: ${say(element)}`);

  // What was refused: the summary leads to the field, and the field says what is wrong with it.
  const summary = document.querySelector(".alert[role=alert]");
  const late = performance.now() + 3000; // the browser moves it when it first draws the page
  while (summary && document.activeElement !== summary && performance.now() < late) await new Promise(requestAnimationFrame);
  if (summary && document.activeElement !== summary) found.push(`focus is not in the summary: ${say(document.activeElement)}`);
  for (const link of all(".alert a")) {
    const control = document.getElementById(link.hash.slice(1));
    if (!control) { found.push(`the summary leads to ${link.hash}, which is not there`); continue; }
    if (!shown(control)) found.push(`the summary leads to ${link.hash}, which is hidden`);
    if (!control.matches("input, select, textarea")) found.push(`the summary leads to ${link.hash}, where nothing can be changed`);
    const told = (control.closest("[aria-describedby]")?.getAttribute("aria-describedby") ?? "").split(" ");
    const words = told.map(id => document.getElementById(id)?.textContent ?? "").join(" ");
    if (!words.includes(link.textContent.trim())) found.push(`${link.hash} does not say "${link.textContent.trim()}"`);
  }

  const over = document.documentElement.scrollWidth - innerWidth;
  if (over > 0) found.push(`scrolls ${over} px sideways`);
  if (phone) {
    for (const element of all("a[href], button, input:not([type=hidden]), select, textarea, summary")) {
      if (!shown(element) || element.matches(inline)) continue;
      let target = element;
      if (element.matches("[type=checkbox], [type=radio]")) target = element.closest("label") ?? element;
      // A cover takes in the whole card around it.
      else if (getComputedStyle(element, "::after").position === "absolute") target = element.offsetParent;
      const {width, height} = target.getBoundingClientRect();
      if (width < 43.99 || height < 43.99) found.push(`${Math.round(width)} x ${Math.round(height)} px: ${say(element)}`);
      if (element.matches("input:not([type=checkbox], [type=radio]), select, textarea")) {
        const size = parseFloat(getComputedStyle(element).fontSize);
        if (size < 16) found.push(`text of ${size} px makes iOS zoom in: ${say(element)}`);
      }
    }
  }
  if (options) {
    window.axe ?? loadAxe();
    const {violations} = await axe.run(document, options);
    for (const {id, nodes} of violations) for (const {target, failureSummary} of nodes) {
      if (id === "target-size") { // What a bar covers now can be scrolled out from under it.
        document.querySelector(target[0]).scrollIntoView({block: "center"});
        if (!(await axe.run(target[0], {runOnly: {type: "rule", values: [id]}})).violations.length) continue;
      }
      found.push(`axe ${id}: ${target.join(" ")}: ${failureSummary.split("\\n")[1]?.trim()}`);
    }
  }
  return found;
}"""
POST = """form => {
  const element = document.createElement("form");
  element.method = "post";
  element.action = form.action;
  for (const [name, value] of Object.entries(form.fields)) {
    const input = document.createElement("textarea");
    [input.name, input.value] = [name, value];
    element.append(input);
  }
  document.body.append(element);
  element.submit();
}"""
# The style sheet is the same for every page: that it locks no orientation is asked of the first one only (preload).
QUICK = {"resultTypes": ["violations"], "iframes": False, "preload": False}
EVERYTHING = QUICK | {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
COLOURS = QUICK | {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}


@pytest.fixture(scope="module")
def made(site, signer) -> dict[str, Any]:
    return pages.stage(site.home.admin_url, signer)


def test_every_page_is_in_the_table(app):
    shown = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in rule.methods}
    named = {page.endpoint for page in PAGES if page.endpoint != "error"}
    assert shown == named | pages.NOT_PAGES
    assert len({page.name for page in PAGES}) == len(PAGES)


class Visitor:
    """One tab that goes from page to page, and what was found on the way."""

    def __init__(self, tab: Tab, url: str, made: dict[str, Any], cookies: dict[str | None, str]) -> None:
        self.tab, self.url, self.made, self.cookies = tab, url, made, cookies
        self.found: list[str] = []
        self.heard: list[str] = []
        self.who: str | None = None
        self.tokens: dict[str | None, str] = {}
        tab.on("console", lambda message: self.heard.append(message.text) if message.type == "error" else None)
        tab.on("pageerror", lambda error: self.heard.append(str(error)))

    async def look_at(self, page: Page, *, brief: bool = False) -> None:
        """Everything about one page, loaded once for both sizes and both colour schemes. Brief is without axe."""
        if page.who != self.who:
            # A page that asks how far something is would be sent to sign in by its next question, and take the tab along.
            await self.tab.goto("/health/live")
            self.who = page.who
        await pages.become_in(self.tab.context, self.url, self.cookies, page.who)
        self.heard.clear()
        status = await self.open(page)
        if status != page.status:
            self.found.append(f"{page.name}: {status} rather than {page.status}")
        if page.before:
            await self.tab.evaluate(page.before)
        if page.before == pages.SORRY:
            await self.tab.locator("#toasts .bad").wait_for()
        problems = await self.look(NARROW, None)
        if brief:
            problems += await self.look(PHONE, None)
        else:
            for size in (DESK, PHONE):
                problems += await self.look(size, EVERYTHING | {"preload": page is PAGES[0]})
                await self.tab.emulate_media(color_scheme="dark")
                problems += [f"in the dark: {words}" for words in await self.look(size, COLOURS)]
                await self.tab.emulate_media(color_scheme="light")
        # The browser itself says in its console when a page has a status of an error.
        excused = f"the server responded with a status of {status}" if status >= 400 else "\0"
        problems += [words for words in self.heard if excused not in words]
        self.found += [f"{page.name}: {words}" for words in dict.fromkeys(problems)]

    async def open(self, page: Page) -> int:
        url = page.url(self.made)
        if not page.form:
            answer = await self.tab.goto(url)
        else:
            fields = {"csrf": await self.token(page.who)} | page.filled(self.made)
            async with self.tab.expect_navigation() as navigation:
                await self.tab.evaluate(POST, {"action": url, "fields": fields})
            answer = await navigation.value
        assert answer
        return answer.status

    async def token(self, who: str | None) -> str:
        if who not in self.tokens:
            await self.tab.goto("/login" if who is None else "/auth/business")
            self.tokens[who] = await self.tab.locator("[name=csrf]").first.get_attribute("value") or ""
        return self.tokens[who]

    async def look(self, size: dict[str, int], axe: dict[str, Any] | None) -> list[str]:
        if self.tab.viewport_size != size:
            await self.tab.set_viewport_size(size)  # type: ignore[arg-type]
        phone = size is not DESK
        found = await self.tab.evaluate(LOOK, {"inline": ", ".join(INLINE), "phone": phone, "axe": axe})
        return [f"at {size['width']} px: {words}" for words in found]


@pytest.mark.parametrize("half", HALVES, ids=["first half", "second half"])
async def test_every_page_is_for_everybody(visit, site, made, half):
    await pages.forget_limits(site.home.valkey.url)
    await pages.fill_outbox(site.home.valkey.url)
    pages.ask_for_links(site.home.admin_url)
    roles = {page.who for page in PAGES if page.who}
    cookies = {who: await pages.session_of(site.home.valkey.url, PEOPLE[who]) for who in roles}

    async def tab() -> Visitor:
        page: Tab = await visit(None, service_workers="block")  # test_offline.py is about the worker
        await page.context.add_init_script(pages.WATCH)
        # In a function, so that it is only read where it is used.
        await page.context.add_init_script("window.loadAxe = () => {" + AXE.read_text() + "}")
        await page.context.add_cookies([{"name": "browser", "value": pages.BROWSER, "url": site.url}])
        return Visitor(page, site.url, made, cookies)

    visitors = [await tab() for _ in range(TABS)]
    waiting, known = iter(half), set()

    async def go_round(visitor: Visitor) -> None:
        for page in waiting:
            # The second refusal of a form looks like the first; only its words and its field are others.
            again = page.status == 422 and page.endpoint in known
            if page.status == 422:
                known.add(page.endpoint)
            await visitor.look_at(page, brief=again)

    await asyncio.gather(*(go_round(visitor) for visitor in visitors))

    if half is HALVES[-1]:
        async with too_often(site.home.valkey.url):
            await visitors[0].look_at(pages.TOO_OFTEN)
        async with valkey_stopped(site.home.valkey.url):
            await visitors[0].look_at(pages.UNAVAILABLE)
    found = [words for visitor in visitors for words in visitor.found]
    assert not found, f"{len(found)} found\n" + "\n".join(sorted(found))


@asynccontextmanager
async def too_often(url: str) -> AsyncIterator[None]:
    """Somebody on this network has tried too often."""
    store = valkey.connect(url)
    with suppress(TooMany):
        while True:
            await RateLimit(store).take(TRIES_PER_NETWORK, "127.0.0.1")
    yield
    await store.aclose()
    await pages.forget_limits(url)


@asynccontextmanager
async def valkey_stopped(url: str) -> AsyncIterator[None]:
    """Valkey is there but does not answer."""
    store = valkey.connect(url)
    pid = (await store.info("server"))["process_id"]
    await store.aclose()
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


async def test_who_wants_no_motion_gets_none(visit, site):
    """Not even a very short one: a transition on everything shows colours of the other scheme in between."""
    page: Tab = await visit(None, reduced_motion="reduce")
    await page.goto("/login")
    moving = await page.evaluate(
        "[...document.querySelectorAll('main *')].filter(e => getComputedStyle(e).transitionDuration !== '0s').length"
    )
    assert moving == 0
