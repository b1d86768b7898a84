"""A customer's link: it shows one visit and takes an answer, and whatever else is tried with it gets one polite page."""

import re
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import psycopg
import pytest
from icalendar import Calendar
from psycopg.rows import namedtuple_row

from crm.auth import link
from tests.conftest import PEOPLE, RIVAL, TIDY, Browser, become
from tests.views.desk import Office, page_of


async def seen(browser: Browser, token: str) -> str:
    """The time that the page's form says."""
    html = await (await browser.get(f"/c/{token}")).get_data(as_text=True)
    return re.search(r'name="starts_at" value="([^"]+)"', html)[1]


async def answers(browser: Browser, token: str, answer: str, **more: str) -> Any:
    return await browser.post(f"/c/{token}/answer", answer=answer, **{"starts_at": await seen(browser, token), **more})


# ---- what it shows -----------------------------------------------------------------------------------


async def test_shows_the_visit_and_nothing_that_is_the_business_s_own(office, customer):
    ticket = office.visit()
    words = await page_of(await customer.get(f"/c/{office.mail(ticket)}"))
    for known in (
        "Tidy Windows",
        "Exterior windows",
        "5 Elm St, Madison, 35758",
        "Tess",
        "Cleo Customer",
        "Times are those of Chicago",
    ):
        assert known in words
    for own in ("The dog bites", "key under the pot", "cleo@example.com"):
        assert own not in words


async def test_sets_no_cookie_is_kept_by_nobody_and_tells_nobody(office, customer):
    answer = await customer.get(f"/c/{office.mail(office.visit())}")
    assert answer.headers.getlist("Set-Cookie") == []
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "noindex" in answer.headers["X-Robots-Tag"]


async def test_is_the_same_for_somebody_who_is_signed_in(office, customer, browse):
    token = office.mail(office.visit())
    stranger = await browse("stranger")
    assert await page_of(await stranger.get(f"/c/{token}")) == await page_of(await customer.get(f"/c/{token}"))


async def test_opening_it_changes_nothing(office, customer, home):
    ticket = office.visit()
    token = office.mail(ticket)

    def everything() -> Any:
        with psycopg.connect(home.admin_url) as connection:
            return connection.execute(
                "select (select count(*) from crm.audit_entry), (select count(*) from crm.security_event), (select count(*) from crm.task)"
            ).fetchone()

    before = everything()
    for path in ("", "/visit.ics"):
        for method in (customer.get, customer.client.head):
            answer = await method(f"/c/{token}{path}", headers=customer.HEADERS)
            assert answer.status_code == 200
    assert (await customer.get(f"/c/{token}/answer?answer=declined")).status_code == 405
    assert everything() == before
    assert office.now(ticket) == ticket


# ---- what it answers ---------------------------------------------------------------------------------


async def test_accepting(office, customer, home):
    ticket = office.visit()
    token = office.mail(ticket)
    answer = await answers(customer, token, "confirmed")
    assert (answer.status_code, answer.location) == (303, f"/c/{token}")
    assert "You accepted" in await page_of(await customer.get(f"/c/{token}"))
    assert office.now(ticket).confirmation == "confirmed"
    assert office.tasks(ticket) == []
    with psycopg.connect(home.admin_url, row_factory=namedtuple_row) as connection:
        (entry,) = connection.execute(
            "select e.*, l.ticket_id from crm.audit_entry e join crm.ticket_link l on l.id = e.grant_id "
            "where e.row_id = %s and e.new ? 'confirmation' and e.operation = 'update'", (str(ticket.id),),
        ).fetchall()  # fmt: skip
    assert (entry.kind, entry.role, entry.source, entry.member_id, entry.ticket_id) == (
        "link",
        "customer",
        "web",
        None,
        ticket.id,
    )


