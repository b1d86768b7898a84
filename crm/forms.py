"""What people typed: read, tidied, and shown again when a rule refuses it."""

import re
import unicodedata
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, time
from functools import wraps
from typing import Any
from uuid import UUID

from quart import Response, g, request

from crm import money, timezone
from crm.errors import Refused
from crm.language import say

UNREADABLE = "Choose from the list."


class Form:
    """The submitted fields by name, or a row's columns when nothing was submitted yet."""

    def __init__(self, row: Any = None, **defaults: Any) -> None:
        self._row, self._defaults = row, defaults
        self._preferred: dict[str, Any] = {}
        self._partial = False
        self._submitted: dict[str, str] | None = g.get("submitted")
        self.errors = {name: say(message) for name, message in (g.get("errors") or {}).items()}

    def __getitem__(self, name: str) -> Any:
        if self._submitted is not None:
            return self._submitted.get(name, self._defaults.get(name, "") if self._partial else "")
        if name in self._preferred:
            return self._preferred[name]
        value = getattr(self._row, name, None) if self._row is not None else None
        return self._defaults.get(name, "") if value is None else value

    def prefer(self, name: str, value: Any = None) -> None:
        """Show this, or the default of that name, rather than the row's column."""
        self._preferred[name] = self._defaults.get(name, "") if value is None else value

    def fill(self) -> None:
        """What sends only some of the fields, such as a drag, leaves the others as the defaults have them."""
        self._partial = True

    def error(self, name: str) -> str | None:
        return self.errors.get(name)


