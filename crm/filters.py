"""How values look to people: Jinja filters. The zone and currency are the business's own."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, pass_context
from jinja2.runtime import Context

from crm import money, timezone


@pass_context
def clock(context: Context, at: datetime | None) -> str:
    """14:05 in the business's zone."""
    return timezone.local(at, context["zone"]).strftime("%H:%M") if at else ""


@pass_context
def day(context: Context, at: datetime | date | None) -> str:
    """Mon 23 Nov 2026 in the business's zone."""
    if at is None:
        return ""
    at = timezone.local(at, context["zone"]) if isinstance(at, datetime) else at
    return f"{at:%a} {at.day} {at:%b %Y}"


@pass_context
def short_day(context: Context, at: datetime | date | None) -> str:
    """Mon 23 Nov."""
    if at is None:
        return ""
    at = timezone.local(at, context["zone"]) if isinstance(at, datetime) else at
    return f"{at:%a} {at.day} {at:%b}"


@pass_context
def money_shown(context: Context, minor: int | None, currency: str | None = None) -> str:
    return "" if minor is None else money.show(minor, currency or context["currency"])


@pass_context
def money_plain(context: Context, minor: int | None) -> str:
    return "" if minor is None else money.plain(minor, context["currency"])


@pass_context
def input_time(context: Context, at: datetime | None) -> str:
    """For `datetime-local` fields, in the business's zone."""
    return timezone.local(at, context["zone"]).strftime("%Y-%m-%dT%H:%M") if at else ""


def quantity(value: Decimal | int) -> str:
    """24 or 1.5, never 24.00."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def percent(basis_points: int | None) -> str:
    return "" if basis_points is None else quantity(Decimal(basis_points) / 100)


def duration(minutes: int) -> str:
    """90 → 1 h 30 min."""
    hours, rest = divmod(int(minutes), 60)
    return " ".join(
        part for part in (f"{hours} h" if hours else "", f"{rest} min" if rest or not hours else "") if part
    )


def tel(phone: str) -> str:
    """A link that a phone can dial."""
    return "tel:" + quote("".join(c for c in phone if c.isdigit() or c == "+"), safe="+")


def route(*parts: str | None) -> str:
    """A link that opens the phone's map application on the way there."""
    return "https://www.google.com/maps/dir/?api=1&destination=" + quote(", ".join(p for p in parts if p))


def address_line(row: Any) -> str:
    return ", ".join(part for part in (row.street, row.city) if part)


def register(env: Environment) -> None:
    env.filters.update(
        clock=clock, day=day, short_day=short_day, money=money_shown, money_plain=money_plain, input_time=input_time,
        quantity=quantity, percent=percent, duration=duration, tel=tel,
    )  # fmt: skip
    env.globals.update(route=route, address_line=address_line, zip_same=lambda values: [(v, v) for v in values])
