"""The people of the business."""

from uuid import UUID

from quart import Blueprint, Response, current_app, g

from crm import db, forms
from crm.auth import rate_limit
from crm.auth.middleware import after
from crm.clients.valkey import down_is_unavailable
from crm.forms import Form, refusals
from crm.render import render

blueprint = Blueprint("member", __name__)

ROLES = [
    ("technician", "Technician", "Sees their own visits and the people they visit."),
    ("office", "Office", "Books, sends invoices, sees everything but settings."),
    ("owner", "Owner", "May do everything."),
]


@blueprint.get("/settings/members")
async def index() -> Response:
    return await render("member/index", members=await db.many("member_list"))


@blueprint.get("/settings/members/new")
async def new() -> Response:
    await db.require("member_invite")
    return await render("member/new", form=Form(role="technician"), roles=ROLES)


@blueprint.post("/settings/members")
@refusals(new)
async def create() -> Response:
    with down_is_unavailable():
        limit = current_app.config["RATE_LIMIT"]
        await limit.take(rate_limit.INVITATIONS_PER_BUSINESS, str(g.session.business_id))
    member = await db.one(
        "member_invite",
        name=await forms.text("name"),
        email=await forms.text("email"),
        role=await forms.text("role"),
    )
    return after("/settings/members", f"{member.name} was invited at {member.email}.")


@blueprint.get("/settings/members/<uuid:member_id>/edit")
async def edit(member_id: UUID) -> Response:
    member = await db.one("member_read", id=member_id)
    return await render("member/edit", member=member, form=Form(member), roles=ROLES)


@blueprint.post("/settings/members/<uuid:member_id>")
@refusals(edit)
async def update(member_id: UUID) -> Response:
    member = await db.one("member_update", id=member_id, name=await forms.text("name"), role=await forms.text("role"))
    return after("/settings/members", f"{member.name} was saved.")


@blueprint.post("/settings/members/<uuid:member_id>/disabling")
@refusals(edit)
async def disable(member_id: UUID) -> Response:
    disabled = await forms.flag("disabled")
    member = await db.one("member_disable", id=member_id, disabled=disabled)
    return after("/settings/members", f"{member.name} {'can no longer' if disabled else 'can again'} sign in.")
