"""Mail against a real server that accepts, refuses, hangs, hangs up, or is not there."""

import asyncio
import dataclasses
import email
import re
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email.message import Message
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, AuthResult

from crm import worker
from crm.clients import email as mail
from crm.clients.email import Mail, MailError, Smtp
from crm.config import ConfigError
from tests.conftest import PEOPLE

HELLO = Mail("pat@example.com", "Hello", "Words.\n", "0199-job")


class Postbox:
    """A mail server on loopback that does what `mode` says, and everything that reached it."""

    def __init__(self) -> None:
        self.mode = "ok"
        self.envelopes: list[tuple[list[str], Message]] = []
        self.connections = 0
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]

    def url(self, scheme: str = "smtp+plain", user: str = "") -> str:
        return f"{scheme}://{user}127.0.0.1:{self.port}"

    @asynccontextmanager
    async def up(self, **options: Any) -> AsyncIterator["Postbox"]:
        loop = asyncio.get_running_loop()
        transports: list[asyncio.Transport] = []

        def serve() -> asyncio.Protocol:
            self.connections += 1
            if self.mode.startswith("greet"):
                return Greeting(self.mode.removeprefix("greet"), transports)
            session = SMTP(self, hostname="mail.test", loop=loop, **options)
            transports.append(session)  # type: ignore[arg-type]
            return session

        server = await loop.create_server(serve, "127.0.0.1", self.port)
        try:
            yield self
        finally:
            server.close()
            for one in transports:
                if transport := getattr(one, "transport", one):
                    transport.abort()

    async def handle_MAIL(self, server: SMTP, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        if self.mode == "sender 550":
            return "550 5.7.1 we do not know you"
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server: SMTP, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        if self.mode in ("450", "550"):
            return f"{self.mode} not now" if self.mode == "450" else "550 5.1.1 nobody here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Any) -> str:  # noqa: N802
        if self.mode.startswith("data "):
            return f"{self.mode[5:]} said so"
        self.envelopes.append((list(envelope.rcpt_tos), email.message_from_bytes(envelope.content)))
        if self.mode == "hang":
            await asyncio.sleep(60)
        if self.mode == "drop":
            server.transport.abort()
        return "250 OK"

    async def handle_QUIT(self, server: SMTP, session: Any, envelope: Any) -> str:  # noqa: N802
        if self.mode == "drop at the end":
            server.transport.abort()
        return "221 Bye"


class Greeting(asyncio.Protocol):
    """Says one line, or nothing, and then never anything."""

    def __init__(self, line: str, transports: list[Any]) -> None:
        self.line, self.transports = line.strip(), transports

    def connection_made(self, transport: Any) -> None:
        self.transports.append(transport)
        if self.line:
            transport.write(f"{self.line}\r\n".encode())


@pytest.fixture
def postbox(monkeypatch: pytest.MonkeyPatch) -> Postbox:
    monkeypatch.setattr(mail, "SECONDS", 0.3)
    return Postbox()


def smtp(postbox: Postbox, **more: str) -> Smtp:
    return Smtp(postbox.url(**more), "Tidy Windows <no-reply@tidy.test>")


# ---- what each answer means ---------------------------------------------------------------------------


async def test_a_mail_arrives_as_it_was_written(postbox):
    async with postbox.up():
        await smtp(postbox).send(dataclasses.replace(HELLO, subject="Grüße – 窓", text="Zeile 1\n.\nZeile 3 ü\n"))
    ((recipients, message),) = postbox.envelopes
    assert recipients == ["pat@example.com"]
    assert str(email.header.make_header(email.header.decode_header(message["Subject"]))) == "Grüße – 窓"
    assert message.get_payload(decode=True).decode() == "Zeile 1\r\n.\r\nZeile 3 ü\r\n"
    assert (message["From"], message["To"]) == ("Tidy Windows <no-reply@tidy.test>", "pat@example.com")
    assert message["Message-ID"] == "<0199-job@tidy.test>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message.get_all("Bcc") is None
    assert message.get_all("Cc") is None


@pytest.mark.parametrize(
    ("mode", "final", "arrived"),
    [
        ("450", False, 0),  # a mailbox that is busy
        ("550", True, 0),  # nobody of that name
        ("data 451", False, 0),  # greylisted, out of space, …
        ("data 554", True, 0),  # this mail will never be taken
        ("hang", False, 1),  # it has the mail and does not say so
        ("drop", False, 1),
        ("greet", False, 0),  # it does not even greet
        ("greet 421 too busy", False, 0),
        # What is wrong with us is not wrong with the mail: it waits until we have mended it.
        ("greet 554 no mail from your network", False, 0),
        ("sender 550", False, 0),
    ],
)
async def test_what_the_servers_answer_means(postbox, mode, final, arrived):
    async with postbox.up():
        postbox.mode = mode
        with pytest.raises(MailError) as failed:
            await smtp(postbox).send(HELLO)
    assert failed.value.final is final
    assert len(postbox.envelopes) == arrived
    assert "pat@example.com" not in str(failed.value), "the words are kept where people of the business read them"


async def test_nobody_there_is_no_reason_to_give_up(postbox):
    with pytest.raises(MailError) as failed:
        await smtp(postbox).send(HELLO)
    assert failed.value.final is False
    with pytest.raises(MailError) as failed:
        await smtp(postbox).check()
    assert failed.value.final is False


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")  # both ends are this machine
async def test_a_wrong_password_is_our_mistake_and_the_mail_waits(postbox):
    def refuse(*_: object) -> AuthResult:
        return AuthResult(success=False, handled=False, message="535 5.7.8 wrong")

    async with postbox.up(authenticator=refuse, auth_require_tls=False, auth_required=True):
        ours = smtp(postbox, user="crm:wrong-word@")
        with pytest.raises(MailError) as failed:
            await ours.send(HELLO)
        assert failed.value.final is False
        assert "wrong-word" not in str(failed.value)
        with pytest.raises(MailError):
            await ours.check()


async def test_a_connection_that_ends_after_the_mail_was_taken_is_no_failure(postbox):
    async with postbox.up():
        postbox.mode = "drop at the end"
        await smtp(postbox).send(HELLO)
    assert len(postbox.envelopes) == 1


async def test_a_second_try_of_one_job_carries_the_same_message_id(postbox):
    async with postbox.up():
        postbox.mode = "drop"
        with pytest.raises(MailError):
            await smtp(postbox).send(HELLO)
        postbox.mode = "ok"
        await smtp(postbox).send(HELLO)
    assert [message["Message-ID"] for _, message in postbox.envelopes] == ["<0199-job@tidy.test>"] * 2


# ---- nobody but the one ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        {"to": "a@b.test, evil@x.test"},
        {"to": "a@b.test,evil@x.test"},
        {"to": "a@b.test;evil@x.test"},
        {"to": "a@b.test evil@x.test"},
        {"to": "a@b.test\r\nBcc: evil@x.test"},
        {"to": "a@b.test\nRCPT TO:<evil@x.test>"},
        {"to": "Pat <a@b.test>"},
        {"to": "<a@b.test>"},
        {"to": "a@b.test>"},
        {"to": "a@b.test (evil)"},
        {"to": "a@"},
        {"to": "@b.test"},
        {"to": "nobody"},
        {"to": ""},
        {"subject": "Hello\r\nBcc: evil@x.test"},
        {"subject": "Hello\nX-Evil: 1"},
        {"subject": "Hello\r\n\r\nAnother body"},
        {"message_id": "x>\r\nBcc: evil@x.test"},
    ],
    ids=str,
)
async def test_what_is_not_exactly_one_address_or_one_line_is_never_sent(postbox, change):
    async with postbox.up():
        with pytest.raises(MailError) as failed:
            await smtp(postbox).send(dataclasses.replace(HELLO, **change))
    assert failed.value.final is True
    assert postbox.envelopes == []


