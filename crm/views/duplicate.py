"""Who may be in the book already, while somebody new is being written down."""

from quart import Blueprint, Response, request

from crm import db
from crm.render import render, wants_fragment

blueprint = Blueprint("duplicate", __name__)


@blueprint.get("/contacts/duplicates")
async def index() -> Response:
    """Contacts like the one in the form, each with its reasons."""
    given = {
        name: request.args.get(name, "").replace("\0", "").strip()[:120]
        for name in ("name", "phone", "email", "street")
    }
    found = await db.many("contact_duplicates", **given)
    part = "_found" if wants_fragment() else "index"
    return await render(f"duplicate/{part}", found=found)
