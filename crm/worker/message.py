"""Planned mail to customers, when its time has come."""

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from crm import calendar_file, context, db
from crm.auth import link
from crm.clients.email import Mail, MailError

if TYPE_CHECKING:
    from crm.worker import Job, Tools

# Mails that bring the visit along for a calendar, or take it out of one.
ATTACHED = ("confirmation", "confirmation_follow_up", "reminder", "cancellation")


async def send(job: "Job", tools: "Tools") -> None:
    """Ask whether it is still wanted, and send it. Its link is made here and stored nowhere but in the mail."""
    message_id, send_at = UUID(job.payload["message_id"]), datetime.fromisoformat(job.payload["send_at"])
    words = link.make()
    url = f"{tools.settings.public_url}/{'w' if job.payload.get('kind') == 'waitlist_offer' else 'c'}/{words.token}"
    ready = await db.find(
        "message_begin", message_id=message_id, send_at=send_at, token_hash=words.token_hash, link=url
    )
    if ready is None:
        return
    visit = None
    if ready.kind in ATTACHED:
        # As the customer will see it: by their link.
        customer = context.visitor(context.current.get().request_id, read_only=True)
        call = db.maybe("ticket_link_open", token_hash=words.token_hash, offers=False, languages=[])
        (visit,) = await db.database().run(customer, [call])
    mail = Mail(
        ready.email, ready.subject, ready.body, str(message_id), sender=ready.sender, reply_to=ready.reply_to,
        unsubscribe=f"{url}/unsubscribe" if ready.kind == "outreach" else None,
        calendar=calendar_file.of_visit(visit) if visit else None,
    )  # fmt: skip
    try:
        await tools.mailer.send(mail)
    except MailError as error:
        await db.find("message_not_sent", message_id=message_id, send_at=send_at, error=str(error))
        raise
    await db.find("message_sent", message_id=message_id, send_at=send_at)