async def test_declining_with_a_reason_gives_the_office_a_task(office, customer):
    ticket = office.visit()
    token = office.mail(ticket)
    assert (await answers(customer, token, "declined", reason="We moved. Card 4111 1111 1111 1111")).status_code == 303
    assert office.now(ticket).confirmation == "declined"
    (task,) = office.tasks(ticket)
    assert task.title == "A visit was declined"
    assert task.detail.endswith("We moved. Card [REDACTED]")


def test_offers_times_when_the_technician_is_at_work_and_free(office, home, signer):
    ticket = office.visit()
    token = office.mail(ticket)
    with psycopg.connect(home.admin_url, row_factory=namedtuple_row) as connection:

        def offered() -> list[datetime]:
            become(connection, signer, "visitor")
            return connection.execute(
                "select free_at from api.ticket_link_open(%s, true)", (link.digest(token),)
            ).fetchone()[0]

        assert offered() == [], "nobody has said when they work"
        become(connection, signer, "owner")
        connection.execute(
            "select api.working_hours_set(%s, '{1,2,3,4,5}', array_fill('09:00'::time, '{5}'), array_fill('11:00'::time, '{5}'))",
            (PEOPLE["technician"].member_id,),
        )
        first = offered()
        assert len(first) == 6
        local = [at.astimezone(ZoneInfo("America/Chicago")) for at in first]
        assert all(at.weekday() < 5 and time(9) <= at.time() <= time(10) for at in local)
        assert first[0] > ticket.starts_at - timedelta(days=5), "near the visit, not near today"
        become(connection, signer, "owner")
        connection.execute(
            "select api.ticket_create(%s, null, %s, %s, %s::uuid[])",
            (ticket.contact_id, first[0], first[0] + timedelta(hours=1), [PEOPLE["technician"].member_id]),
        )  # fmt: skip
        assert first[0] not in offered()
        connection.rollback()


async def test_asking_for_a_time(office, customer):
    ticket = office.visit()
    token = office.mail(ticket)
    wished = (datetime.now(UTC) + timedelta(days=5)).isoformat()
    answer = await answers(customer, token, "reschedule_requested", wished_at=wished, wish="Ring twice")
    assert answer.status_code == 303
    (task,) = office.tasks(ticket)
    assert re.search(r"They would like \w+day, \w+ \d+, \d+:\d\d [ap]m\.\nRing twice$", task.detail)
    assert office.now(ticket).starts_at == ticket.starts_at, "the office moves it, not the wish"
    for at in ("2020-01-01T00:00:00+00:00", "9999-01-01T00:00:00+00:00", "soon", "2031-01-01"):
        assert (await answers(customer, token, "reschedule_requested", wished_at=at)).status_code == 422


async def test_another_answer_changes_the_first_and_is_one_task(office, customer):
    ticket = office.visit()
    token = office.mail(ticket)
    await answers(customer, token, "declined")
    await answers(customer, token, "declined")  # a double tap
    await answers(customer, token, "reschedule_requested", wish="Any afternoon")
    (task,) = office.tasks(ticket)
    assert (task.title, "Any afternoon" in task.detail) == ("Another time is asked for", True)
    await answers(customer, token, "confirmed")
    (task,) = office.tasks(ticket)
    assert (task.title, task.done_at) == ("A visit is accepted after all", None)
    assert office.now(ticket).confirmation == "confirmed"


async def test_an_answer_through_another_mail_of_the_visit_is_the_same_task(office, customer):
    ticket = office.visit()
    first, second = office.mail(ticket), office.mail(ticket)
    await answers(customer, first, "declined")
    await answers(customer, second, "reschedule_requested", wish="Later")
    assert len(office.tasks(ticket)) == 1


async def test_words_that_are_too_many_come_back(office, customer):
    token = office.mail(office.visit())
    for answer, field in (("declined", "reason"), ("reschedule_requested", "wish")):
        refused = await answers(customer, token, answer, **{field: "x" * 501})
        html = await refused.get_data(as_text=True)
        assert refused.status_code == 422
        assert f'href="#f-{field}">Write at most 500 characters.' in html
        assert "x" * 501 in html


