"""The service catalogue."""

from typing import Any
from uuid import UUID

from quart import Blueprint, Response, g, request

from crm import db, filters, forms, money
from crm.auth.middleware import after
from crm.forms import Form, refusals
from crm.render import render

blueprint = Blueprint("service", __name__)

KINDS = [("service", "Service"), ("product", "Product")]
PRICINGS = [
    ("fixed", "Fixed price", "Always the same, whatever the size."),
    ("per_unit", "Per unit", "A price for each pane, screen or hour."),
    ("flexible", "Flexible", "An estimate now, the price on the day."),
]


def _form(service: Any = None) -> Form:
    if service is None:
        return Form(kind="service", pricing="fixed", duration_minutes=60)
    return Form(
        service,
        price=money.plain(service.price_minor, g.session.currency),
        tax=filters.percent(service.tax_basis_points),
    )


@blueprint.get("/services")
async def index() -> Response:
    archived = bool(request.args.get("archived"))
    return await render("service/index", services=await db.many("service_list", archived=archived), archived=archived)


@blueprint.get("/services/new")
async def new() -> Response:
    await db.require("service_create")
    return await render("service/new", form=_form(), kinds=KINDS, pricings=PRICINGS)


@blueprint.post("/services")
@refusals(new)
async def create() -> Response:
    service = await db.one("service_create", **await _fields())
    return after("/services", f"{service.name} was added.")


@blueprint.get("/services/<uuid:service_id>")
async def edit(service_id: UUID) -> Response:
    service = await db.one("service_read", service_id=service_id)
    return await render("service/edit", service=service, form=_form(service), kinds=KINDS, pricings=PRICINGS)


@blueprint.post("/services/<uuid:service_id>")
@refusals(edit)
async def update(service_id: UUID) -> Response:
    service = await db.one("service_update", service_id=service_id, **await _fields())
    return after("/services", f"{service.name} was saved.")


@blueprint.post("/services/<uuid:service_id>/archive")
async def archive(service_id: UUID) -> Response:
    archived = await forms.flag("archived")
    service = await db.one("service_archive", service_id=service_id, archived=archived)
    return after("/services", f"{service.name} was {'taken out of' if archived else 'put back into'} the catalogue.")


async def _fields() -> dict[str, Any]:
    pricing = await forms.text("pricing")
    return {
        "kind": await forms.text("kind"),
        "name": await forms.text("name"),
        "pricing": pricing,
        "price_minor": await forms.amount("price") or 0,
        "unit_label": await forms.text("unit_label") if pricing == "per_unit" else None,
        "duration_minutes": await forms.whole("duration_minutes", "the minutes") or 0,
        "tax_basis_points": await forms.basis_points("tax"),
    }
