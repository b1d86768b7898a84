"""Mails to customers on their way through the queue to a mail server that is there, away, or will not have them."""

import re
from email.message import Message
from typing import Any
from uuid import UUID

import psycopg
import pytest
from icalendar import Calendar
from psycopg.rows import namedtuple_row

from crm import worker
from crm.clients.email import Smtp
from tests.conftest import PANES, PEOPLE, become
from tests.faults.test_mail import Postbox, smtp

pytestmark = pytest.mark.usefixtures("daytime", "app")


@pytest.fixture
def postbox(monkeypatch: pytest.MonkeyPatch) -> Postbox:
    monkeypatch.setattr("crm.clients.email.SECONDS", 0.3)
    return Postbox()


@pytest.fixture
def daytime(home: Any) -> Any:
    """These tests run at any hour: for them no hour is quiet."""
    with psycopg.connect(home.admin_url) as connection:
        (words,) = connection.execute("select pg_get_functiondef('internal.after_quiet_hours'::regproc)").fetchone()
        connection.execute(
            "create or replace function internal.after_quiet_hours(p_at timestamptz, p_zone text) returns timestamptz "
            "language sql stable set search_path = '' as $$ select p_at $$"
        )
        connection.execute(
            "update crm.business set phone = '(256) 555-0100', email = 'hello@tidy.test' where name = 'Tidy Windows'"
        ) if become_worker(connection) else None
    yield
    with psycopg.connect(home.admin_url) as connection:
        connection.execute(words)


def become_worker(connection: Any) -> bool:
    connection.execute("select internal.act_as(%s, null, 'worker')", (PEOPLE["owner"].business_id,))
    return True


@pytest.fixture
def hand(home: Any, signer: Any) -> Any:
    def call(who: str, statement: str, *values: Any) -> Any:
        with psycopg.connect(home.admin_url, row_factory=namedtuple_row) as connection:
            become(connection, signer, who)
            return connection.execute(statement, values).fetchone()

    return call


@pytest.fixture
def ticket(hand: Any) -> UUID:
    """A visit of Tess's in some days, for somebody who has an address."""
    contact = hand("office", "select id from api.contact_create('person', 'Cleo Ünal', null, 'cleo@example.com')").id
    return hand(
        "office", "select id from api.ticket_create(%s, null, now() + interval '20 days', now() + interval '481 hours', %s::uuid[], %s::uuid[], null, 'a test')",
        contact, [PEOPLE["technician"].member_id], [PANES],
    ).id  # fmt: skip


async def work_off(settings: Any, admin: Any, mailer: Smtp, message_id: Any) -> None:
    """The job of one mail, now; those of others stay where they are."""
    admin.execute(
        "update internal.job_queue q set run_at = case when j.payload ->> 'message_id' = %s then clock_timestamp() else '2100-01-01' end "
        "from crm.job j where j.id = q.job_id",
        (str(message_id),),
    )
    admin.commit()
    while await worker.round_once(worker.Tools(settings, mailer)):
        pass


def text_of(mail: Message) -> str:
    (text,) = (part for part in mail.walk() if part.get_content_type() == "text/plain")
    return text.get_payload(decode=True).decode()


def message_of(admin: Any, message_id: Any) -> Any:
    row = admin.execute("select * from crm.message where id = %s", (message_id,)).fetchone()
    admin.commit()
    return row


