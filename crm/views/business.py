"""Settings of the business."""

from quart import Blueprint, Response

from crm import db, filters, forms, language, timezone
from crm.auth.middleware import after
from crm.forms import Form, refusals
from crm.render import render
from crm.views.ticket import arrivals

blueprint = Blueprint("business", __name__)


@blueprint.get("/settings")
async def edit() -> Response:
    business = await db.one("business_read")
    form = Form(business, tax=filters.percent(business.tax_basis_points))
    return await render(
        "business/edit",
        business=business,
        form=form,
        zones=timezone.names(),
        arrivals=arrivals(business.arrival_minutes),
        languages=language.names(),
    )


@blueprint.post("/settings")
@refusals(edit)
async def update() -> Response:
    await db.one(
        "business_update", name=await forms.text("name"), time_zone=await forms.text("time_zone"),
        tax_basis_points=await forms.basis_points("tax") or 0, prices_include_tax=await forms.flag("prices_include_tax"),
        payment_terms_days=await forms.whole("payment_terms_days", "the days") or 0,
        travel_buffer_minutes=await forms.whole("travel_buffer_minutes", "the minutes") or 0,
        travel_area_minutes=await forms.whole("travel_area_minutes", "the minutes"),
        travel_far_minutes=await forms.whole("travel_far_minutes", "the minutes"),
        arrival_minutes=await forms.whole("arrival_minutes", "the minutes") or 0,
        phone=await forms.text("phone"), email=await forms.text("email"),
        language=await forms.text("language"),
    )  # fmt: skip
    return after("/settings", "Saved.")
