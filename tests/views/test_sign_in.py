"""Signing in by link and by code, through the queue, the worker and the outbox."""

import re

import pytest

from crm import worker
from crm.clients.email import Outbox


@pytest.fixture(autouse=True)
async def nothing_waits(app, settings):
    """Mail that other tests have asked for is sent before ours, so that ours is the newest."""
    while await worker.round_once(worker.Tools(settings, app.config["OUTBOX"])):
        pass


async def newest_mail(app, settings):
    """Let the worker send what is due, and read the newest message."""
    outbox = app.config["OUTBOX"]
    assert isinstance(outbox, Outbox)
    while await worker.round_once(worker.Tools(settings, outbox)):
        pass
    return (await outbox.list())[0]


async def test_a_code_signs_in_the_browser_that_asked(app, settings, browse):
    browser = await browse()
    assert (await browser.post("/auth/request", email="Omar@Tidy.test ")).status_code == 303
    await browser.get("/auth/code")
    mail = await newest_mail(app, settings)
    assert mail["to"] == "omar@tidy.test"
    code = re.search(r"code: (\d{6})", mail["text"])[1]
    answer = await browser.post("/auth/verify", code=f" {code[:3]} {code[3:]} ")
    assert answer.status_code == 303
    assert (await browser.get("/contacts")).status_code == 200


async def test_a_link_shows_a_page_first_and_is_spent_once_by_its_own_browser(app, settings, browse):
    browser, other = await browse(), await browse()
    await browser.post("/auth/request", email="olive@tidy.test")
    link = re.search(r"http://localhost:8000(/auth/verify\?token=\S+)", (await newest_mail(app, settings))["text"])[1]
    token = link.partition("token=")[2]
    for _ in range(2):
        assert (await browser.get(link)).status_code == 200
    await other.get(link)
    refused = await other.post("/auth/verify", token=token)
    assert "another browser" in await refused.get_data(as_text=True)
    await browser.get(link)
    assert (await browser.post("/auth/verify", token=token)).status_code == 303
    again = await browse()
    await again.get(link)
    assert "no longer good" in await (await again.post("/auth/verify", token=token)).get_data(as_text=True)


async def test_an_unknown_address_gets_the_same_answer_and_no_mail(app, settings, browse):
    browser = await browse()
    known = await browser.post("/auth/request", email="tess@tidy.test")
    first = await newest_mail(app, settings)
    unknown = await (await browse()).post("/auth/request", email="nobody@nowhere.test")
    assert (unknown.status_code, unknown.location) == (known.status_code, known.location)
    assert await newest_mail(app, settings) == first


async def test_signing_up_makes_a_business_with_its_owner(app, settings, browse):
    browser = await browse()
    await browser.get("/signup")
    answer = await browser.post(
        "/signup",
        email="nina@new.test",
        name="Nina",
        business_name="New Panes",
        time_zone="Europe/Berlin",
        currency="EUR",
    )
    assert answer.status_code == 303
    await browser.get("/auth/code")
    code = re.search(r"code: (\d{6})", (await newest_mail(app, settings))["text"])[1]
    assert (await browser.post("/auth/verify", code=code)).status_code == 303
    page = await (await browser.get("/contacts")).get_data(as_text=True)
    assert "New Panes" in page
    assert "Pat Pane" not in page


async def test_a_wrong_code_is_counted_and_the_sixth_is_too_many(app, settings, browse):
    browser = await browse()
    await browser.post("/auth/request", email="carl@tidy.test")
    right = re.search(r"code: (\d{6})", (await newest_mail(app, settings))["text"])[1]
    wrong = f"{(int(right) + 1) % 1_000_000:06}"
    await browser.get("/auth/code")
    for _ in range(5):
        assert (await browser.post("/auth/verify", code=wrong)).status_code == 422
    assert "no longer good" in await (await browser.post("/auth/verify", code=right)).get_data(as_text=True)


async def test_pages_lead_to_sign_in_and_back(browse):
    visitor = await browse()
    answer = await visitor.get("/contacts?q=x")
    assert (answer.status_code, answer.location) == (303, "/login?next=/contacts%3Fq%3Dx")
    fragment = await visitor.get("/contacts", fragment=True)
    assert fragment.status_code == 401
    assert fragment.headers["HX-Redirect"] == "/login?next=/contacts"
