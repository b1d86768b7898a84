"""What a customer says to a visit: asked by mail, written down by hand, withdrawn."""

from uuid import UUID

from quart import Blueprint, Response

from crm import db, forms
from crm.auth.middleware import after

blueprint = Blueprint("confirmation", __name__)


@blueprint.post("/tickets/<uuid:ticket_id>/confirmation")
async def update(ticket_id: UUID) -> Response:
    """What they said on the phone."""
    await db.one("ticket_confirmation_set", ticket_id=ticket_id, confirmation=await forms.text("confirmation"))
    return after(f"/tickets/{ticket_id}", "Their answer is noted.")


@blueprint.post("/tickets/<uuid:ticket_id>/confirmation-mail")
async def ask(ticket_id: UUID) -> Response:
    await db.one("ticket_confirmation_ask", ticket_id=ticket_id)
    return after(f"/tickets/{ticket_id}", "The mail is on its way, or planned for the morning.")


@blueprint.post("/tickets/<uuid:ticket_id>/on-my-way")
async def on_my_way(ticket_id: UUID) -> Response:
    await db.one("ticket_on_my_way", ticket_id=ticket_id)
    return after(f"/tickets/{ticket_id}", "They are told that you are on the way.")


@blueprint.post("/tickets/<uuid:ticket_id>/link-withdrawal")
async def withdraw(ticket_id: UUID) -> Response:
    count = await db.scalar("ticket_link_revoke", ticket_id=ticket_id)
    return after(
        f"/tickets/{ticket_id}", "Their links open nothing any more." if count else "There was no link to withdraw."
    )
