"""Signing in: a link or a code by mail. A GET only shows a page; a POST spends."""

import secrets
from typing import Any
from urllib.parse import quote, unquote

from quart import Blueprint, Response, current_app, g, redirect, request

from crm import db, forms, money, timezone
from crm.auth import link, rate_limit
from crm.auth.middleware import cookie_name, drop_cookie, public, remote_address, safe_next, set_cookie
from crm.auth.session import ABSOLUTE_SECONDS
from crm.clients.valkey import down_is_unavailable
from crm.context import Actor
from crm.errors import Refused
from crm.forms import Form, refusals
from crm.render import render

blueprint = Blueprint("sign_in", __name__)

BROWSER_SECONDS = 365 * 86_400
NEXT_SECONDS = 900


def _browser() -> str:
    """The nonce of this browser, made on first sight: links are bound to it, and so is the form token."""
    known = request.cookies.get(cookie_name("browser"))
    if known and len(known) >= 40:
        return known
    if "new_browser" not in g:
        g.new_browser = g.csrf = secrets.token_urlsafe(32)
    nonce: str = g.new_browser
    return nonce


async def _page(name: str, **values: object) -> Response:
    """A page for people who are not signed in: no referrer, and the browser gets its nonce."""
    _browser()
    response = await render(name, **values)
    if "new_browser" in g:
        set_cookie(response, "browser", g.new_browser, BROWSER_SECONDS)
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@blueprint.get("/login")
@public
async def new() -> Response:
    if g.get("session"):
        return redirect(safe_next(request.args.get("next")), 303)  # type: ignore[return-value]
    outbox = current_app.config["OUTBOX"] is not None
    response = await _page(
        "sign_in/new",
        form=Form(email=request.args.get("email", "")),
        outbox=outbox,
        signed_out="signed_out" in request.args,
    )
    if target := request.args.get("next"):
        # Kept by the browser: the link in the mail leads on to it as well as the code does.
        set_cookie(response, "next", quote(safe_next(target)), NEXT_SECONDS)
    return response


@blueprint.get("/signup")
@public
async def new_business() -> Response:
    return await _page(
        "sign_in/new_business", form=Form(currency="USD", time_zone="America/Chicago"), zones=timezone.names(),
        currencies=money.CURRENCIES,
    )  # fmt: skip


async def _limits(email: str | None) -> None:
    with down_is_unavailable():
        limit = current_app.config["RATE_LIMIT"]
        network, address = rate_limit.network(remote_address()), (email or "").lower()
        await limit.take(rate_limit.LINKS_PER_NETWORK, network)
        await limit.take(rate_limit.LINKS_PER_ADDRESS, f"{address} {network}")
        await limit.take(rate_limit.LINKS_PER_ADDRESS_IN_ALL, address)


@blueprint.post("/auth/request")
@public
@refusals(new)
async def create() -> Response:
    """Ask for a link. The same answer whether or not the address is known."""
    email = await forms.text("email")
    await _limits(email)
    await db.scalar("sign_in_request", email=email, browser_hash=link.digest(_browser()))
    return redirect("/auth/code", 303)  # type: ignore[return-value]


@blueprint.post("/signup")
@public
@refusals(new_business)
async def create_business() -> Response:
    """Ask for a business; it is made when the mail comes back."""
    email = await forms.text("email")
    await _limits(email)
    await db.scalar(
        "sign_up_request", email=email, browser_hash=link.digest(_browser()),
        **{name: await forms.text(name) for name in ("name", "business_name", "time_zone", "currency")},
    )  # fmt: skip
    return redirect("/auth/code", 303)  # type: ignore[return-value]


@blueprint.get("/auth/code")
@public
async def code() -> Response:
    """Check your mail; or type the code from it here."""
    outbox = current_app.config["OUTBOX"] is not None
    return await _page("sign_in/code", form=Form(), outbox=outbox)


@blueprint.get("/auth/verify")
@public
async def verify() -> Response:
    """Where the mailed link leads: a page with a button. Mail scanners open it and nothing happens."""
    return await _page("sign_in/verify", token=request.args.get("token", "")[:100])


@blueprint.post("/auth/verify")
@public
@refusals(code)
async def spend() -> Response:
    """Spend the link or the code and start a session."""
    with down_is_unavailable():
        await current_app.config["RATE_LIMIT"].take(rate_limit.TRIES_PER_NETWORK, rate_limit.network(remote_address()))
    browser, token = link.digest(_browser()), await forms.text("token")
    if token:
        result = await db.one("sign_in_verify", token_hash=link.digest(token), browser_hash=browser)
    else:
        result = await db.one("sign_in_verify_code", code=await forms.text("code"), browser_hash=browser)
    if result.outcome == "wrong":
        raise Refused("sign_in_code_is_right", "That is not the code from the newest mail. Look again.", field="code")
    if result.outcome != "ok":
        return await _page("sign_in/refused", outcome=result.outcome)
    return await start_session(result.account_id)


async def start_session(account_id: object) -> Response:
    """Enter the newest business of the account; the others are a tap away."""
    memberships = await db.many("membership_list", account_id=account_id)
    if not memberships:
        return await _page("sign_in/refused", outcome="expired")
    target = safe_next(unquote(request.cookies.get(cookie_name("next"), "")))
    return await enter(account_id, memberships[0], target, previous=_session_cookie())


def _session_cookie() -> str | None:
    return request.cookies.get(cookie_name("session"))


async def enter(account_id: object, place: Any, target: str, *, previous: str | None) -> Response:
    """A new session in one business of the account; the one before it ends."""
    actor = Actor(place.business_id, place.role, place.member_id, request_id=g.request_id)
    await db.database().run(actor, [db.call("member_arrive")])
    (profile,) = await db.database().run(actor, [db.call("session_profile")])
    with down_is_unavailable():
        cookie = await current_app.config["SESSIONS"].start(
            account_id, place.business_id, place.member_id, place.role, name=profile.name, business=profile.business,
            time_zone=profile.time_zone, currency=profile.currency,
            previous=previous,
        )  # fmt: skip
    response: Response = redirect(target, 303)  # type: ignore[assignment]
    set_cookie(response, "session", cookie, ABSOLUTE_SECONDS)
    drop_cookie(response, "next")
    return response