# ---- never in the clear ------------------------------------------------------------------------------


async def test_a_server_without_tls_gets_neither_password_nor_mail(postbox):
    heard: list[str] = []

    def note(*arguments: Any) -> AuthResult:
        heard.append(str(arguments))
        return AuthResult(success=True)

    async with postbox.up(authenticator=note, auth_require_tls=False):
        for scheme in ("smtp", "smtps"):
            with pytest.raises(MailError) as failed:
                await smtp(postbox, scheme=scheme, user="crm:word@").send(HELLO)
            assert failed.value.final is False
    assert postbox.connections == 2
    assert (postbox.envelopes, heard) == ([], [])


@pytest.mark.parametrize(
    "url",
    [
        "smtp+plain://crm:s3cr3t@mail.example.com:25",
        "smtp+ssl://crm:s3cr3t@mail.example.com",
        "http://mail.example.com",
        "mail.example.com:587",
        "smtp://",
    ],
)
def test_an_address_that_would_send_in_the_clear_or_nowhere_is_refused_at_start(url):
    with pytest.raises(ConfigError) as refused:
        Smtp(url, "a@tidy.test")
    assert "CRM_SMTP_URL" in str(refused.value)
    assert "s3cr3t" not in str(refused.value)


# ---- through the queue -------------------------------------------------------------------------------


