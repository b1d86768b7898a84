"""The worker: claims due work of any business, and does each piece inside that business's own context."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from crm import context, db
from crm.clients.email import Mailer, MailError
from crm.config import Settings
from crm.errors import Unavailable

log = logging.getLogger("crm.worker")

LEASE_SECONDS = 60
AT_ONCE = 5
POLL_SECONDS = 0.5


@dataclass(frozen=True)
class Job:
    """Claimed work, opened."""

    id: UUID
    payload: dict[str, Any]
    kind: str


@dataclass(frozen=True)
class Tools:
    """What handlers reach the outside with."""

    settings: Settings
    mailer: Mailer


Handler = Callable[[Job, Tools], Awaitable[None]]


class Final(RuntimeError):
    """The work cannot be done, now or later."""


def handlers() -> dict[str, Handler]:
    """One handler for each kind of job."""
    from crm.worker import contact_import, data_export, file, mail, message, series, waitlist

    return {
        "sign_in_mail": mail.sign_in, "invitation_mail": mail.invitation, "file_removal": file.removal,
        "contact_import": contact_import.apply, "contact_import_undo": contact_import.undo,
        "message": message.send, "data_export": data_export.write, "data_export_removal": data_export.remove,
        "series_horizon": series.extend,
        "waitlist_run_out": waitlist.run_out, "waitlist_next": waitlist.offer_next, "waitlist_end": waitlist.end,
    }  # fmt: skip


async def run(tools: Tools, stop: asyncio.Event) -> None:
    """Work until `stop` is set; then finish what is in hand."""
    known = handlers()
    while not stop.is_set():
        try:
            busy = await round_once(tools, known)
        except Unavailable as error:
            log.warning("%s", error)
            busy = False
        if not busy:
            try:
                await asyncio.wait_for(stop.wait(), POLL_SECONDS)
            except TimeoutError:
                continue


async def round_once(tools: Tools, known: dict[str, Handler] | None = None) -> bool:
    """Claim and do what is due. True when there was anything."""
    claims = await db.database().run(
        context.worker(), [db.call("job_claim", most=AT_ONCE, lease_seconds=LEASE_SECONDS)]
    )
    await asyncio.gather(*(_work(tools, known or handlers(), claim) for claim in claims[0]))
    return bool(claims[0])


async def _work(tools: Tools, known: dict[str, Handler], claim: Any) -> None:
    context.current.set(context.worker(claim.business_id, request_id=f"job-{claim.job_id}"))
    opened = await db.find("job_open", job_id=claim.job_id, lease=claim.lease)
    if opened is None:
        return  # lost, or buried
    job = Job(claim.job_id, opened.payload, opened.kind)
    facts = {"job": str(claim.job_id), "kind": opened.kind, "attempt": opened.attempt}
    try:
        async with asyncio.timeout(LEASE_SECONDS / 2):
            await known[opened.kind](job, tools)
    except Exception as error:
        final = isinstance(error, Final) or (isinstance(error, MailError) and error.final)
        words = str(error) if isinstance(error, Final | MailError | Unavailable) else type(error).__name__
        state = await db.scalar("job_fail", job_id=claim.job_id, lease=claim.lease, error=words, final=final)
        unknown = not isinstance(error, Final | MailError | Unavailable)
        log.warning("job failed", extra={**facts, "outcome": state}, exc_info=error if unknown else None)
        return
    await db.scalar("job_finish", job_id=claim.job_id, lease=claim.lease)
    log.info("job done", extra={**facts, "outcome": "done"})
