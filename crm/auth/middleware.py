"""Around every request: whose it is, whether it came from our own pages, and what the answer may do."""

import hashlib
import json
import secrets
import time
import zlib
from base64 import urlsafe_b64decode
from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar
from urllib.parse import quote, unquote, urlsplit

from quart import Quart, Response, abort, current_app, g, redirect, request

from crm import context, db, forms, language, logs
from crm.auth.session import Session
from crm.clients.valkey import down_is_unavailable
from crm.errors import Refused

SAFE = ("GET", "HEAD", "OPTIONS")
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; "
    "form-action 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types htmx sw"
)
HEADERS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(), microphone=(), payment=()",
}
# Of whoever has a link, an answer that went wrong is as much theirs alone as one that did not.
BY_LINK = {"Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex, nofollow", "Cache-Control": "no-store"}
MOST_FIELDS = 1000

View = TypeVar("View", bound=Callable[..., Any])


def public(view: View) -> View:
    """Mark a view as open to people who have not signed in."""
    view.public = True  # type: ignore[attr-defined]
    return view


def by_link(view: View) -> View:
    """Mark a view as open to whoever has its link: the words in its address are the authority, no cookie is looked at."""
    view.by_link = True  # type: ignore[attr-defined]
    return view


def cookie_name(name: str) -> str:
    return f"__Host-{name}" if current_app.config["SETTINGS"].secure else name


def set_cookie(response: Response, name: str, value: str, seconds: int) -> None:
    response.set_cookie(
        cookie_name(name), value, max_age=seconds, path="/", httponly=True, samesite="Lax",
        secure=current_app.config["SETTINGS"].secure,
    )  # fmt: skip


def drop_cookie(response: Response, name: str) -> None:
    response.delete_cookie(
        cookie_name(name),
        path="/",
        httponly=True,
        samesite="Lax",
        secure=current_app.config["SETTINGS"].secure,
    )


def remote_address() -> str:
    """The peer, or what a proxy we trust says of it."""
    peer = request.remote_addr or ""
    trusted = {name.strip() for name in current_app.config["SETTINGS"].trusted_proxies.split(",")} - {""}
    if peer in trusted and (forwarded := request.headers.get("X-Forwarded-For")):
        return forwarded.rpartition(",")[2].strip()
    return peer


def install(app: Quart) -> None:
    app.before_request(begin)
    app.after_request(finish)


async def begin() -> Response | None:
    """Name the request, check where it came from, find out who it is."""
    g.started = time.perf_counter()
    g.request_id = secrets.token_hex(8)
    logs.request_id.set(g.request_id)
    read_only = request.method in SAFE
    context.current.set(context.visitor(g.request_id, read_only=read_only))
    if request.endpoint is None or request.endpoint.startswith(("health.", "metrics.", "static.")):
        return None
    if request.headers.get("Host") not in current_app.config["HOSTS"]:
        abort(400, "This host is not served here.")
    view = current_app.view_functions[request.endpoint]
    if getattr(view, "by_link", False):
        g.language = language.first_wanted()  # until the link says whose page it is
        if not read_only:
            await check_link_origin()
        return None
    cookie = request.cookies.get(cookie_name("session"))
    session = None
    if cookie:
        with down_is_unavailable():
            session = await current_app.config["SESSIONS"].find(cookie)
    if session is None:
        g.csrf = request.cookies.get(cookie_name("browser"), "")
    else:
        g.session, g.session_cookie, g.csrf = session, cookie, session.csrf
        actor = context.Actor(
            session.business_id, session.role, session.member_id, request_id=g.request_id, read_only=read_only
        )
        context.current.set(actor)
        if session.stale and not getattr(view, "public", False):
            await _refresh(actor, session)
    # First of all: an old form of a session that is over would only be called no longer valid.
    if session is None and not getattr(view, "public", False):
        return to_sign_in()
    if not read_only:
        await check_origin()
    elif (toast := request.cookies.get("toast")) and request.headers.get("X-Offline") != "ahead":
        g.toast = _read_toast(toast)
    return None


async def _refresh(actor: context.Actor, session: Session) -> None:
    rows = await db.database().run(replace(actor, read_only=True), [db.call("session_profile")])
    profile = rows[0]
    if session.started_at + 1 < profile.since.timestamp():  # disabled meanwhile, or another role and back
        raise Refused("session_is_over", "Your sign-in is no longer valid.", "Sign in again.", status=401)
    g.session = replace(
        session, name=profile.name, business=profile.business, time_zone=profile.time_zone,
        currency=profile.currency, refreshed_at=int(time.time()),
    )  # fmt: skip
    with down_is_unavailable():
        await current_app.config["SESSIONS"].refresh(g.session_cookie, g.session)


