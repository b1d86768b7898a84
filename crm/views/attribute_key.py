"""The names that facts go by in this business."""

from uuid import UUID

from quart import Blueprint, Response

from crm import db, forms
from crm.auth.middleware import after
from crm.filters import SECTIONS
from crm.forms import Form, refusals
from crm.render import render
from crm.views.attribute import KINDS

blueprint = Blueprint("attribute_key", __name__)


@blueprint.get("/settings/attributes")
async def index() -> Response:
    return await render("attribute_key/index", keys=await db.many("attribute_key_list"), kinds=dict(KINDS))


@blueprint.get("/settings/attributes/<uuid:attribute_key_id>")
async def edit(attribute_key_id: UUID) -> Response:
    await db.require("attribute_key_update")
    key = await db.one("attribute_key_read", attribute_key_id=attribute_key_id)
    return await render("attribute_key/edit", key=key, form=Form(key), kinds=KINDS, sections=list(SECTIONS.items()))


@blueprint.post("/settings/attributes/<uuid:attribute_key_id>")
@refusals(edit)
async def update(attribute_key_id: UUID) -> Response:
    """Say what its values are; under another name, all of its facts go by that."""
    name = await forms.text("key")
    async with db.transaction() as tx:
        key = await tx.run(
            "attribute_key_update", attribute_key_id=attribute_key_id, kind=await forms.text("kind"),
            section=await forms.text("section"),
        )  # fmt: skip
        if name and name.lower() != key.key:
            key = await tx.run("attribute_key_rename", attribute_key_id=attribute_key_id, key=name)
    return after("/settings/attributes", f"{key.key.capitalize()} was saved.")