@pytest.fixture
async def no_limits(app: Any) -> None:
    """Other tests have asked for links from this network too."""
    async for key in app.config["VALKEY"].scan_iter("limit:*"):
        await app.config["VALKEY"].delete(key)


async def work_off(settings: Any, admin: Any, mailer: Smtp) -> None:
    """Do all that is due, and all that would be due later, once."""
    admin.execute("update internal.job_queue set run_at = clock_timestamp()")
    admin.commit()
    while await worker.round_once(worker.Tools(settings, mailer)):
        pass


def job_of(admin: Any, address: str) -> Any:
    """State and error of the newest sign-in mail to an address."""
    row = admin.execute(
        "select j.state, j.last_error, j.id from crm.sign_in_link l join crm.job j on j.key = l.id::text "
        "where l.email = %s order by l.requested_at desc, l.id desc limit 1",
        (address,),
    ).fetchone()
    admin.commit()
    return row


@pytest.mark.usefixtures("no_limits")
async def test_a_sign_in_mail_waits_out_a_server_that_is_down(settings, browse, admin, postbox):
    address, browser = PEOPLE["technician"].email, await browse()
    assert (await browser.post("/auth/request", email=address)).status_code == 303
    ours = smtp(postbox)
    for _ in range(3):
        await work_off(settings, admin, ours)
        assert job_of(admin, address)[:2] == ("ready", "The mail server cannot be reached (SMTPConnectError).")
    async with postbox.up():
        postbox.mode = "drop"  # it comes back badly: takes the mail and hangs up
        await work_off(settings, admin, ours)
        assert job_of(admin, address).state == "ready"
        postbox.mode = "ok"
        await work_off(settings, admin, ours)
        await work_off(settings, admin, ours)
    state, error, job_id = job_of(admin, address)
    assert (state, error) == ("done", None)
    mine = [message for recipients, message in postbox.envelopes if recipients == [address]]
    assert [message["Message-ID"] for message in mine] == [f"<{job_id}@tidy.test>"] * 2
    code = re.search(r"code: (\d{6})", mine[-1].get_payload(decode=True).decode())[1]
    await browser.get("/auth/code")
    assert (await browser.post("/auth/verify", code=code)).status_code == 303
    assert (await browser.get("/contacts")).status_code == 200


@pytest.mark.usefixtures("no_limits")
async def test_a_refused_address_is_buried_with_the_reason_and_the_others_are_served(settings, browse, admin, postbox):
    address, other = PEOPLE["strange_office"].email, PEOPLE["strange_technician"].email
    assert (await (await browse()).post("/auth/request", email=address)).status_code == 303
    async with postbox.up():
        postbox.mode = "550"
        await work_off(settings, admin, smtp(postbox))
        assert job_of(admin, address)[:2] == ("dead", "The address was refused (550).")
        postbox.mode = "ok"
        assert (await (await browse()).post("/auth/request", email=other)).status_code == 303
        await work_off(settings, admin, smtp(postbox))
    assert job_of(admin, other).state == "done"
    reached = [recipients for recipients, _ in postbox.envelopes]
    assert [other] in reached
    assert [address] not in reached
