"""Repeating visits, made a year ahead: each day the next ones, for fifty series a job."""

from typing import TYPE_CHECKING
from uuid import UUID

from crm import db

if TYPE_CHECKING:
    from crm.worker import Job, Tools


async def extend(job: "Job", tools: "Tools") -> None:
    """What another worker made meanwhile is there, and is not made again."""
    after = job.payload.get("after_id")
    await db.scalar("series_extend", after_id=UUID(after) if after else None)
