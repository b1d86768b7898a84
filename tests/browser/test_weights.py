"""What goes over the wire, for somebody at one bar of signal: from the real server, with the full demo business in it."""

import asyncio
import gzip
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest

from crm import demo
from crm.render import static
from tests.browser import pages
from tests.browser.conftest import PHONE, Site
from tests.browser.pages import PAGES
from tests.conftest import PEOPLE, Person

KB = 1000
FIRST_VISIT, PAGE, FRAGMENT, PART, DEAD_SPOT = 40 * KB, 8 * KB, 8 * KB, 3 * KB, 9 * KB
EACH = 4  # addresses of one route that are followed in the demo business
TEXT = (".css", ".js", ".svg", ".webmanifest")
PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}


@dataclass(frozen=True)
class Answer:
    """One answer as it came over the wire; `weight` is every byte of it, headers too."""

    status: int
    headers: dict[str, str]
    body: bytes
    weight: int

    @property
    def links(self) -> list[str]:
        return [link.replace("&amp;", "&") for link in re.findall(r'<a [^>]*?href="(/[^"#]*)"', self.body.decode())]


async def ask(site: Site, path: str, cookie: str = "", headers: dict[str, str] | None = None) -> Answer:
    """One GET over a connection of its own, asking for what a browser asks for."""
    host = site.url.removeprefix("http://")
    name, _, port = host.partition(":")
    lines = {"Host": host, "Accept-Encoding": "gzip, deflate, br, zstd", "Connection": "close", **(headers or {})}
    if cookie:
        lines["Cookie"] = f"session={cookie}"
    head = "".join(f"{key}: {value}\r\n" for key, value in lines.items())
    reader, writer = await asyncio.open_connection(name, int(port))
    writer.write(f"GET {path} HTTP/1.1\r\n{head}\r\n".encode())
    raw = await reader.read()
    writer.close()
    head, _, body = raw.partition(b"\r\n\r\n")
    first, *rest = head.decode().split("\r\n")
    known = {key.lower(): value for key, value in (line.split(": ", 1) for line in rest)}
    if known.get("transfer-encoding") == "chunked":
        body = b"".join(_chunks(body))
    if known.get("content-encoding") == "gzip":
        body = gzip.decompress(body)
    return Answer(int(first.split()[1]), known, body, len(raw))


def _chunks(body: bytes) -> Iterator[bytes]:
    while body:
        size, _, body = body.partition(b"\r\n")
        length = int(size, 16)
        yield body[:length]
        body = body[length + 2 :]


def rule(path: str) -> str:
    return re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "<id>", path.partition("?")[0])


@pytest.fixture(scope="module")
def demo_people(site) -> dict[str, Person]:
    """The demo business, filled as `crm run` fills it, and who signs in there."""
    if demo.is_missing(site.home.admin_url):
        demo.fill(site.home.admin_url)
    with psycopg.connect(site.home.admin_url) as connection:
        rows = connection.execute(
            "select role, name, email::text, id, account_id from crm.member where business_id = %s and email = any(%s)",
            (demo.BUSINESS, [email for _, email, _ in demo.PEOPLE[:3]]),
        ).fetchall()
    return {
        role: Person(name, email, role, demo.BUSINESS, member, account) for role, name, email, member, account in rows
    }


@pytest.fixture
def report(capsys):
    """Prints a table, heaviest first, also when all is well; what is too heavy fails the test."""

    def show(title: str, weights: Iterable[tuple[str, int]], most: int, lines: int = 12) -> None:
        rows = sorted(weights, key=lambda row: -row[1])
        with capsys.disabled():
            print(f"\n{title}: {len(rows)} measured, {most / KB:g} KB allowed")
            for name, weight in rows[:lines]:
                print(f"  {weight:6}  {name}{'  TOO HEAVY' if weight > most else ''}")
        heavy = [row for row in rows if row[1] > most]
        assert not heavy, f"more than {most} bytes: {heavy}"

    return show


