"""What the forms of a repeating visit say, as the database is told it."""

import json
from datetime import date, datetime
from typing import Any
from uuid import UUID

from quart import request

from crm import db, forms

OFTEN = {
    "week-1": "Every week", "week-2": "Every 2 weeks", "week-4": "Every 4 weeks", "month-1": "Every month", "custom": "In another way",
}  # fmt: skip


async def wished(**visit: Any) -> dict[str, Any] | None:
    """What a booking form says of a visit that repeats; None of one that does not."""
    often = await forms.text("repeats")
    if often is None:
        return None
    if often not in OFTEN:
        raise forms.refuse("repeats", forms.UNREADABLE)
    on, at = await _wall("starts_at")
    values = {**await _rule(None), "on": on, "starts_at": at}
    if often != "custom":
        unit, _, every = often.partition("-")
        values |= {"unit": unit, "every": int(every), "weekdays": None, "monthly_by": None, "nth": None, "rrule": None}
    return values | {
        "minutes": await forms.hours("hours") if await forms.text("hours") else None,
        "services": _services(await forms.identifiers("service_ids"), []), "member_ids": await forms.identifiers("member_ids"),
        "address_id": await forms.identifier("address_id"), "instructions": await forms.text("instructions"),
        "arrival_minutes": await forms.whole("arrival_minutes", "the minutes"), **visit,
    }  # fmt: skip


async def changes(series: Any) -> dict[str, Any]:
    on, at = await _wall("starts_at")
    done = await db.many("series_services", series_id=series.id)
    return {
        "ticket_id": await forms.identifier("ticket_id"), "scope": await forms.text("scope"), "on": on, "starts_at": at,
        "minutes": await forms.hours("hours"), **await _rule(series), "address_id": await forms.identifier("address_id"),
        "member_ids": await forms.identifiers("member_ids"), "services": _services(await forms.identifiers("service_ids"), done),
        "instructions": await forms.text("instructions"), "move_by_hand": await forms.identifiers("move_by_hand"),
    }  # fmt: skip


async def _rule(series: Any) -> dict[str, Any]:
    """The fields of the rule. What the form shows of a month as it is means just that."""
    unit, by = await forms.text("unit") or "week", await forms.text("monthly_by")
    every, days = await forms.whole("every", "how often"), (await request.form).getlist("weekdays")
    if any(day not in "1234567" or len(day) != 1 for day in days):
        raise forms.refuse("weekdays", forms.UNREADABLE)
    weekdays, nth = [int(day) for day in days] if unit == "week" else None, None
    if series is not None and (unit, by) == (series.unit, series.monthly_by) and unit in ("month", "year"):
        weekdays, nth = series.weekdays, series.nth
    return {
        "unit": unit, "every": 1 if every is None else every, "weekdays": weekdays,
        "monthly_by": by if unit in ("month", "year") else None, "nth": nth, "until_on": await forms.day("until_on"),
        "count": await forms.whole("count", "how many visits"), "rrule": await forms.text("rrule"),
    }  # fmt: skip


async def _wall(name: str) -> tuple[date, Any]:
    """What a `datetime-local` field reads, whatever instant that is."""
    instant = await forms.instant(name)
    if instant is None:
        raise forms.refuse(name, "Choose a date and time.")
    wall = datetime.fromisoformat(await forms.text(name) or "")
    return wall.date(), wall.time().replace(second=0, microsecond=0)


def _services(chosen: list[UUID], known: list[Any]) -> str:
    """What is done, as the database is told: what was done before as much and at the same price, and then what is new."""
    kept = [row for row in known if row.id in chosen]
    new = [each for each in chosen if each not in {row.id for row in kept}]
    return json.dumps(
        [{"id": str(row.id), "quantity": str(row.quantity), "unit_price_minor": row.unit_price_minor} for row in kept]
        + [{"id": str(each)} for each in new]
    )
