"""/settings/feeds and /ical/<token>.ics: what a phone is given, from whom it is kept, and what ends it."""

import asyncio
import re
import uuid
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import psycopg
import pytest

from crm import context, db
from crm.auth import link, rate_limit
from tests.conftest import PANES, PAT, PATS_HOUSE, PEOPLE, TESS_VISITS_PAT, TIDY, text

CHICAGO = ZoneInfo("America/Chicago")
NOTHING = {"Host": "localhost:8000"}  # what a calendar program sends: no cookie, no origin


@pytest.fixture(autouse=True)
async def nothing_was_tried(app):
    """Limits are counted for the network, which all tests share."""
    yield
    async for key in app.config["VALKEY"].scan_iter("limit:*"):
        await app.config["VALKEY"].delete(key)


@pytest.fixture
def fetch(app):
    """What a calendar program gets, without a cookie: the answer."""

    async def get(path: str, **headers: str):
        return await app.test_client().get(path, headers=NOTHING | headers)

    return get


async def make(browser, kind: str = "") -> str:
    """A new address: its path, as the page shows it once."""
    await browser.get("/settings/feeds")
    answer = await browser.post("/settings/feeds" + kind)
    assert (answer.status_code, answer.location) == (303, "/settings/feeds")
    page = await (await browser.get(answer.location)).get_data(as_text=True)
    found = re.search(r'value="http://localhost:8000(/ical/[A-Za-z0-9_-]{43}\.ics)"', page)
    assert found, page
    return found[1]


async def events(fetch, path: str) -> dict[str, icalendar.Event]:
    """The visits of a feed by their ids."""
    answer = await fetch(path)
    assert answer.status_code == 200
    calendar = icalendar.Calendar.from_ical(await answer.get_data(as_text=False))
    return {str(event["UID"]).partition("@")[0]: event for event in calendar.walk("VEVENT")}


async def book(run, at: datetime, *who: str, **more):
    values = {
        "contact_id": PAT,
        "address_id": PATS_HOUSE,
        "starts_at": at,
        "ends_at": at + timedelta(hours=1),
        "service_ids": [PANES],
    }
    values |= {
        "instructions": None,
        "book_anyway_reason": "the feed",
        "arrival_minutes": None,
        "member_ids": [PEOPLE[name].member_id for name in who],
    }
    return (await run("office", "ticket_create", **(values | more))).id


async def move(run, ticket, at: datetime, *who: str) -> None:
    await run(
        "office", "ticket_update", ticket_id=ticket, address_id=PATS_HOUSE, starts_at=at, ends_at=at + timedelta(hours=1),
        member_ids=[PEOPLE[name].member_id for name in who], instructions=None, book_anyway_reason="the feed", arrival_minutes=None,
    )  # fmt: skip


def in_days(days: int, hour: int = 5) -> datetime:
    return datetime.now(CHICAGO).replace(hour=hour, minute=0, second=0, microsecond=0) + timedelta(days=days)


# ---- what is in it ------------------------------------------------------------------------------------


async def test_a_technician_gets_their_own_visits_and_no_others(browse, fetch, run):
    path = await make(await browse("technician"))
    mine = await book(run, in_days(20), "technician")
    together = await book(run, in_days(21), "technician", "colleague")
    far = await book(run, in_days(70), "technician")
    theirs, nobodys = await book(run, in_days(22), "colleague"), await book(run, in_days(23))
    found = await events(fetch, path)
    assert {str(mine), str(together), str(TESS_VISITS_PAT)} <= found.keys()
    assert not {str(theirs), str(nobodys)} & found.keys()
    assert str(far) not in found, "a technician sees 60 days ahead, here as everywhere"
    assert str(together) in await events(fetch, await make(await browse("colleague")))
    assert str(found[str(mine)]["SUMMARY"]) == "Pat Pane: Exterior windows"
    assert str(found[str(mine)]["LOCATION"]) == "1 Oak Ridge Dr, Madison, AL, 35758"
    about = str(found[str(together)]["DESCRIPTION"]).split("\n")
    assert about == ["(256) 555-0131", "Who comes: Carl, Tess", f"http://localhost:8000/tickets/{together}"]


async def test_the_businesss_has_everybodys_for_400_days(browse, fetch, run):
    path = await make(await browse("office"), "/business")
    inside = {
        str(await book(run, in_days(days), *who))
        for days, who in ((24, ["technician"]), (25, ["colleague"]), (26, []), (398, []))
    }
    outside = str(await book(run, in_days(402)))
    found = await events(fetch, path)
    assert inside <= found.keys()
    assert outside not in found
    assert not [event for event in found.values() if "Rita" in str(event["SUMMARY"])]


