"""Where visits stand in the calendar: rows of a grid of quarters of an hour, cells of a week. Zones are the business's."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from crm import timezone

QUARTER = 15  # minutes of a row of the day's grid
HOURS = (8, 17)  # what the grid shows at least


def span(first: date, days: int, zone: str) -> tuple[datetime, datetime]:
    """From the first midnight until the last."""
    return timezone.from_wall(first, time(), zone), timezone.from_wall(first + timedelta(days=days), time(), zone)


def hours(visits: Iterable[Any], zone: str) -> tuple[int, int]:
    """The hours of the grid: a working day, and as far as there are visits."""
    first, last = HOURS
    for visit in visits:
        start, end = timezone.local(visit.starts_at, zone), timezone.local(visit.ends_at, zone)
        over = end.date() > start.date()
        first, last = min(first, start.hour), 24 if over else max(last, end.hour + (end.minute > 0))
    return first, last


def people(members: Iterable[Any], only: UUID | None) -> dict[UUID | None, str | None]:
    """Who has a column or a row even without a visit: nobody first, then the technicians; or only one of them."""
    nobody: dict[UUID | None, str | None] = {} if only else {None: None}
    return nobody | {each.id: each.name for each in members if each.role == "technician" and only in (None, each.id)}


def columns(visits: Iterable[Any], shown: dict[UUID | None, str | None], first: int, zone: str) -> list[dict[str, Any]]:
    """A column for each of these and each who has visits: of a visit, in which row of the grid it begins, and how many it takes."""
    found: dict[UUID | None, dict[str, Any]] = {
        id_: {"id": id_, "name": name, "visits": []} for id_, name in shown.items()
    }
    for visit in visits:
        start = timezone.local(visit.starts_at, zone)
        row = ((start.hour - first) * 60 + start.minute) // QUARTER + 1
        minutes = int((visit.ends_at - visit.starts_at).total_seconds() // 60)
        rows = max(2, min(-(-minutes // QUARTER), 96 - row + 1))
        column = found.setdefault(visit.member_id, {"id": visit.member_id, "name": visit.technician, "visits": []})
        column["visits"].append((visit, row, rows))
    return list(found.values())


def rows(
    visits: Iterable[Any], shown: dict[UUID | None, str | None], days: list[date], off: list[Any], zone: str
) -> list[dict[str, Any]]:
    """A row for each of these and each who has visits: of each day its visits, or why there are none."""
    names = dict(shown)
    cells: dict[tuple[UUID | None, date], list[Any]] = {}
    for place, cell in groupby(visits, key=lambda each: (each.member_id, each.day)):
        cells[place] = seen = list(cell)
        names.setdefault(place[0], seen[0].technician)
    return [
        {
            "id": id_,
            "name": name,
            "cells": [(day, cells.get((id_, day)), away(id_, day, off, zone)) for day in days],
        }
        for id_, name in names.items()
    ]


def away(member_id: UUID | None, day: date, off: list[Any], zone: str) -> str:
    """Why somebody is away for the whole of a day, or nobody works; or nothing."""
    from_at, to_at = span(day, 1, zone)
    for each in off:
        if each.member_id in (None, member_id) and each.starts_at <= from_at and each.ends_at >= to_at:
            return each.reason or ("Time off" if each.member_id else "Closed")
    return ""