def refusals(form: Callable[..., Awaitable[Response]]) -> Callable[..., Any]:
    """For a view that takes a form: when a rule refuses, show `form` again with every word kept. A queue gets the sentence alone."""

    def decorate(view: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        @wraps(view)
        async def wrapped(**arguments: Any) -> Any:
            try:
                return await view(**arguments)
            except Refused as refused:
                if refused.status != 422 or is_replay():
                    raise
                g.submitted = dict((await request.form).items())
                message = f"{refused.message} {refused.hint}".strip()
                g.errors = {refused.field or "": message}
                return await form(**arguments)

        return wrapped

    return decorate


def refuse(field: str, message: str) -> Refused:
    """A field that cannot even be read."""
    return Refused(f"{field}_is_readable", message, field=field)


async def text(name: str) -> str | None:
    """One line or more, trimmed and in composed form; None when empty. NUL and lone surrogates are refused."""
    value = (await request.form).get(name, "")
    if "\0" in value or any(0xD800 <= ord(c) <= 0xDFFF for c in value):
        raise refuse(name, "This has a character that cannot be stored. Type it again.")
    value = unicodedata.normalize("NFC", value).replace("\r\n", "\n").strip()
    return value or None


async def flag(name: str) -> bool:
    return bool((await request.form).get(name))


async def whole(name: str, what: str) -> int | None:
    value = await text(name)
    if value is None:
        return None
    if not re.fullmatch(r"-?[0-9]{1,8}", value):
        raise refuse(name, f"Enter {what} as a whole number.")
    return int(value)


async def amount(name: str) -> int | None:
    """Money in minor units of the business's currency."""
    value = await text(name)
    if value is None:
        return None
    try:
        return money.parse(value, g.session.currency)
    except ValueError:
        raise refuse(name, f"Enter an amount such as {money.plain(123450, g.session.currency)}.") from None


async def decimal(name: str) -> str | None:
    """A number with at most two decimals, as text for PostgreSQL's numeric."""
    value = await text(name)
    if value is None:
        return None
    value = value.replace(",", ".") if value.count(",") == 1 and "." not in value else value
    whole_part, _, fraction = value.partition(".")
    digits = whole_part + fraction
    if not digits.isascii() or not digits.isdigit() or len(whole_part) > 8 or len(fraction) > 2:
        raise refuse(name, "Enter a number such as 24 or 1.5.")
    return value


async def basis_points(name: str) -> int | None:
    """A percentage with at most two decimals, in hundredths of a percent."""
    value = await decimal(name)
    if value is None:
        return None
    whole_part, _, fraction = value.partition(".")
    if len(whole_part) > 6:
        raise refuse(name, "Tax is a percentage between 0 and 100.")
    return int(whole_part or "0") * 100 + int((fraction + "00")[:2])


async def identifier(name: str, message: str = UNREADABLE) -> UUID | None:
    value = await text(name)
    if value is None:
        return None
    if (found := identifier_of(value)) is None:
        raise refuse(name, message)
    return found


async def identifiers(name: str) -> list[UUID]:
    """All that was ticked under this name; one that cannot be read is refused."""
    found = [identifier_of(value) for value in (await request.form).getlist(name)]
    if None in found:
        raise refuse(name, UNREADABLE)
    return [each for each in found if each]


async def ticked(*names: str) -> set[str]:
    """What was ticked under these names in a form that was refused."""
    form = await request.form
    return {value for name in names for value in form.getlist(name)}


def identifier_of(value: str) -> UUID | None:
    try:
        return UUID(value)
    except ValueError:
        return None


async def instant(name: str) -> datetime | None:
    """A `datetime-local` field in the business's zone."""
    value = await text(name)
    if value is None:
        return None
    try:
        wall = datetime.fromisoformat(value)
    except ValueError:
        raise refuse(name, "Enter a date and time such as 2026-11-23 14:30.") from None
    if not 1900 <= wall.year < 2200 or wall.tzinfo:
        raise refuse(name, "Choose a date between 1900 and 2200.")
    return timezone.from_wall(wall.date(), time(wall.hour, wall.minute), g.session.time_zone)


def is_replay() -> bool:
    """The service worker sends what waited on a phone: nobody looks at the answer."""
    return request.headers.get("X-Offline") == "replay"


async def sent() -> dict[str, Any]:
    """What a phone says of what it kept until there was a connection: the id it gave to it, and when it happened."""
    value, happened_at = await text("happened_at"), None
    if value is not None:
        try:
            happened_at = datetime.fromisoformat(value)
            # Without its zone nobody knows when that was: our own clock is in another one than the phone's.
            happened_at = happened_at.astimezone(UTC) if happened_at.tzinfo else None
        except (ValueError, OverflowError):
            happened_at = None
        if happened_at is None:
            raise refuse("", "The time at which this happened cannot be read. Enter it anew.")
    return {"action_id": await identifier("action_id"), "happened_at": happened_at}


async def hours(name: str) -> int:
    """A duration such as 1:30, 1.5 or 90 min, in minutes."""
    try:
        return minutes_of(await text(name) or "")
    except ValueError:
        raise refuse(name, "Enter how long it takes, such as 1:30.") from None


def minutes_of(typed: str) -> int:
    """1:30, 1.5, 1,5 h or 90 min in minutes. Raises ValueError."""
    if found := re.fullmatch(r"(\d{1,2}):([0-5]\d)", typed):
        return int(found[1]) * 60 + int(found[2])
    if found := re.fullmatch(r"(\d{1,4})\s*min", typed):
        return int(found[1])
    if found := re.fullmatch(r"(\d{1,2})(?:[.,](\d{1,2}))?\s*h?", typed):
        return int(found[1]) * 60 + round(float(f"0.{found[2] or 0}") * 60)
    raise ValueError(typed)


async def day(name: str) -> date | None:
    """A `date` field."""
    value = await text(name)
    if value is None:
        return None
    try:
        found = date.fromisoformat(value)
    except ValueError:
        raise refuse(name, "Enter a date such as 2026-11-23.") from None
    if not 1900 <= found.year < 2200:
        raise refuse(name, "Choose a date between 1900 and 2200.")
    return found


async def clock(name: str) -> time | None:
    """A `time` field: what a clock on the wall shows."""
    value = await text(name)
    if value is None:
        return None
    found = re.fullmatch(r"([01]?\d|2[0-3])[:.]([0-5]\d)(?::[0-5]\d)?", value)
    if not found:
        raise refuse(name, "Enter a time such as 14:30.")
    return time(int(found[1]), int(found[2]))


def query_identifier(name: str) -> UUID | None:
    """An id from the URL; anything unreadable is as good as none."""
    return identifier_of(request.args.get(name, ""))


def query_date(name: str) -> date | None:
    """A date from the URL; anything unreadable is as good as none."""
    return date_of(request.args.get(name, ""))


def date_of(value: str) -> date | None:
    try:
        found = date.fromisoformat(value)
    except ValueError:
        return None
    return found if 1900 <= found.year < 2200 else None