async def test_an_owners_own_is_of_visits_they_make_themselves(browse, fetch, run):
    mine, theirs = await book(run, in_days(120), "owner"), await book(run, in_days(27), "technician")
    found = await events(fetch, await make(await browse("owner")))
    assert str(mine) in found
    assert str(theirs) not in found


async def test_nine_in_the_morning_stays_nine_when_the_clocks_change(browse, fetch, run):
    day = datetime.now(CHICAGO).replace(hour=9, minute=0, second=0, microsecond=0)
    while day.utcoffset() == (day + timedelta(days=1)).utcoffset():
        day += timedelta(days=1)
    eve, after = await book(run, day), await book(run, day + timedelta(days=1))
    found = await events(fetch, await make(await browse("owner"), "/business"))
    for ticket, wall in ((eve, day), (after, day + timedelta(days=1))):
        told = found[str(ticket)]["DTSTART"]
        assert told.params["TZID"] == "America/Chicago"
        assert told.to_ical() == f"{wall:%Y%m%dT}090000".encode()
        assert told.dt == wall


async def test_a_moved_visit_is_the_same_one_with_a_higher_number(browse, fetch, run):
    path = await make(await browse("technician"))
    ticket = await book(run, in_days(28), "technician")
    before = (await events(fetch, path))[str(ticket)]
    await move(run, ticket, in_days(29), "technician")
    after = (await events(fetch, path))[str(ticket)]
    assert before["UID"] == after["UID"]
    assert (before["SEQUENCE"], after["DTSTART"].dt) == (0, in_days(29))
    assert after["SEQUENCE"] > before["SEQUENCE"]
    assert after["LAST-MODIFIED"].dt >= before["LAST-MODIFIED"].dt
    await move(run, ticket, in_days(29), "colleague")
    assert str(ticket) not in await events(fetch, path)
    assert (await events(fetch, await make(await browse("colleague"))))[str(ticket)]["SEQUENCE"] > after["SEQUENCE"]


async def test_a_cancelled_visit_stays_for_60_days_as_cancelled(browse, fetch, run, home, sql):
    path = await make(await browse("technician"))
    ticket = await book(run, in_days(30), "technician")
    before = (await events(fetch, path))[str(ticket)]
    assert before["STATUS"] == "TENTATIVE"
    await run("office", "ticket_cancel", ticket_id=ticket, reason="rain")
    after = (await events(fetch, path))[str(ticket)]
    assert (before["UID"], after["STATUS"], after["TRANSP"]) == (after["UID"], "CANCELLED", "TRANSPARENT")
    assert after["SEQUENCE"] > before["SEQUENCE"]
    long_ago(home, ticket)
    assert str(ticket) not in await events(fetch, path)


def long_ago(home, ticket) -> None:
    """As if it had been cancelled two months ago: no rule lets anybody write that."""
    with psycopg.connect(home.admin_url) as connection:
        connection.execute("set local session_replication_role = replica")
        connection.execute("update crm.ticket set cancelled_at = now() - interval '61 days' where id = %s", (ticket,))


@pytest.mark.parametrize(
    "hard", ["Ring, wait; then: \\n knock \U0001fa9f", "first\nsecond\n\n" + "ü" * 200, '"quoted"; ,;:\\', "x" * 200]
)
async def test_hard_words_arrive_as_they_were_typed(browse, fetch, run, hard):
    ticket = await book(run, in_days(31), instructions=hard)
    event = (await events(fetch, await make(await browse("owner"), "/business")))[str(ticket)]
    assert str(event["DESCRIPTION"]).startswith(hard + "\n(256) 555-0131")


# ---- how it is fetched --------------------------------------------------------------------------------


