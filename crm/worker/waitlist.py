"""The waitlist when nobody presses a button: an offer runs out, the next one is asked, a wish is past."""

from typing import TYPE_CHECKING
from uuid import UUID

from crm import db

if TYPE_CHECKING:
    from crm.worker import Job, Tools


async def run_out(job: "Job", tools: "Tools") -> None:
    await db.scalar("waitlist_offer_run_out", waitlist_offer_id=UUID(job.payload["waitlist_offer_id"]))


async def offer_next(job: "Job", tools: "Tools") -> None:
    await db.find("waitlist_offer_next", freed_slot_id=UUID(job.payload["freed_slot_id"]))


async def end(job: "Job", tools: "Tools") -> None:
    await db.scalar("waitlist_entry_expire", waitlist_entry_id=UUID(job.payload["waitlist_entry_id"]))