@pytest.mark.parametrize("answer", ["pending", "cancelled", "", "x" * 5000])
async def test_what_is_no_answer_is_refused(office, customer, answer):
    ticket = office.visit()
    token = office.mail(ticket)
    assert (await answers(customer, token, answer)).status_code == 422
    assert office.now(ticket).confirmation == "pending"


async def test_is_not_answered_from_another_site(office, customer):
    ticket = office.visit()
    token = office.mail(ticket)
    starts_at = await seen(customer, token)
    for headers in (
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "same-origin", "Origin": "https://evil.test"},
    ):
        answer = await customer.post(f"/c/{token}/answer", answer="declined", starts_at=starts_at, headers=headers)
        assert answer.status_code == 403
    assert office.now(ticket).confirmation == "pending"


async def test_too_many_answers_are_slowed_down(office, customer):
    token = office.mail(office.visit())
    starts_at = await seen(customer, token)
    codes = [
        (await customer.post(f"/c/{token}/answer", answer="confirmed", starts_at=starts_at)).status_code
        for _ in range(31)
    ]
    assert codes == [303] * 30 + [429]


async def test_an_answer_that_went_wrong_is_as_private_as_any(office, customer):
    token = office.mail(office.visit())
    elsewhere = await customer.post(f"/c/{token}/answer", headers={"Sec-Fetch-Site": "cross-site"}, answer="declined")
    for _ in range(31):
        slowed = await customer.post(f"/c/{token}/answer", answer="declined")
    assert (elsewhere.status_code, slowed.status_code) == (403, 429)
    for answer in (elsewhere, slowed):
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
        assert answer.headers["Cache-Control"] == "no-store"


# ---- too late ----------------------------------------------------------------------------------------


async def late(office: Office, customer: Browser, ticket: Any, token: str, act: Any) -> str:
    """Open the page, let something happen, then press the button: nothing changes; what the page says then."""
    starts_at = await seen(customer, token)
    act()
    before = office.now(ticket)
    answer = await customer.post(f"/c/{token}/answer", answer="declined", starts_at=starts_at)
    assert answer.status_code == 409
    assert office.now(ticket) == before
    assert office.tasks(ticket) == []
    return await page_of(answer)


async def test_a_visit_that_was_cancelled(office, customer):
    ticket = office.visit()
    token = office.mail(ticket)
    cancel = lambda: office("office", "select api.ticket_cancel(%s, 'the ladder broke')", ticket.id)  # noqa: E731
    before = office.events("customer_link_late").get(TIDY, 0)
    words = await late(office, customer, ticket, token, cancel)
    assert "too late" in words
    assert "Cancelled" in words
    assert "ladder" not in words
    assert office.events("customer_link_late")[TIDY] == before + 1
    html = await (await customer.get(f"/c/{token}")).get_data(as_text=True)
    assert re.findall(r'<form[^>]* action="([^"]+)"', html) == [f"/c/{token}/language"]


async def test_a_visit_that_has_begun(office, customer):
    ticket = office.visit()
    token = office.mail(ticket)
    begin = lambda: office("owner", "select api.ticket_clock_in(%s)", ticket.id)  # noqa: E731
    assert "It has begun" in await late(office, customer, ticket, token, begin)


async def test_a_visit_that_should_have_begun(office, customer, home):
    ticket = office.visit()
    token = office.mail(ticket)

    def time_passes() -> None:
        began = "starts_at = now() - interval '5 minutes', busy_until = now() + interval '1 hour'"
        with psycopg.connect(home.admin_url) as connection:
            connection.execute("set session_replication_role = replica")
            connection.execute(
                f"update crm.ticket set {began}, ends_at = now() + interval '1 hour' where id = %s", (ticket.id,)
            )
            connection.execute(
                f"update crm.assignment set {began}, book_anyway_reason = 'a test' where ticket_id = %s", (ticket.id,)
            )

    assert "It has begun" in await late(office, customer, ticket, token, time_passes)


