"""Two contacts that are one: looked at side by side, merged, and undone."""

from typing import Any
from uuid import UUID

from quart import Blueprint, Response, request

from crm import db, forms
from crm.auth.middleware import after
from crm.errors import Refused
from crm.forms import Form, refusals
from crm.render import render
from crm.views import search
from crm.views.contact import FIELDS, KINDS, LANGUAGES, METHODS, TIMES

blueprint = Blueprint("merge", __name__)

LABELS = {
    "kind": "Person or organisation", "name": "Name", "phone": "Phone", "other_phone": "Other phone", "email": "E-mail",
    "preferred_method": "Prefers", "preferred_time": "Best time", "language": "Language", "referred_by": "Sent by", "note": "Always good to know",
}  # fmt: skip
WORDS = {
    "kind": dict(KINDS),
    "preferred_method": dict(METHODS),
    "preferred_time": dict(TIMES),
    "language": dict(LANGUAGES),
}


@blueprint.get("/contacts/<uuid:contact_id>/merge")
async def who(contact_id: UUID) -> Response:
    """Who else is the same as this contact."""
    await db.require("contact_merge")
    q = search.typed()
    contact, contacts = await db.read(db.call("contact_read", contact_id=contact_id), search.contacts_for(q))
    others = [other for other in contacts if other.id != contact_id and not getattr(other, "merged_into", None)]
    return await render("merge/who", contact=contact, q=q, contacts=others, form=Form())


@blueprint.get("/contacts/<uuid:contact_id>/merge/<uuid:other_id>")
async def new(contact_id: UUID, other_id: UUID) -> Response:
    """Both side by side, and what would become of them."""
    kept, other, effect, said, mine, theirs, at, there = await db.read(
        db.call("contact_read", contact_id=contact_id),
        db.call("contact_read", contact_id=other_id),
        db.call("contact_merge_effect", contact_id=contact_id, other_id=other_id),
        db.maybe("not_duplicate_read", contact_id=contact_id, other_id=other_id),
        db.call("contact_attributes", contact_id=contact_id),
        db.call("contact_attributes", contact_id=other_id),
        db.call("contact_addresses", contact_id=contact_id),
        db.call("contact_addresses", contact_id=other_id),
    )
    choices, same = _fields(kept, other)
    facts = {fact.key: fact for fact in mine}
    choices += [
        (f"attribute:{fact.key}", fact.key.capitalize(), facts[fact.key].value, fact.value)
        for fact in theirs
        if fact.key in facts and fact.value != facts[fact.key].value
    ]
    # What only the other knows is taken unless somebody says otherwise.
    form = Form(**{name: "this" if this else "that" for name, _, this, _ in choices})
    return await render(
        "merge/new",
        kept=kept,
        other=other,
        effect=effect,
        said=said,
        choices=choices,
        same=same,
        form=form,
        at=at,
        there=there,
    )


async def _again(contact_id: UUID) -> Response:
    try:
        other_id = await forms.identifier("other_id", "Choose the other contact.")
    except Refused:  # what cannot be read is what was refused
        other_id = None
    return await new(contact_id, other_id) if other_id else await who(contact_id)


@blueprint.post("/contacts/<uuid:contact_id>/merges")
@refusals(_again)
async def create(contact_id: UUID) -> Response:
    """Make one of two; what was chosen is taken from the other."""
    other_id = await forms.identifier("other_id", "Choose the other contact.")
    if other_id is None:
        raise Refused("contact_merge_needs_two", "Choose the other contact.", field="")
    take = [name for name, value in (await request.form).items() if value == "that"]
    if any("\0" in name for name in take):
        raise Refused("contact_merge_takes_known_fields", "One of the things to take is not known.", field="")
    merged = await db.one("contact_merge", contact_id=contact_id, other_id=other_id, take=take)
    return after(f"/contacts/{contact_id}", f"{merged.other_name} was merged into {merged.name}.")


@blueprint.get("/merges/<uuid:change_set_id>")
async def show(change_set_id: UUID) -> Response:
    """What a merge did, and what was changed since, which keeps it from being undone."""
    merge, changes = await db.read(
        db.call("merge_read", change_set_id=change_set_id),
        db.call("contact_merge_changes", change_set_id=change_set_id),
    )
    return await render("merge/show", merge=merge, changes=changes, form=Form())


@blueprint.post("/merges/<uuid:change_set_id>/undo")
@refusals(show)
async def undo(change_set_id: UUID) -> Response:
    merge = await db.one("merge_read", change_set_id=change_set_id)
    await db.one("contact_merge_undo", change_set_id=change_set_id)
    return after(f"/contacts/{merge.contact_id}", f"Undone: {merge.name} and {merge.other_name} are two again.")


def _fields(kept: Any, other: Any) -> tuple[list[tuple[str, str, str, str]], list[tuple[str, str]]]:
    """What they say differently, (name, label, here, there); and what they say alike, (label, value)."""
    choices, same = [], []
    for name in ("name", *(field for field in FIELDS if field != "name")):
        this, that = (
            WORDS.get(name, {}).get(value, value) if (value := getattr(row, name)) else "" for row in (kept, other)
        )
        if this != that:
            choices.append((name, LABELS[name], this, that))
        elif this:
            same.append((LABELS[name], this))
    return choices, same
