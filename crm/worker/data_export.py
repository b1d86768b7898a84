"""Everything a business owns, written out a thousand rows a job."""

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from crm import db
from crm.book.writer import csv_lines
from crm.errors import Refused

if TYPE_CHECKING:
    from crm.worker import Job, Tools

PAGE = 1000
LEFT_OUT = ("business_id", "name_key", "phone_digits", "other_digits", "account_id")


async def write(job: "Job", tools: "Tools") -> None:
    """The next rows. An export that was removed meanwhile needs none."""
    data_export_id = UUID(job.payload["data_export_id"])
    work = await db.find("data_export_work", data_export_id=data_export_id)
    if work is None:
        return
    rows = await db.many("data_export_rows", noun=work.noun, after_id=work.after_id)
    lines = [{name: value for name, value in row.content.items() if name not in LEFT_OUT} for row in rows]
    await db.find(
        "data_export_part_add", data_export_id=data_export_id, number=work.number, rows=len(rows),
        last_id=rows[-1].id if rows else None, csv=as_csv(lines, header=work.after_id is None), json=as_json(lines),
        more=len(rows) == PAGE,
    )  # fmt: skip


async def remove(job: "Job", tools: "Tools") -> None:
    """A week later. Whoever removed it before was quicker."""
    try:
        await db.one("data_export_remove", data_export_id=UUID(job.payload["data_export_id"]))
    except Refused as refused:
        if refused.status != 404:
            raise


def as_csv(rows: Sequence[dict[str, Any]], *, header: bool) -> bytes:
    """Lines that a spreadsheet opens and runs nothing of; the names of the columns come once, before the first."""
    names = [list(rows[0])] if rows and header else []
    return csv_lines([*names, *([cell(value) for value in row.values()] for row in rows)])


def cell(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def as_json(rows: Sequence[dict[str, Any]]) -> bytes:
    """Objects between commas; the brackets around all of them come with the file."""
    return ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows).encode()