async def test_a_visit_that_was_moved_says_so_and_can_be_answered_anew(office, customer):
    ticket = office.visit()
    token = office.mail(ticket)
    move = lambda: office(  # noqa: E731
        "office", "select api.ticket_update(%s, %s, %s, %s, %s::uuid[], null)", ticket.id, ticket.address_id,
        ticket.starts_at + timedelta(minutes=20), ticket.ends_at + timedelta(minutes=20), [],
    )  # fmt: skip
    assert "We moved the visit while you were reading" in await late(office, customer, ticket, token, move)
    assert "We moved this visit since we wrote to you" in await page_of(await customer.get(f"/c/{token}"))
    assert (await answers(customer, token, "confirmed")).status_code == 303
    assert office.now(ticket).confirmation == "confirmed"


# ---- what is no link ---------------------------------------------------------------------------------


async def refusals(customer: Browser, token: str) -> set[tuple[int, str]]:
    """What every door says to it."""
    found = [
        await customer.get(f"/c/{token}"),
        await customer.get(f"/c/{token}/visit.ics"),
        await customer.get(f"/c/{token}/unsubscribe"),
        await customer.post(f"/c/{token}/answer", answer="confirmed", starts_at="2031-01-01T00:00:00+00:00"),
        await customer.post(f"/c/{token}/unsubscribe"),
    ]
    return {(answer.status_code, await page_of(answer)) for answer in found}


async def test_guessed_withdrawn_and_expired_links_get_one_page_and_an_event(office, customer, home):
    (guessed,) = await refusals(customer, link.make().token)
    assert guessed[0] == 404
    assert "This link opens nothing" in guessed[1]
    assert "Tidy" not in guessed[1]
    withdrawn, expired = office.visit(), office.visit()
    tokens = [office.mail(withdrawn), office.mail(expired)]
    assert office("office", "select api.ticket_link_revoke(%s) as n", withdrawn.id).n == 1
    with psycopg.connect(home.admin_url) as connection:
        connection.execute("set session_replication_role = replica")
        connection.execute("update crm.ticket_link set expires_at = now() where ticket_id = %s", (expired.id,))
    before = office.events("customer_link_refused")
    for token in tokens:
        assert await refusals(customer, token) == {guessed}
    after = office.events("customer_link_refused")
    assert after[TIDY] == before.get(TIDY, 0) + 10, "the business can see that its links were tried"
    assert {office.now(ticket).confirmation for ticket in (withdrawn, expired)} == {"pending"}


async def test_guesses_are_events_and_are_slowed_down(office, customer):
    before = sum(office.events("customer_link_refused").values())
    codes = [(await customer.get(f"/c/{uuid4()}")).status_code for _ in range(31)]
    assert codes == [404] * 30 + [429]
    assert sum(office.events("customer_link_refused").values()) == before + 30
    token = office.mail(office.visit())
    assert (await customer.get(f"/c/{token}")).status_code == 200, "a good link is not slowed down by others' guesses"


@pytest.mark.parametrize("token", ["x", "../contacts", "%00", "%F0%9F%92%A9", "a" * 5000, "' or 1=1 --"])
async def test_what_is_nothing_like_a_link(customer, token):
    assert (await customer.get(f"/c/{token}")).status_code in (404, 400)


