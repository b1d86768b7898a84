"""What a customer's link opens: one visit, and an answer to it. No account, no cookie; the link is the authority."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime
from functools import wraps
from typing import Any

from quart import Blueprint, Response, current_app, g, redirect, request

from crm import calendar_file, context, db, forms, language
from crm.auth import link, rate_limit
from crm.auth.middleware import by_link, remote_address
from crm.clients.valkey import down_is_unavailable
from crm.errors import Refused
from crm.forms import Form, refusals
from crm.render import render

blueprint = Blueprint("customer", __name__)

ANSWERS = ("confirmed", "declined", "reschedule_requested")


class NoLink(Exception):
    """Not a link, or not any more."""


def private(view: Callable[..., Awaitable[Response]]) -> Callable[..., Awaitable[Response]]:
    """Nobody is told where the customer came from, nothing finds the page, and nothing keeps it."""

    @wraps(view)
    async def wrapped(**arguments: Any) -> Response:
        try:
            response = await view(**arguments)
        except NoLink:
            response = await _refused(arguments["token"])
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        response.headers["Cache-Control"] = "no-store"
        return response

    return by_link(wrapped)


async def _refused(token: str) -> Response:
    """One page for whatever is wrong with a link. It is counted and recorded, by a unit of work of its own."""
    with down_is_unavailable():
        limit: rate_limit.RateLimit = current_app.config["RATE_LIMIT"]
        await limit.take(rate_limit.REFUSED_LINKS_PER_NETWORK, rate_limit.network(remote_address()))
    if not g.get("recorded"):
        actor = replace(context.current.get(), read_only=False)
        await db.database().run(actor, [db.call("ticket_link_refused", token_hash=link.digest(token))])
    return await render("customer/refused", 404)


async def _find_visit(token: str, *, offers: bool) -> Any:
    values = {"token_hash": link.digest(token), "languages": language.wanted()}
    return language.follow(await db.find("ticket_link_open", **values, offers=offers))


async def _find_outreach(token: str) -> Any:
    values = {"token_hash": link.digest(token), "languages": language.wanted()}
    return language.follow(await db.find("ticket_link_outreach", **values))


async def _visit(token: str, *, offers: bool = False) -> Any:
    visit = await _find_visit(token, offers=offers)
    if visit is None:
        raise NoLink
    return visit


async def _page(token: str, visit: Any, status: int = 200, news: str = "") -> Response:
    over = "closed" if visit.status in ("completed", "cancelled") else "begun" if _has_begun(visit) else ""
    return await render(
        "customer/show", status, visit=visit, over=over, news=news, token=token, form=Form(), languages=language.names(),
        zone=visit.time_zone, currency=visit.currency,
    )  # fmt: skip


def _has_begun(visit: Any) -> bool:
    return bool(visit.status == "in_progress" or visit.starts_at <= visit.now)


@blueprint.get("/c/<token>")
@private
async def show(token: str) -> Response:
    """The visit as it is now. Mail scanners open it and nothing happens."""
    visit = await _find_visit(token, offers=True)
    if visit is None and await _find_outreach(token):
        return redirect(f"/c/{token}/unsubscribe", 303)  # type: ignore[return-value]
    if visit is None:
        raise NoLink
    return await _page(token, visit)


@blueprint.post("/c/<token>/answer")
@private
@refusals(show)
async def answer(token: str) -> Response:
    """Accept, decline, or ask for another time. What came too late changes nothing and says what is so now."""
    with down_is_unavailable():
        await current_app.config["RATE_LIMIT"].take(rate_limit.ANSWERS_PER_LINK, token)
    starts_at = await _instant("starts_at")
    chosen = await forms.text("answer")
    field = "wish" if chosen == "reschedule_requested" else "reason"
    try:
        outcome = await db.scalar(
            "ticket_link_answer", token_hash=link.digest(token), starts_at=starts_at, answer=chosen,
            words=await forms.text(field), wished_at=await _instant("wished_at") if field == "wish" else None,
        )  # fmt: skip
    except Refused as refused:
        refused.field = field if refused.field == "words" else refused.field
        raise
    if outcome == "ok":
        return redirect(f"/c/{token}", 303)  # type: ignore[return-value]
    if outcome == "refused":
        g.recorded = True
        raise NoLink
    return await _page(token, await _visit(token, offers=True), 409, outcome)


async def _instant(name: str) -> datetime | None:
    """A time that the page itself wrote into its form."""
    value = await forms.text(name)
    try:
        at = datetime.fromisoformat(value) if value else None
    except ValueError:
        at = datetime.min
    if at is not None and at.tzinfo is None:
        raise forms.refuse(name, "This time cannot be read. Choose one from the page.")
    return at


@blueprint.get("/c/<token>/visit.ics")
@private
async def calendar(token: str) -> Response:
    visit = await _visit(token)
    return calendar_file.answer(visit)


@blueprint.get("/c/<token>/unsubscribe")
@private
async def edit_unsubscribe(token: str) -> Response:
    """A button: opening a link ends nothing."""
    outreach = await _find_outreach(token)
    if outreach is None:
        raise NoLink
    return await render("customer/unsubscribe", outreach=outreach, token=token, languages=language.names())


@blueprint.post("/c/<token>/unsubscribe")
@private
async def unsubscribe(token: str) -> Response:
    """The button, or the mail program's own (RFC 8058): it posts without a page and reads only the status."""
    if await db.scalar("ticket_link_unsubscribe", token_hash=link.digest(token)) != "ok":
        g.recorded = True
        raise NoLink
    if (await request.form).get("List-Unsubscribe"):
        return Response("", 200, content_type="text/plain; charset=utf-8")
    return redirect(f"/c/{token}/unsubscribe", 303)  # type: ignore[return-value]


@blueprint.post("/c/<token>/language")
@blueprint.post("/w/<token>/language")
@private
async def choose_language(token: str) -> Response:
    """What they are told in from now on, here and in mails."""
    with down_is_unavailable():
        await current_app.config["RATE_LIMIT"].take(rate_limit.ANSWERS_PER_LINK, token)
    chosen = await forms.text("language")
    if await db.scalar("ticket_link_language", token_hash=link.digest(token), language=chosen) != "ok":
        g.recorded = True
        raise NoLink
    return redirect(request.path.removesuffix("/language"), 303)  # type: ignore[return-value]
