"""Who may be in the book already, while somebody new is being written down; and who may be in it twice."""

from typing import Any
from uuid import UUID

from quart import Blueprint, Response, request

from crm import db
from crm.render import render, wants_fragment

blueprint = Blueprint("duplicate", __name__)

PAGE = 20


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


@blueprint.get("/duplicates")
async def review() -> Response:
    """Contacts that may be one and the same, the likeliest first, a page at a time."""
    pairs = await db.many("duplicate_pairs", **_from(request.args.get("after", "")))
    last = pairs[PAGE - 1] if len(pairs) > PAGE else None
    more = f"{last.weight}|{last.contact_id}|{last.other_id}" if last else None
    return await render("duplicate/review", pairs=pairs[:PAGE], more=more)


def _from(after: str) -> dict[str, Any]:
    """Where a page begins, from the URL; from the top when that cannot be read."""
    weight, _, ids = after.partition("|")
    contact_id, _, other_id = ids.partition("|")
    try:
        return {"after_weight": int(weight[:4]), "after_id": UUID(contact_id), "after_other_id": UUID(other_id)}
    except ValueError:
        return {"after_weight": None, "after_id": None, "after_other_id": None}