async def test_opens_one_visit_and_no_other(office, customer, home, signer):
    """In the context of a link a function sees that visit and what hangs on it; the application itself sees nothing."""
    ticket = office.visit()
    token = office.mail(ticket)
    tables = (
        "ticket",
        "contact",
        "address",
        "line_item",
        "assignment",
        "member",
        "note",
        "attribute",
        "invoice",
        "file",
    )
    with psycopg.connect(home.admin_url, row_factory=namedtuple_row) as connection:
        become(connection, signer, "visitor")
        connection.execute("set local role crm_owner")
        entered = connection.execute("select * from internal.link_enter(%s)", (link.digest(token),)).fetchone()
        assert (entered.business_id, entered.ticket_id) == (TIDY, ticket.id)
        rows = {t: connection.execute(f"select to_jsonb(x) as row from crm.{t} x").fetchall() for t in tables}
        assert [r.row["id"] for r in rows["ticket"]] == [str(ticket.id)]
        assert [r.row["id"] for r in rows["contact"]] == [str(ticket.contact_id)]
        assert [r.row["id"] for r in rows["address"]] == [str(ticket.address_id)]
        assert [r.row["ticket_id"] for r in rows["line_item"]] == [str(ticket.id)]
        assert [r.row["ticket_id"] for r in rows["assignment"]] == [str(ticket.id)]
        assert [r.row["name"] for r in rows["member"]] == ["Tess"]
        assert [rows[t] for t in ("note", "attribute", "invoice", "file")] == [[]] * 4
        connection.execute("reset role")
        connection.execute("set local role crm_app")
        for table in tables:
            assert connection.execute(f"select from crm.{table}").fetchall() == [], table


async def test_a_link_of_another_business_opens_its_own_visit_only(office, customer, home, signer):
    """Rival's link shows Rival's visit, under whatever session it is opened."""
    at = datetime.now(UTC) + timedelta(days=3)
    with psycopg.connect(home.admin_url, row_factory=namedtuple_row) as connection:
        become(connection, signer, "stranger")
        contact = connection.execute(
            "select id from api.contact_create('person', 'Rex Rival', null, 'rex@example.com')"
        ).fetchone()
        theirs = connection.execute(
            "select * from api.ticket_create(%s, null, %s, %s)", (contact.id, at, at + timedelta(hours=1))
        ).fetchone()
        message = connection.execute("select id from api.ticket_confirmation_ask(%s)", (theirs.id,)).fetchone()
        words = link.make()
        connection.execute(
            "select internal.ticket_link_make(m, %s) from crm.message m where id = %s", (words.token_hash, message.id)
        )
    shown = await page_of(await customer.get(f"/c/{words.token}"))
    assert "Rival Panes" in shown
    assert "Tidy" not in shown
    assert (await answers(customer, words.token, "confirmed")).status_code == 303
    with psycopg.connect(home.admin_url) as connection:
        entries = connection.execute(
            "select distinct business_id from crm.audit_entry where kind = 'link' and row_id = %s", (str(theirs.id),)
        ).fetchall()
    assert entries == [(RIVAL,)]


# ---- the calendar ------------------------------------------------------------------------------------


async def test_the_file_for_calendars(office, customer):
    ticket = office.visit()
    token = office.mail(ticket)

    async def event() -> Any:
        answer = await customer.get(f"/c/{token}/visit.ics")
        assert answer.content_type == "text/calendar; charset=utf-8"
        calendar = Calendar.from_ical(await answer.get_data())
        assert [str(zone["TZID"]) for zone in calendar.walk("VTIMEZONE")] == ["America/Chicago"]
        (found,) = calendar.walk("VEVENT")
        return found

    first = await event()
    assert first.start == ticket.starts_at.replace(microsecond=0)
    assert first.end == ticket.ends_at.replace(microsecond=0)
    assert (first["STATUS"], str(first["SUMMARY"])) == ("TENTATIVE", "Tidy Windows: Exterior windows")
    assert str(first["DESCRIPTION"]).startswith("Expect us ")
    await answers(customer, token, "confirmed")
    second = await event()
    assert (second["UID"], second["STATUS"]) == (first["UID"], "CONFIRMED")
    assert second["SEQUENCE"] > first["SEQUENCE"]
    office("office", "select api.ticket_cancel(%s, 'rain')", ticket.id)
    assert (await event())["STATUS"] == "CANCELLED"
