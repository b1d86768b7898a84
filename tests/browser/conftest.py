"""The whole stack in a browser: `crm serve` and `crm worker` as processes, a real Chromium in front."""

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page, Playwright, async_playwright, expect

from crm.auth import link
from crm.run import Home
from tests.browser.find_browser import FLAGS, NODE, find_browser
from tests.conftest import PEOPLE

PATIENCE = 15_000  # milliseconds: what holds holds at once, but on a machine that does much else
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1440, "height": 900}


@dataclass
class Site:
    """A running installation."""

    url: str
    home: Home
    environment: dict[str, str]

    def sign_in_link(self, who: str) -> str:
        """A link as `crm run` prints it."""
        words = link.make()
        with psycopg.connect(self.home.admin_url) as connection:
            connection.execute("set local role crm_owner")
            connection.execute(
                "insert into crm.sign_in_link (email, token_hash) values (%s, %s)",
                (PEOPLE[who].email, words.token_hash),
            )
        return f"{self.url}/auth/verify?token={words.token}"


@pytest.fixture(scope="module")
def site(home: Home) -> Iterator[Site]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"http://localhost:{port}"
    environment = {**os.environ, **home.environment(), "CRM_DEMO": "1", "CRM_PUBLIC_URL": url}
    process = start(home, environment, "serve", "--port", str(port))
    try:
        deadline = time.monotonic() + 60
        while True:
            try:
                urllib.request.urlopen(f"{url}/health/ready", timeout=2).read()
                break
            except OSError:
                assert time.monotonic() < deadline, (home.folder / "web.log").read_text()[-3000:]
                time.sleep(0.05)
        yield Site(url, home, environment)
    finally:
        process.terminate()
        process.wait(15)


@pytest.fixture
def postman(site: Site) -> Iterator[None]:
    """`crm worker` while a test waits for mail; at other times it would take the jobs of other tests."""
    process = start(site.home, site.environment, "worker")
    yield
    process.terminate()
    process.wait(15)


def start(home: Home, environment: dict[str, str], *arguments: str) -> subprocess.Popen[bytes]:
    with (home.folder / "web.log").open("ab") as log:
        return subprocess.Popen([sys.executable, "-m", "crm.cli", *arguments], env=environment, stdout=log, stderr=log)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def playwright() -> AsyncIterator[Playwright]:
    import ctypes.util

    if not ctypes.util.find_library("atomic"):  # Playwright's own Node needs it, the wheel's does not
        os.environ.setdefault("PLAYWRIGHT_NODEJS_PATH", str(NODE))
    expect.set_options(timeout=PATIENCE)
    async with async_playwright() as running:
        yield running


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium(playwright: Playwright) -> AsyncIterator[Browser]:
    executable, environment = find_browser()
    browser = await playwright.chromium.launch(
        executable_path=executable, args=FLAGS, env={**os.environ, **environment}
    )
    yield browser
    await browser.close()


@pytest_asyncio.fixture(loop_scope="session")
async def visit(chromium: Browser, site: Site) -> AsyncIterator[Callable[..., Any]]:
    """await visit("technician") is a signed-in page; complaints of the browser (CSP, script errors) fail the test."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    async def open_page(
        who: str | None, *, size: dict[str, int] = PHONE, javascript: bool = True, **options: Any
    ) -> Page:
        context = await chromium.new_context(
            viewport=size, base_url=site.url, java_script_enabled=javascript, has_touch=size is PHONE, **options
        )
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = await context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda message: complaints.append(message.text) if _is_complaint(message.text) else None)
        page.on(
            "response",
            lambda answer: complaints.append(f"{answer.status} {answer.url}") if answer.status == 500 else None,
        )
        if who is not None:
            await page.goto(site.sign_in_link(who))
            await page.get_by_role("button", name=re.compile("Sign in to")).click()
            await page.wait_for_url(lambda url: "/auth/" not in url)
        return page

    yield open_page
    for context in contexts:
        await context.close()
    assert not complaints


def _is_complaint(text: str) -> bool:
    return "Content Security Policy" in text or "TypeError" in text or "ReferenceError" in text