async def test_the_mail_that_asks_brings_a_link_that_answers(settings, browse, admin, postbox, hand, ticket):
    message = hand("office", "select id from api.ticket_confirmation_ask(%s)", ticket)
    async with postbox.up():
        await work_off(settings, admin, smtp(postbox), message.id)
        await work_off(settings, admin, smtp(postbox), message.id)
    ((recipients, mail),) = postbox.envelopes
    assert recipients == ["cleo@example.com"]
    assert (mail["From"], mail["Reply-To"]) == ("Tidy Windows <no-reply@tidy.test>", "hello@tidy.test")
    assert mail["Message-ID"] == f"<{message.id}@tidy.test>"
    assert mail["List-Unsubscribe"] is None
    assert mail["Subject"].startswith("Tidy Windows: does ")
    text = text_of(mail)
    for words in (
        "Hello Cleo Ünal,",
        "What: Exterior windows",
        "Who comes: Tess",
        "call us: (256) 555-0100",
        "\r\nTidy Windows\r\n",
    ):
        assert words in text
    (file,) = (part for part in mail.walk() if part.get_content_type() == "text/calendar")
    assert (file.get_filename(), file.get_param("method")) == ("visit.ics", "PUBLISH")
    (event,) = Calendar.from_ical(file.get_payload(decode=True)).walk("VEVENT")
    assert (str(event["UID"]).partition("@")[0], event["STATUS"]) == (str(ticket), "TENTATIVE")
    assert None not in (text, mail["Subject"])
    path = re.search(r"^http://localhost:8000(/c/[\w-]{43})\r$", text, re.MULTILINE)[1]
    kept = message_of(admin, message.id)
    assert (kept.status, kept.subject) == ("sent", mail["Subject"])
    assert path not in kept.body
    assert kept.body.replace("(a link for them alone)", f"http://localhost:8000{path}") == text.replace("\r\n", "\n")
    browser = await browse()
    html = await (await browser.get(path)).get_data(as_text=True)
    seen = re.search(r'name="starts_at" value="([^"]+)"', html)[1]
    assert (await browser.post(f"{path}/answer", answer="confirmed", starts_at=seen)).status_code == 303
    assert hand("owner", "select confirmation from crm.ticket where id = %s", ticket).confirmation == "confirmed"
    follow_up = hand(
        "owner",
        "select status, cancel_reason from crm.message where ticket_id = %s and kind = 'confirmation_follow_up'",
        ticket,
    )
    assert follow_up == ("cancelled", "They have answered.")


async def test_a_mail_server_that_is_away_and_comes_back_badly(settings, admin, postbox, hand, ticket):
    message = hand("office", "select id from api.ticket_confirmation_ask(%s)", ticket)
    ours = smtp(postbox)
    await work_off(settings, admin, ours, message.id)
    waiting = message_of(admin, message.id)
    assert (waiting.status, waiting.last_error) == ("pending", "The mail server cannot be reached (SMTPConnectError).")
    async with postbox.up():
        postbox.mode = "drop"  # takes the mail and hangs up
        await work_off(settings, admin, ours, message.id)
        postbox.mode = "ok"
        await work_off(settings, admin, ours, message.id)
    assert [mail["Message-ID"] for _, mail in postbox.envelopes] == [f"<{message.id}@tidy.test>"] * 2
    assert message_of(admin, message.id).status == "sent"
    links = hand(
        "owner",
        "select count(*) as n from crm.message m where m.ticket_id = %s and m.kind = 'confirmation_follow_up'",
        ticket,
    )
    assert links.n == 1
    # Whichever of the two arrived: both links are good.
    tokens = {re.search(r"/c/([\w-]{43})", text_of(mail))[1] for _, mail in postbox.envelopes}
    assert len(tokens) == 2


async def test_an_address_that_is_refused_fails_visibly_and_can_be_tried_again(
    settings, admin, browse, postbox, hand, ticket
):
    message = hand("office", "select id from api.ticket_confirmation_ask(%s)", ticket)
    async with postbox.up():
        postbox.mode = "550"
        await work_off(settings, admin, smtp(postbox), message.id)
        failed = message_of(admin, message.id)
        assert (failed.status, failed.last_error) == ("failed", "The address was refused (550).")
        office = await browse("office")
        assert "The address was refused (550)." in await (await office.get(f"/messages/{message.id}")).get_data(
            as_text=True
        )
        postbox.mode = "ok"
        assert (await office.post(f"/messages/{message.id}/sending")).status_code == 303
        await work_off(settings, admin, smtp(postbox), message.id)
    assert message_of(admin, message.id).status == "sent"


async def test_what_was_cancelled_between_two_tries_is_not_sent(settings, admin, postbox, hand, ticket):
    message = hand("office", "select id from api.ticket_confirmation_ask(%s)", ticket)
    await work_off(settings, admin, smtp(postbox), message.id)
    hand("office", "select api.ticket_cancel(%s, 'rain')", ticket)
    async with postbox.up():
        await work_off(settings, admin, smtp(postbox), message.id)
    assert postbox.envelopes == []
    assert message_of(admin, message.id).status == "cancelled"


async def test_a_job_of_an_earlier_time_sends_nothing(settings, admin, postbox, hand, ticket):
    reminder = hand("owner", "select * from crm.message where ticket_id = %s and kind = 'reminder'", ticket)
    async with postbox.up():
        hand("office", "select id from api.message_send(%s)", reminder.id)
        hand("office", "select id from api.message_send(%s)", reminder.id)
        await work_off(settings, admin, smtp(postbox), reminder.id)
    assert len(postbox.envelopes) == 1
    assert (
        hand("owner", "select count(*) as n from crm.job where kind = 'message' and key like %s", f"{reminder.id}%").n
        == 3
    )


