"""Signing in by link and by code, through the queue, the worker and the outbox."""

import re

import pytest

from crm import worker
from crm.clients.email import Outbox
from tests.conftest import Browser


@pytest.fixture(autouse=True)
async def nothing_waits(app, settings):
    """Mail that other tests have asked for is sent before ours, so that ours is the newest; what was counted begins anew,
    for them as well."""
    while await worker.round_once(worker.Tools(settings, app.config["OUTBOX"])):
        pass
    await forget_limits(app)
    yield
    await forget_limits(app)


async def forget_limits(app):
    async for key in app.config["VALKEY"].scan_iter("limit:*"):
        await app.config["VALKEY"].delete(key)


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


def at(network: str) -> dict[str, tuple[str, int]]:
    """Where a request comes from."""
    return {"client": (network, 40_000)}


async def asked(app, email: str, network: str):
    """Somebody's browser on a network, and the answer to asking for a link."""
    client = app.test_client()
    browser = Browser(client)
    await browser._remember(await client.get("/login", headers=browser.HEADERS, scope_base=at(network)))
    form = {"csrf": browser.token, "email": email}
    answer = await client.post("/auth/request", form=form, headers=browser.HEADERS, scope_base=at(network))
    await browser._remember(await client.get("/auth/code", headers=browser.HEADERS, scope_base=at(network)))
    return browser, answer


async def tried(browser, code: str, network: str):
    form = {"csrf": browser.token, "code": code}
    answer = await browser.client.post("/auth/verify", form=form, headers=browser.HEADERS, scope_base=at(network))
    await browser._remember(answer)
    return answer


async def code_in(app, settings) -> str:
    return re.search(r"code: (\d{6})", (await newest_mail(app, settings))["text"])[1]


async def test_who_guesses_codes_is_locked_out_even_with_the_right_one_and_nobody_else(app, settings):
    guesser, there, here = None, "203.0.113.7", "198.51.100.7"
    for _ in range(4):
        guesser, answer = await asked(app, "omar@tidy.test", there)
        assert answer.status_code == 303
        right = await code_in(app, settings)
        wrong = f"{(int(right) + 1) % 1_000_000:06}"
        for _ in range(5):
            assert (await tried(guesser, wrong, there)).status_code == 422
    guesser, _ = await asked(app, "omar@tidy.test", there)
    answer = await tried(guesser, await code_in(app, settings), there)
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 900
    assert "Too many tries." in await answer.get_data(as_text=True)
    omar, _ = await asked(app, "omar@tidy.test", here)
    assert (await tried(omar, await code_in(app, settings), here)).status_code == 303


async def test_an_address_is_written_to_five_times_for_one_network_and_forty_times_in_all(app):
    for number in range(40):
        assert (await asked(app, "olive@tidy.test", f"203.0.113.{100 + number // 5}"))[1].status_code == 303
        if number % 5 == 4:
            assert (await asked(app, "olive@tidy.test", f"203.0.113.{100 + number // 5}"))[1].status_code == 429
    assert (await asked(app, "olive@tidy.test", "203.0.113.200"))[1].status_code == 429
    assert (await asked(app, "tess@tidy.test", "203.0.113.200"))[1].status_code == 303


async def test_a_business_invites_thirty_people_a_day(browse):
    stranger = await browse("stranger")
    nobody = {"name": "Nobody", "email": "no address", "role": "office"}
    for _ in range(30):
        assert (await stranger.post("/settings/members", **nobody)).status_code == 422
    answer = await stranger.post("/settings/members", **nobody)
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 86_400
    # Another business is another count.
    assert (await (await browse("owner")).post("/settings/members", **nobody)).status_code == 422


async def test_pages_lead_to_sign_in_and_back(browse):
    visitor = await browse()
    answer = await visitor.get("/contacts?q=x")
    assert (answer.status_code, answer.location) == (303, "/login?next=/contacts%3Fq%3Dx")
    fragment = await visitor.get("/contacts", fragment=True)
    assert fragment.status_code == 401
    assert fragment.headers["HX-Redirect"] == "/login?next=/contacts"
