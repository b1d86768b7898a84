"""Mail out: SMTP, or the page /outbox when nothing is configured (`crm run`)."""

import json
import re
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import parseaddr
from typing import Any, Protocol
from urllib.parse import unquote, urlsplit

import aiosmtplib
from redis.asyncio import Redis

from crm.config import ConfigError

OUTBOX = "outbox"
SECONDS = 10


@dataclass(frozen=True)
class Mail:
    """One plain-text message to one address. `message_id` is the same at every try of one job.

    `sender` is the name it comes under, when that is not our own, `reply_to` where answers go. `unsubscribe` is where
    a program may post to end such mails (RFC 8058), `calendar` a file that calendars read.
    """

    to: str
    subject: str
    text: str
    message_id: str
    sender: str | None = None
    reply_to: str | None = None
    unsubscribe: str | None = None
    calendar: bytes | None = None


class MailError(RuntimeError):
    """Sending failed; `final` when trying again cannot help."""

    def __init__(self, message: str, *, final: bool) -> None:
        super().__init__(message)
        self.final = final


class Mailer(Protocol):
    async def send(self, mail: Mail) -> None:
        """Hand the mail over, or raise MailError."""


WIRE = SMTP.clone(cte_type="7bit")
URL = re.compile(r"https?://[\x21-\x3b\x3d\x3f-\x7e]{1,900}")
ADDRESS = re.compile(r"[^@\s,;:<>()\[\]\\\"]+@[a-z0-9-]+(\.[a-z0-9-]+)+")


def compose(mail: Mail, sender: str) -> EmailMessage:
    """The message as it goes out. One recipient exactly; anything else, and a line break in a header, is a ValueError."""
    if not ADDRESS.fullmatch(mail.to):
        raise ValueError("not exactly one address")
    name, address = parseaddr(sender)
    message = EmailMessage()
    message["From"] = Address(mail.sender or name, addr_spec=address)
    message["To"] = Address(addr_spec=mail.to)
    message["Subject"] = mail.subject
    message["Message-ID"] = f"<{mail.message_id}@{address.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    if mail.reply_to:
        message["Reply-To"] = Address(addr_spec=mail.reply_to)
    message.set_content(mail.text, cte="quoted-printable")
    if mail.calendar:
        message.add_attachment(
            mail.calendar, "text", "calendar", filename="visit.ics", params={"charset": "utf-8", "method": "PUBLISH"}
        )
    return message


def packed(mail: Mail, sender: str) -> bytes:
    """What goes over the wire, in seven bits. The address to unsubscribe at stays whole: folded as other headers are, mail
    programs would not know it for one."""
    body = compose(mail, sender).as_bytes(policy=WIRE)
    if mail.unsubscribe is None:
        return body
    if not URL.fullmatch(mail.unsubscribe):
        raise ValueError("not exactly one link")
    return (
        f"List-Unsubscribe: <{mail.unsubscribe}>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n".encode()
        + body
    )


class Smtp:
    """CRM_SMTP_URL: smtp://user:password@host:587 (STARTTLS), smtps://…:465, or smtp+plain:// on loopback."""

    def __init__(self, url: str, sender: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("smtp", "smtps", "smtp+plain") or not parts.hostname:
            raise ConfigError("CRM_SMTP_URL must be smtp://host:587 (STARTTLS) or smtps://host:465.")
        if parts.scheme == "smtp+plain" and parts.hostname not in ("localhost", "127.0.0.1", "::1"):
            raise ConfigError("CRM_SMTP_URL may be smtp+plain only on this machine: mail would travel in the clear.")
        self._sender = sender
        self._options: dict[str, Any] = {
            "hostname": parts.hostname,
            "port": parts.port or (465 if parts.scheme == "smtps" else 587),
            "username": unquote(parts.username) if parts.username else None,
            "password": unquote(parts.password) if parts.password else None,
            "use_tls": parts.scheme == "smtps",
            "start_tls": parts.scheme == "smtp",
            "tls_context": ssl.create_default_context(),
            "timeout": SECONDS,
        }

    async def send(self, mail: Mail) -> None:
        try:
            message = packed(mail, self._sender)
        except ValueError as error:
            raise MailError("The address cannot be written to.", final=True) from error
        try:
            await aiosmtplib.send(message, sender=parseaddr(self._sender)[1], recipients=[mail.to], **self._options)
        except aiosmtplib.SMTPRecipientsRefused as error:
            codes = [refused.code for refused in error.recipients]
            final = all(code >= 500 for code in codes)
            raise MailError(f"The address was refused ({codes[0]}).", final=final) from error
        except aiosmtplib.SMTPDataError as error:
            raise MailError(f"The mail server said {error.code}.", final=error.code >= 500) from error
        except aiosmtplib.SMTPResponseException as error:
            # A greeting, sign-in or sender that is refused is our own mistake: the mail waits until it is mended.
            raise MailError(f"The mail server said {error.code}.", final=False) from error
        except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
            raise MailError(f"The mail server cannot be reached ({type(error).__name__}).", final=False) from error

    async def check(self) -> None:
        """Raise MailError unless the server greets us."""
        client = aiosmtplib.SMTP(**self._options)
        try:
            async with client:
                await client.noop()
        except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
            raise MailError(f"CRM_SMTP_URL does not answer ({type(error).__name__}).", final=False) from error


class Outbox:
    """Keeps the last fifty messages for the page /outbox for a day. Nothing is sent."""

    def __init__(self, valkey: Redis) -> None:
        self._valkey = valkey

    async def send(self, mail: Mail) -> None:
        entry = {
            "to": mail.to,
            "subject": mail.subject,
            "text": mail.text,
            "at": datetime.now(UTC).isoformat(),
            "calendar": mail.calendar.decode() if mail.calendar else None,
        }
        async with self._valkey.pipeline() as pipe:
            pipe.lpush(OUTBOX, json.dumps(entry))
            pipe.ltrim(OUTBOX, 0, 49)
            pipe.expire(OUTBOX, 86_400)
            await pipe.execute()

    async def list(self) -> list[dict[str, Any]]:
        return [json.loads(entry) for entry in await self._valkey.lrange(OUTBOX, 0, -1)]