async def test_a_calendar_that_is_known_already_is_not_sent_again(browse, fetch, run):
    path = await make(await browse("technician"))
    first = await fetch(path)
    assert first.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert first.headers["Cache-Control"] == "private, no-cache"
    assert first.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert "Set-Cookie" not in first.headers
    assert first.headers["Vary"] == "Accept-Encoding"
    again = await fetch(path, **{"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, await again.get_data(as_text=False)) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    await book(run, in_days(32), "technician")
    changed = await fetch(path, **{"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200
    assert changed.headers["ETag"] != first.headers["ETag"]


async def test_it_travels_packed(browse, fetch):
    path = await make(await browse("owner"), "/business")
    plain, packed = await fetch(path), await fetch(path, **{"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert len(await packed.get_data(as_text=False)) < len(await plain.get_data(as_text=False)) / 2


async def test_only_a_get_is_answered(app, browse):
    path = await make(await browse("technician"))
    for method in ("post", "put", "delete", "patch"):
        assert (await getattr(app.test_client(), method)(path, headers=NOTHING)).status_code == 405
    assert (await app.test_client().head(path, headers=NOTHING)).status_code == 200


async def test_reading_writes_nothing_but_when(browse, fetch, sql):
    path = await make(await browse("technician"))
    entries = "select count(*), max(id::text) from crm.audit_entry"
    before = sql(entries)
    await fetch(path)
    assert sql(entries) == before
    tess = PEOPLE["technician"].member_id
    read = sql("select last_read_at from crm.feed where kind = 'member' and member_id = %s", tess)[0].last_read_at
    assert abs(datetime.now(UTC) - read) < timedelta(minutes=1)
    await fetch(path)
    again = sql("select last_read_at from crm.feed where kind = 'member' and member_id = %s", tess)[0].last_read_at
    assert again == read, "noted once in five minutes"


async def test_nobody_reads_one_calendar_all_day(app, browse, fetch):
    path = await make(await browse("technician"))
    for _ in range(rate_limit.READS_PER_FEED.most):
        assert (await fetch(path, **{"If-None-Match": '"x"'})).status_code in (200, 304)
    answer = await fetch(path)
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0


# ---- the address --------------------------------------------------------------------------------------


async def test_the_words_are_shown_once_and_kept_nowhere(browse, sql):
    technician = await browse("technician")
    path = await make(technician)
    token = path.removeprefix("/ical/").removesuffix(".ics")
    page = await (await technician.get("/settings/feeds")).get_data(as_text=True)
    assert token not in page
    assert "Not read yet" in text(page)
    assert sql("select from internal.feed_token where token_hash = %s", link.digest(token))
    for table in ("internal.feed_token", "crm.feed", "crm.audit_entry", "crm.security_event"):
        assert not sql(f"select from {table} t where t::text like '%%' || %s || '%%'", token), table


async def test_whoever_signs_in_next_on_the_same_phone_is_not_shown_them(browse):
    """She made an address, and no page came: a minute later a colleague who has one of their own looks at it."""
    tess, carl = await browse("technician"), await browse("colleague")
    await make(carl)
    assert (await tess.post("/settings/feeds")).status_code == 303
    (cookie,) = [each for each in carl.client.cookie_jar if each.name == "session"]
    tess.client.set_cookie("localhost", "session", cookie.value)
    page = await (await tess.get("/settings/feeds")).get_data(as_text=True)
    assert "/ical/" not in page


async def test_it_says_when_it_was_read_last(browse, fetch, sql, home):
    technician = await browse("technician")
    await fetch(await make(technician))
    assert "Last read just now" in text(await (await technician.get("/settings/feeds")).get_data(as_text=True))
    with psycopg.connect(home.admin_url) as connection:
        connection.execute("select internal.act_as(%s, null, 'worker')", (PEOPLE["technician"].business_id,))
        connection.execute("update crm.feed set last_read_at = now() - interval '20 minutes'")
    assert "Last read 20 minutes ago" in text(await (await technician.get("/settings/feeds")).get_data(as_text=True))


async def test_a_new_address_ends_the_old_one(browse, fetch):
    technician = await browse("technician")
    old, new = await make(technician), await make(technician)
    assert (await fetch(old)).status_code == 404
    assert (await fetch(new)).status_code == 200


async def test_an_address_that_is_ended_shows_nothing(browse, fetch):
    office, owner = await browse("office"), await browse("owner")
    shared, own = await make(office, "/business"), await make(office)
    assert (await owner.post("/settings/feeds/business/removal")).status_code == 303
    assert (await fetch(shared)).status_code == 404
    assert (await fetch(own)).status_code == 200
    assert (await office.post("/settings/feeds/removal")).status_code == 303
    assert (await fetch(own)).status_code == 404
    assert (await office.post("/settings/feeds/removal")).status_code == 404


async def test_a_technician_neither_sees_nor_makes_nor_ends_the_businesss(browse, fetch):
    path = await make(await browse("owner"), "/business")
    technician = await browse("technician")
    assert "All visits" not in await (await technician.get("/settings/feeds")).get_data(as_text=True)
    assert (await technician.post("/settings/feeds/business")).status_code == 403
    assert (await technician.post("/settings/feeds/business/removal")).status_code == 403
    assert (await fetch(path)).status_code == 200


async def test_another_business_has_its_own(browse, fetch):
    ours, theirs = await make(await browse("owner"), "/business"), await make(await browse("stranger"), "/business")
    said = [await (await fetch(path)).get_data(as_text=True) for path in (ours, theirs)]
    assert "X-WR-CALNAME:Tidy Windows: all visits" in said[0]
    assert "Rita" not in said[0]
    assert "X-WR-CALNAME:Rival Panes: all visits" in said[1]
    assert "Pat" not in said[1]
    assert "TZID:Europe/London" in said[1]
    await (await browse("stranger")).post("/settings/feeds/business/removal")
    assert [(await fetch(path)).status_code for path in (ours, theirs)] == [200, 404]


async def test_what_is_wrong_with_an_address_is_never_said(browse, fetch, sql):
    technician = await browse("technician")
    revoked = await make(technician)
    await technician.post("/settings/feeds/removal")
    good = await make(technician)
    wrong = [
        revoked, f"/ical/{link.make().token}.ics", f"{good[:-4]}x.ics", f"/ical/{uuid.uuid4()}.ics", "/ical/%00.ics", "/ical/%ff%fe.ics",
        f"/ical/{'x' * 3000}.ics", "/ical/'.ics", f"/ical/{good[6:-4].swapcase()}.ics",
    ]  # fmt: skip
    events = "select count(*) as refused from crm.security_event where kind = 'feed_refused'"
    before = sql(events)[0].refused
    answers = set()
    for path in wrong:
        answer = await fetch(path)
        answers.add((answer.status_code, re.sub(r"number [0-9a-f]+", "", await answer.get_data(as_text=True))))
    assert len(answers) == 1
    assert {status for status, _ in answers} == {404}
    assert sql(events)[0].refused == before + len(wrong)


async def test_whoever_guesses_is_told_to_wait_and_takes_nothing_from_a_good_address(browse, fetch, sql):
    """A service that fetches calendars for many has one network: thirty dead addresses there are not everybody's."""
    good = await make(await browse("technician"))
    for _ in range(rate_limit.REFUSED_FEEDS_PER_NETWORK.most):
        assert (await fetch(f"/ical/{link.make().token}.ics")).status_code == 404
    events = "select count(*) as refused from crm.security_event where kind = 'feed_refused'"
    before = sql(events)[0].refused
    answer = await fetch(f"/ical/{link.make().token}.ics")
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0
    assert sql(events)[0].refused == before, "no more of the same is written down"
    assert (await fetch(good)).status_code == 200


async def test_a_cookie_opens_nothing_and_is_not_looked_at(browse, fetch):
    owner = await browse("owner")
    assert (await owner.get(f"/ical/{link.make().token}.ics")).status_code == 404
    assert "Olive" not in await (await owner.get("/ical/x.ics")).get_data(as_text=True)


# ---- whoever has it -----------------------------------------------------------------------------------


@pytest.fixture
async def mia(run, sql):
    """A member of Tidy's for one test, who has said hello: her role, and her business's calendar, end with it."""
    member = await run(
        "owner", "member_invite", name="Mia", email=f"mia{uuid.uuid4().hex[:8]}@tidy.test", role="office"
    )

    async def act(statement: str, role: str = "office", **values):
        actor = context.Actor(TIDY, role, member.id, request_id="test")
        return (await db.database().run(actor, [db.call(statement, **values)]))[0]

    act.id = member.id
    return act


async def test_who_is_shut_out_has_no_calendar_from_then_on(fetch, run, mia):
    own, shared = link.make(), link.make()
    await mia("feed_make", token_hash=own.token_hash)
    await mia("feed_make_for_business", token_hash=shared.token_hash)
    paths = [f"/ical/{words.token}.ics" for words in (own, shared)]
    assert [(await fetch(path)).status_code for path in paths] == [200, 200]
    await run("owner", "member_disable", id=mia.id, disabled=True)
    assert [(await fetch(path)).status_code for path in paths] == [404, 404]
    await run("owner", "member_disable", id=mia.id, disabled=False)
    assert [(await fetch(path)).status_code for path in paths] == [404, 404], "nor when they are let in again"


async def test_who_leaves_the_desk_keeps_only_their_own(fetch, run, mia):
    own, shared = link.make(), link.make()
    await mia("feed_make", token_hash=own.token_hash)
    await mia("feed_make_for_business", token_hash=shared.token_hash)
    await run("owner", "member_update", id=mia.id, name="Mia", role="technician")
    assert (await fetch(f"/ical/{own.token}.ics")).status_code == 200
    assert (await fetch(f"/ical/{shared.token}.ics")).status_code == 404


async def test_two_taps_make_one_address(browse, sql):
    technician = await browse("technician")
    await technician.get("/settings/feeds")
    answers = await asyncio.gather(*(technician.post("/settings/feeds") for _ in range(8)))
    assert {answer.status_code for answer in answers} == {303}
    assert (
        len(sql("select from crm.feed where kind = 'member' and member_id = %s", PEOPLE["technician"].member_id)) == 1
    )