async def check_origin() -> None:
    """A change must come from our own pages: Sec-Fetch-Site, else Origin, and the form's own token."""
    form = await _form()
    token = form.get("csrf") or request.headers.get("X-CSRF-Token", "")
    if not _origin_is_ours(silent=False) or not _token_is_ours(token):
        raise _not_ours()


async def check_link_origin() -> None:
    """No page of another site may answer. Programs and old browsers say nothing of where they come from: they know the link."""
    await _form()
    if not _origin_is_ours(silent=True):
        raise _not_ours()


def _not_ours() -> Refused:
    return Refused(
        "request_came_from_our_pages",
        "This form is no longer valid, so nothing was saved.",
        "Go back, reload the page and send it again.",
        status=403,
    )


async def _form() -> Any:
    form = await request.form
    if sum(len(values) for _, values in form.lists()) > MOST_FIELDS:
        abort(413)
    return form


def _origin_is_ours(*, silent: bool) -> bool:
    """What the headers say; `silent` is whether a request that says nothing is one of ours."""
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    own = {f"{scheme}://{host}" for host in current_app.config["HOSTS"] for scheme in ("http", "https")}
    if site is not None:
        return site in ("same-origin", "none") and (origin in (None, "null") or origin in own)
    return origin in own or (silent and origin in (None, "null"))


def _token_is_ours(token: str) -> bool:
    try:
        raw = urlsafe_b64decode(token.encode())
    except ValueError:
        return False
    unmasked = bytes(a ^ b for a, b in zip(raw[:32], raw[32:], strict=True)) if len(raw) == 64 else b""
    return secrets.compare_digest(unmasked, hashlib.sha256(g.csrf.encode()).digest()) and bool(g.csrf)


def to_sign_in() -> Response:
    """To the sign-in page, and back here afterwards. htmx is told to leave the page it is on."""
    here = request.full_path.rstrip("?") if request.method in SAFE else _path_of(request.referrer)
    target = f"/login?next={quote(here)}"
    if request.headers.get("HX-Request-Type"):
        response = Response("", 401)
        response.headers["HX-Redirect"] = target
    else:
        response = redirect(target, 303)  # type: ignore[assignment]
    drop_cookie(response, "session")
    return response


def _path_of(url: str | None) -> str:
    try:
        return urlsplit(url or "").path or "/"
    except ValueError:
        return "/"


def safe_next(target: str | None) -> str:
    """A path on this site, or the front door."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")) or "\\" in target:
        return "/"
    try:
        parts = urlsplit(target)
    except ValueError:
        return "/"
    return "/" if parts.scheme or parts.netloc or any(ord(c) < 32 for c in target) else target


def after(url: str, toast: str | None = None, kind: str = "ok") -> Response:
    """After a change: 303 to a page, with a sentence about what happened. A queue on a phone looks at neither."""
    if forms.is_replay():
        return Response(status=204)
    response: Response = redirect(url, 303)  # type: ignore[assignment]
    if toast:
        response.set_cookie("toast", quote(json.dumps({"text": toast, "kind": kind})), max_age=30, path="/",
                            httponly=True, samesite="Lax")  # fmt: skip
    return response


def _read_toast(value: str) -> dict[str, str] | None:
    try:
        toast = json.loads(unquote(value[:2000]))
        return {"text": str(toast["text"])[:200], "kind": "bad" if toast["kind"] == "bad" else "ok"}
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


async def finish(response: Response) -> Response:
    """Headers of every answer; compression; the line in the log."""
    if getattr(current_app.view_functions.get(request.endpoint or ""), "by_link", False):
        for name, value in BY_LINK.items():
            response.headers.setdefault(name, value)
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if current_app.config["SETTINGS"].secure:
        response.headers["Strict-Transport-Security"] = "max-age=63072000; includeSubDomains"
    response.headers["X-Request-ID"] = g.get("request_id", "")
    response.headers.setdefault("Cache-Control", "private, no-store")
    if response.content_type.startswith("text/html"):
        response.headers["Vary"] = "HX-Request-Type, Accept-Encoding, Cookie"
    packable = response.content_type.startswith(("text/html", "text/calendar"))
    if packable and "gzip" in request.headers.get("Accept-Encoding", ""):
        body = await response.get_data(as_text=False)
        if len(body) > 400:
            packer = zlib.compressobj(5, zlib.DEFLATED, 31)
            response.set_data(packer.compress(body) + packer.flush())
            response.headers["Content-Encoding"] = "gzip"
    if g.get("toast") and response.status_code < 300:
        response.delete_cookie("toast", path="/")
    logs.request_done(response.status_code)
    return response
