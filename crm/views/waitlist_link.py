"""What the link in an offer of the waitlist opens: one time, and yes or no to it. The link is the authority."""

from typing import Any

from quart import Blueprint, Response, current_app, g, redirect

from crm import calendar_file, db, forms, language
from crm.auth import link, rate_limit
from crm.clients.valkey import down_is_unavailable
from crm.errors import Refused
from crm.forms import Form, refusals
from crm.render import render
from crm.views.customer import NoLink, private

blueprint = Blueprint("waitlist_link", __name__)


async def _offer(token: str) -> Any:
    found = await db.find("waitlist_link_open", token_hash=link.digest(token), languages=language.wanted())
    offer: Any = language.follow(found)
    if offer is None:
        raise NoLink
    return offer


async def _page(token: str, status: int = 200) -> Response:
    offer = await _offer(token)
    return await render(
        "customer/offer", status, offer=offer, token=token, form=Form(), languages=language.names(), zone=offer.time_zone,
        currency=offer.currency,
    )  # fmt: skip


@blueprint.get("/w/<token>")
@private
async def show(token: str) -> Response:
    """The time that is offered, or what has become of it. Mail scanners open it and nothing happens."""
    return await _page(token)


@blueprint.get("/w/<token>/visit.ics")
@private
async def calendar(token: str) -> Response:
    """The visit that came of it."""
    offer = await _offer(token)
    if offer.state != "claimed":
        raise NoLink
    return calendar_file.answer(offer)


@blueprint.post("/w/<token>/answer")
@private
@refusals(show)
async def answer(token: str) -> Response:
    """Yes books it, no lets the next one have it. What came too late changes nothing, and the page says why."""
    with down_is_unavailable():
        await current_app.config["RATE_LIMIT"].take(rate_limit.ANSWERS_PER_LINK, token)
    chosen = await forms.text("answer")
    if chosen not in ("yes", "no"):
        raise Refused("waitlist_answer_is_known", "Choose yes or no.")
    if chosen == "yes":
        outcome = await db.scalar("waitlist_link_claim", token_hash=link.digest(token))
    else:
        outcome = await db.scalar("waitlist_link_decline", token_hash=link.digest(token))
    if outcome == "ok":
        return redirect(f"/w/{token}", 303)  # type: ignore[return-value]
    if outcome == "refused":
        g.recorded = True
        raise NoLink
    return await _page(token, 409)