async def test_the_first_visit_in_a_browser(visit, site, demo_people, report):
    """The sign-in page and the day, nothing cached; then a page with everything cached. Nobody else is asked."""
    tab = await visit(None, size=PHONE, service_workers="block")  # it would ask in the place of the page
    wire = await tab.context.new_cdp_session(tab)
    await wire.send("Network.enable")
    urls: dict[str, str] = {}
    weights: list[tuple[str, int]] = []

    def asked(event: dict[str, Any]) -> None:
        if before := event.get("redirectResponse"):
            weights.append((before["url"], int(before["encodedDataLength"])))
        urls[event["requestId"]] = event["request"]["url"]

    def came(event: dict[str, Any]) -> None:
        if weight := int(event["encodedDataLength"]):  # nothing comes over the wire from the cache
            weights.append((urls[event["requestId"]], weight))

    wire.on("Network.requestWillBeSent", asked)
    wire.on("Network.loadingFinished", came)

    def seen() -> list[tuple[str, int]]:
        found = [(url.removeprefix(site.url), weight) for url, weight in weights]
        weights.clear()
        return found

    await tab.goto("/login")
    cookie = await pages.session_of(site.home.valkey.url, demo_people["technician"])
    await tab.context.add_cookies([{"name": "session", "value": cookie, "url": site.url}])
    await tab.goto("/day")
    await tab.wait_for_load_state("networkidle")
    first = seen()
    # A browser with a window also fetches these.
    head = await tab.locator("head link[rel=icon], head link[rel=manifest]").evaluate_all("all => all.map(e => e.href)")
    for url in head:
        path = url.removeprefix(site.url)
        first.append((path, (await ask(site, path)).weight))
    await tab.goto("/contacts")
    later = seen()
    await tab.goto("/contacts")
    assert {url.removeprefix(site.url) for url in urls.values() if not url.startswith(site.url)} == set()
    assert [url for url, _ in later] == ["/contacts"], "static files come once"
    # What makes a dead spot bearable comes when the page is there.
    offline = static.url("js/offline.js")
    spare = [(name, weight) for name, weight in first if name == offline] + [
        ("/sw.js", (await ask(site, "/sw.js")).weight)
    ]
    first = [(name, weight) for name, weight in first if name != offline]
    report("After the first visit", [("all of it", sum(weight for _, weight in spare)), *spare], DEAD_SPOT)
    report("The first visit, one by one", first, FIRST_VISIT)
    report("The first visit", [("all of it", sum(weight for _, weight in first))], FIRST_VISIT)
    report("The next page", later, PAGE)


async def test_every_later_page(site, signer, demo_people, report):
    """The pages of the table, and what can be reached by links in the demo business, up to a few of each route."""
    made = pages.stage(site.home.admin_url, signer)
    answers: dict[str, Answer] = {}
    valkey = site.home.valkey.url
    cookies = {who: await pages.session_of(valkey, PEOPLE[who]) for who in {page.who for page in PAGES} if who}
    for page in PAGES:
        if not page.form:
            answers[page.name] = await ask(site, page.url(made), cookies.get(page.who, ""))
            assert answers[page.name].status == page.status, page.name
    for role, person in demo_people.items():
        async for path, answer in walk(site, await pages.session_of(valkey, person)):
            answers[f"{role} {path}"] = answer
    for name, answer in answers.items():
        assert answer.headers["content-encoding"] == "gzip", name
        assert not re.search(rb'<(?:script|link|img|iframe)\b[^>]*(?:src|href)="(?!/|data:)', answer.body), name
    report("Pages", ((name, answer.weight) for name, answer in answers.items()), PAGE, 25)


async def walk(site: Site, cookie: str, headers: dict[str, str] | None = None) -> Any:
    """What links lead to from the first page on, at most EACH of a route, as (path, answer)."""
    waiting, known, many = ["/"], {"/"}, defaultdict(int)
    while waiting:
        path = waiting.pop(0)
        answer = await ask(site, path, cookie, headers)
        if answer.status == 303:
            answer_links = [answer.headers["location"]]
        else:
            assert answer.status == 200, path
            if not answer.headers["content-type"].startswith("text/html"):
                continue  # a file to be saved
            yield path, answer
            answer_links = answer.links
        for link in answer_links:
            if link not in known and many[rule(link)] < EACH and not link.startswith("/static/"):
                known.add(link)
                many[rule(link)] += 1
                waiting.append(link)


async def test_every_fragment(site, demo_people, report):
    """What htmx swaps: a whole #page, and the list of contacts as somebody types."""
    valkey = site.home.valkey.url
    wholes: dict[str, int] = {}
    parts: dict[str, int] = {}
    for role, person in demo_people.items():
        cookie = await pages.session_of(valkey, person)
        async for path, answer in walk(site, cookie, PARTIAL | {"HX-Target": "div#page"}):
            assert b"<html" not in answer.body, path
            wholes[f"{role} {path}"] = answer.weight
        for q in ("", "a", "an", "256", "zzz"):
            answer = await ask(site, f"/contacts?q={q}", cookie, PARTIAL | {"HX-Target": "div#contacts"})
            assert b'id="contacts"' in answer.body
            assert b'id="page"' not in answer.body
            parts[f"{role} /contacts?q={q}"] = answer.weight
        for query in (
            "kind=person",
            "place=madison&quiet=1&visited_from=2020-01-01&kind=person&q=a",
            "fact=pet:+zebra&kind=person",
        ):
            answer = await ask(site, f"/contacts?{query}", cookie, PARTIAL | {"HX-Target": "div#contacts"})
            assert b"Take away" in answer.body
            parts[f"{role} /contacts?{query}"] = answer.weight
    report("Fragments: #page", wholes.items(), FRAGMENT)
    report("Fragments: #contacts", parts.items(), PART)


async def test_static_files_are_compressed_and_kept_for_ever(site):
    for name, url in static.urls.items():
        answer = await ask(site, url)
        assert answer.status == 200, name
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable", name
        assert re.search(r"\.[0-9a-f]{10}\.\w+$", url), name
        if name.endswith(TEXT):
            assert answer.headers["content-encoding"] == "gzip", name
            assert answer.headers["vary"] == "Accept-Encoding", name
        else:
            assert answer.weight < 15 * KB, name
