"""Lines of a visit: what is done, how much of it, at what price."""

from uuid import UUID

from quart import Blueprint, Response, g

from crm import db, forms, money
from crm.auth.middleware import after
from crm.forms import Form, refusals
from crm.render import render

blueprint = Blueprint("line_item", __name__)


@blueprint.get("/tickets/<uuid:ticket_id>/line-items/new")
async def new(ticket_id: UUID) -> Response:
    ticket, services = await db.read(
        db.call("ticket_read", ticket_id=ticket_id), db.call("service_list", archived=False)
    )
    return await render("line_item/new", ticket=ticket, services=services, form=Form(quantity=1))


@blueprint.post("/tickets/<uuid:ticket_id>/line-items")
@refusals(new)
async def create(ticket_id: UUID) -> Response:
    service_id = await forms.identifier("service_id", "Choose a service.")
    if service_id is None:
        raise forms.refuse("service_id", "Choose a service.")
    line = await db.one(
        "line_item_add", ticket_id=ticket_id, service_id=service_id, quantity=await forms.decimal("quantity") or "1",
        unit_price_minor=await forms.amount("price"),
    )  # fmt: skip
    return after(f"/tickets/{ticket_id}", f"{line.name} was added.")


@blueprint.get("/line-items/<uuid:line_item_id>/edit")
async def edit(line_item_id: UUID) -> Response:
    line = await db.one("line_item_read", line_item_id=line_item_id)
    form = Form(line, price=money.plain(line.unit_price_minor, g.session.currency))
    return await render("line_item/edit", line=line, form=form)


@blueprint.post("/line-items/<uuid:line_item_id>")
@refusals(edit)
async def update(line_item_id: UUID) -> Response:
    price = await forms.amount("price")
    if price is None:
        raise forms.refuse("price", "Enter a price.")
    line = await db.one(
        "line_item_update", line_item_id=line_item_id, quantity=await forms.decimal("quantity") or "1",
        unit_price_minor=price, price_confirmed=await forms.flag("price_confirmed"),
    )  # fmt: skip
    return after(f"/tickets/{line.ticket_id}", f"{line.name} was changed.")


@blueprint.post("/line-items/<uuid:line_item_id>/removal")
async def destroy(line_item_id: UUID) -> Response:
    line = await db.one("line_item_remove", line_item_id=line_item_id)
    return after(f"/tickets/{line.ticket_id}", f"{line.name} was removed.")