async def test_a_job_that_comes_early_leaves_the_mail_for_its_time(settings, admin, postbox, hand, ticket):
    reminder = hand("owner", "select * from crm.message where ticket_id = %s and kind = 'reminder'", ticket)
    async with postbox.up():
        await work_off_once(settings, admin, smtp(postbox), reminder.id)
    assert postbox.envelopes == []
    left = admin.execute(
        "select q.run_at from internal.job_queue q join crm.job j on j.id = q.job_id where j.payload ->> 'message_id' = %s",
        (str(reminder.id),),
    ).fetchall()
    assert [row.run_at for row in left] == [reminder.send_at]


async def work_off_once(settings: Any, admin: Any, mailer: Smtp, message_id: Any) -> None:
    admin.execute(
        "update internal.job_queue q set run_at = case when j.payload ->> 'message_id' = %s then clock_timestamp() else '2100-01-01' end "
        "from crm.job j where j.id = q.job_id", (str(message_id),),
    )  # fmt: skip
    admin.commit()
    await worker.round_once(worker.Tools(settings, mailer))


# ---- outreach -----------------------------------------------------------------------------------------


@pytest.fixture
def outreach(hand: Any) -> Any:
    contact = hand(
        "office", "select id from api.contact_create('person', 'Otto Outreach', null, 'otto@example.com')"
    ).id
    return hand(
        "office", "insert into crm.message (contact_id, kind, send_at, reason) values (%s, 'outreach', now(), 'Asked for.') returning *", contact
    )  # fmt: skip


async def test_outreach_can_be_ended_with_one_click_by_the_mail_program(settings, admin, app, postbox, hand, outreach):
    async with postbox.up():
        await work_off(settings, admin, smtp(postbox), outreach.id)
    ((_, mail),) = postbox.envelopes
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    path = re.fullmatch(r"<http://localhost:8000(/c/[\w-]{43}/unsubscribe)>", mail["List-Unsubscribe"])[1]
    assert path.removesuffix("/unsubscribe") in text_of(mail)
    program = app.test_client()  # it says nothing of where it comes from, and keeps no cookies
    assert (await program.get(path, headers={"Host": "localhost:8000"})).status_code == 200
    consent = lambda: hand("owner", "select consent from crm.contact where id = %s", outreach.contact_id).consent  # noqa: E731
    assert consent() == "not_asked", "opening it ends nothing"
    for _ in range(2):
        answer = await program.post(path, form={"List-Unsubscribe": "One-Click"}, headers={"Host": "localhost:8000"})
        assert (answer.status_code, await answer.get_data()) == (200, b"")
        assert consent() == "unsubscribed"
    entry = hand(
        "owner",
        "select kind, grant_id from crm.audit_entry where row_id = %s and new ->> 'consent' = 'unsubscribed'",
        str(outreach.contact_id),
    )
    assert (entry.kind, entry.grant_id is not None) == ("link", True)


async def test_the_page_of_a_link_that_unsubscribes(settings, admin, browse, postbox, hand, outreach):
    async with postbox.up():
        await work_off(settings, admin, smtp(postbox), outreach.id)
    path = re.search(r"/c/[\w-]{43}", text_of(postbox.envelopes[0][1]))[0]
    browser = await browse()
    assert (await browser.get(path)).location == f"{path}/unsubscribe"
    assert "No more such mails" in await (await browser.get(f"{path}/unsubscribe")).get_data(as_text=True)
    # Merged with somebody meanwhile: whoever they are now is not written to any more.
    other = hand("office", "select id from api.contact_create('person', 'Otto O.', null, 'otto@example.com')").id
    hand("office", "select * from api.contact_merge(%s, %s, '{}')", other, outreach.contact_id)
    assert (await browser.post(f"{path}/unsubscribe")).status_code == 303
    assert "We do not write to you any more" in await (await browser.get(f"{path}/unsubscribe")).get_data(as_text=True)
    assert hand("owner", "select consent from crm.contact where id = %s", other).consent == "unsubscribed"
    assert (await browser.post(f"{path}/answer", answer="declined")).status_code == 404


async def test_who_unsubscribed_or_has_a_visit_ahead_is_not_asked_whether_it_is_time(
    settings, admin, postbox, hand, outreach
):
    hand(
        "office", "select id from api.ticket_create(%s, null, now() + interval '9 days', now() + interval '217 hours')", outreach.contact_id
    )  # fmt: skip
    async with postbox.up():
        await work_off(settings, admin, smtp(postbox), outreach.id)
    assert postbox.envelopes == []
    assert message_of(admin, outreach.id).cancel_reason == "They have a visit ahead already."
