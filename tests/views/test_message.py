"""What the desk sees and does about mails: planned at booking, listed with their words, sent now or stopped."""

import re
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import psycopg
import pytest
from psycopg.rows import namedtuple_row

from tests.conftest import TIDY, text

DAYS = count(1)


@pytest.fixture
def rows(home) -> Any:
    def read(statement: str, *values: Any) -> list[Any]:
        with psycopg.connect(home.admin_url, row_factory=namedtuple_row) as connection:
            return connection.execute(statement, values).fetchall()

    return read


@pytest.fixture
async def contact(run) -> Any:
    """contact("mail@example.com") is somebody new."""

    async def make(email: str | None, name: str = "Mona Mail") -> Any:
        nothing = dict.fromkeys(
            (
                "phone",
                "preferred_method",
                "note",
                "phone_e164",
                "other_phone",
                "other_e164",
                "preferred_time",
                "language",
                "referred_by",
            )
        )
        return (await run("office", "contact_create", kind="person", name=name, email=email, **nothing)).id

    return make


async def book(browser: Any, contact_id: Any, **more: str) -> Any:
    at = datetime(2036, 1, 1, 9) + timedelta(days=next(DAYS))
    return await browser.post(
        f"/tickets/new?contact={contact_id}",
        contact_id=str(contact_id),
        starts_at=f"{at:%Y-%m-%dT%H:%M}",
        hours="1:00",
        **more,
    )


async def test_booking_with_the_box_ticked_asks_by_mail(browse, rows, contact):
    office, who = await browse("office"), await contact("mona@example.com")
    form = await (await office.get(f"/tickets/new?contact={who}")).get_data(as_text=True)
    assert "Ask by mail whether it suits them" in form
    ticket = (await book(office, who, confirmation_mail="1")).location.rpartition("/")[2]
    planned = rows("select kind, status, reason from crm.message where ticket_id = %s order by kind", ticket)
    assert [tuple(row) for row in planned] == [
        ("confirmation", "pending", "Asked for by Omar."), ("reminder", "pending", "The day before the visit."),
    ]  # fmt: skip
    ticket = (await book(office, who)).location.rpartition("/")[2]
    assert [row.kind for row in rows("select kind from crm.message where ticket_id = %s", ticket)] == ["reminder"]


async def test_without_an_address_nothing_is_planned_and_the_pages_say_so(browse, rows, contact):
    office, who = await browse("office"), await contact(None)
    sentence = "They have no e-mail address, so no mails are sent about this visit."
    form = await (await office.get(f"/tickets/new?contact={who}")).get_data(as_text=True)
    assert sentence in form
    assert "confirmation_mail" not in form
    before = len(rows("select from crm.ticket where contact_id = %s", who))
    refused = await book(office, who, confirmation_mail="1", instructions="Ring twice")  # from a page of before
    assert refused.status_code == 422
    page = await refused.get_data(as_text=True)
    assert "They have no e-mail address, so no mail can be sent." in page
    assert "Ring twice" in page
    assert len(rows("select from crm.ticket where contact_id = %s", who)) == before, (
        "booked with the mail, or not at all"
    )
    ticket = (await book(office, who)).location
    assert sentence in await (await office.get(ticket)).get_data(as_text=True)
    assert rows("select from crm.message where contact_id = %s", who) == []


async def test_who_gives_an_address_later_is_reminded_too(browse, rows, contact):
    office, who = await browse("office"), await contact(None)
    await book(office, who)
    changed = await office.post(f"/contacts/{who}", name="Mona Mail", kind="person", email="mona@example.com")
    assert changed.status_code == 303
    assert [row.kind for row in rows("select kind from crm.message where contact_id = %s", who)] == ["reminder"]


async def test_the_list_shows_the_words_and_pages_through_all(browse, rows, contact, home):
    office, who = await browse("office"), await contact("list@example.com", "Lena List")
    for _ in range(23):
        await book(office, who)
    seen, words, path = [], "", "/messages"
    while path:
        html = await (await office.get(path)).get_data(as_text=True)
        words += text(html)
        seen += re.findall(r'<h2 id="message-([0-9a-f-]+)"', html)
        more = re.search(r'href="(/messages\?after=[^"]+)"', html)
        path = more and more[1].replace("&amp;", "&")
    waiting = rows(
        "select id from crm.message where business_id = %s and status in ('pending', 'sending', 'failed') order by send_at, id", TIDY
    )  # fmt: skip
    assert seen == [str(row.id) for row in waiting]
    assert "Hello Lena List, This is to remind you that we come on" in words
    assert "(a link for them alone)" in words
    assert "The day before the visit." in words


async def test_stopping_a_mail_leads_back_to_where_it_was_stopped(browse, rows, contact):
    office, who = await browse("office"), await contact("stop@example.com")
    places = []
    for target in ("/messages", "https://evil.test/", None):
        ticket = (await book(office, who)).location.rpartition("/")[2]
        (mail,) = rows("select id from crm.message where ticket_id = %s", ticket)
        places.append((await office.post(f"/messages/{mail.id}/cancellation", next=target)).location)
        assert (await office.post(f"/messages/{mail.id}/cancellation")).status_code == 404
        (mail,) = rows("select status, cancel_reason from crm.message where id = %s", mail.id)
        assert mail == ("cancelled", "Somebody of the business cancelled it.")
    assert places == ["/messages", "/", f"/contacts/{who}"]


async def test_sending_now_is_refused_when_its_reason_is_gone(browse, rows, contact):
    office, who = await browse("office"), await contact("gone@example.com")
    ticket = (await book(office, who)).location.rpartition("/")[2]
    (mail,) = rows("select id from crm.message where ticket_id = %s", ticket)
    assert (await office.post(f"/tickets/{ticket}/confirmation", confirmation="declined")).status_code == 303
    shown = text(await (await office.get(f"/messages/{mail.id}")).get_data(as_text=True))
    assert "As things are, it will not be sent. They declined." in shown
    refused = await office.post(f"/messages/{mail.id}/sending")
    assert refused.status_code == 422
    assert "This mail would not be sent: they declined." in await refused.get_data(as_text=True)


async def test_the_desk_says_what_the_business_can_be_reached_by(browse, rows):
    owner = await browse("owner")
    settings = {
        "name": "Tidy Windows",
        "time_zone": "America/Chicago",
        "tax": "8.25",
        "payment_terms_days": "14",
        "travel_buffer_minutes": "0",
        "language": "en",
    }
    for bad in ({"phone": "none"}, {"email": "nobody"}):
        refused = await owner.post("/settings", **settings, **bad)
        assert refused.status_code == 422
        assert f'href="#f-{next(iter(bad))}"' in await refused.get_data(as_text=True)
    assert (
        await owner.post("/settings", **settings, phone="(256) 555-0100", email="Hello@Tidy.test")
    ).status_code == 303
    (known,) = rows("select phone, email from crm.business where business_id = %s", TIDY)
    assert known == ("(256) 555-0100", "hello@tidy.test")
