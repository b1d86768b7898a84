"""Mail that the house sends of its own accord."""

from typing import TYPE_CHECKING
from uuid import UUID

from crm import PRODUCT, db
from crm.auth import link
from crm.clients.email import Mail

if TYPE_CHECKING:
    from crm.worker import Job, Tools

SIGN_IN = """\
Your code: {code}

Type it where you asked to sign in. Or open this link in the same browser:

{url}/auth/verify?token={token}

Both work once, for ten minutes. If you did not ask for this, do nothing: without the
code or the link nobody gets in.
"""

INVITATION = """\
Hello {name},

you can now use {product} for {business}, as {role}.

Sign in with this address: {url}/login
There is no password; you get a code by mail each time.
"""


async def sign_in(job: "Job", tools: "Tools") -> None:
    """Make the words of a link and send them. Nobody there, or too late: nothing is sent."""
    words = link.make()
    envelope = await db.find(
        "sign_in_link_issue",
        link_id=UUID(job.payload["link_id"]),
        token_hash=words.token_hash,
        code=words.code,
    )
    if envelope is None:
        return
    text = SIGN_IN.format(code=words.code, token=words.token, url=tools.settings.public_url)
    await tools.mailer.send(Mail(envelope.email, f"{words.code} is your {PRODUCT} code", text, str(job.id)))


async def invitation(job: "Job", tools: "Tools") -> None:
    member = await db.one("invitation_read", id=UUID(job.payload["member_id"]))
    text = INVITATION.format(
        name=member.name,
        business=member.business,
        role=member.role,
        product=PRODUCT,
        url=tools.settings.public_url,
    )
    await tools.mailer.send(Mail(member.email, f"{member.business} invites you to {PRODUCT}", text, str(job.id)))
