"""A whole page or only its fragment, from the same template.

Every page template says `{% extends shell %}`; the shell is the page, or for htmx the fragment.
"""

import gzip
import hashlib
import json
import re
import secrets
from base64 import urlsafe_b64encode
from functools import cache, lru_cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup
from quart import Response, g, request
from rjsmin import jsmin

from crm import PRODUCT, db, filters, language
from crm.paths import PARTIALS, STATIC

# What browsers get of our own files is what we wrote without its comments and indentation; vendored files stay whole.
SMALLER = {".css": lambda css: re.sub(rb"/\*.*?\*/\s*|^\s+", b"", css, flags=re.S | re.M), ".js": jsmin}


class Static:
    """The static files in memory, compressed once, under names that change with their content."""

    TYPES = {  # noqa: RUF012
        ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".png": "image/png",
        ".webmanifest": "application/manifest+json",
    }  # fmt: skip

    def __init__(self) -> None:
        self.files: dict[str, tuple[str, bytes, bytes | None]] = {}
        self.urls: dict[str, str] = {}
        for path in sorted(p for p in STATIC.rglob("*") if p.suffix in self.TYPES):
            name = path.relative_to(STATIC).as_posix()
            body = (
                path.read_bytes() if name.startswith("vendor/") else SMALLER.get(path.suffix, bytes)(path.read_bytes())
            )
            stem, dot, suffix = name.rpartition(".")
            immutable = f"{stem}.{hashlib.sha256(body).hexdigest()[:10]}{dot}{suffix}"
            packed = gzip.compress(body, 9, mtime=0)
            self.files[immutable] = (
                self.TYPES[path.suffix],
                body,
                packed if len(packed) < len(body) else None,
            )
            self.urls[name] = f"/static/{immutable}"

    def url(self, name: str) -> str:
        return self.urls[name]


static = Static()


# What pages need to be shown without a connection. The worker's own source is a template: these names come before it.
OFFLINE = ("css/base.css", "vendor/htmx-4.0.1.min.js", "js/app.js", "js/offline.js", "icons.svg")


@cache
def worker() -> tuple[bytes, bytes]:
    """The service worker, with the files that it keeps and a version that changes with any of them; and packed."""
    source = static.files[static.url("js/sw.js").removeprefix("/static/")][1].decode()
    names = [static.url(name) for name in OFFLINE]
    version = hashlib.sha256("".join([source, *names]).encode()).hexdigest()[:10]
    body = f"const VERSION = {json.dumps(version)}, FILES = {json.dumps(names)};\n{source}".encode()
    return body, gzip.compress(body, 9, mtime=0)


@cache
def icon(name: str) -> Markup:
    """One of the symbols of icons.svg; decoration only, words stand beside it."""
    return Markup('<svg class="icon" aria-hidden="true"><use href="{}#{}"/></svg>').format(
        static.url("icons.svg"), name
    )


@lru_cache(2000)
def avatar(name: str) -> Markup:
    """First letters of the first and last word; the tone follows the name, so that a person keeps it."""
    words = name.replace("&", " ").replace("(", " ").split() or ["?"]
    letters = words[0][0] + (words[-1][0] if len(words) > 1 else "")
    return Markup('<span class="avatar tone-{}" aria-hidden="true">{}</span>').format(len(name) % 5, letters.upper())


def csrf_token() -> str:
    """This session's token, masked differently each time so that compression cannot give it away."""
    secret = g.get("csrf") or ""
    mask = secrets.token_bytes(32)
    masked = bytes(a ^ b for a, b in zip(mask, hashlib.sha256(secret.encode()).digest(), strict=True))
    return urlsafe_b64encode(mask + masked).decode()


def member_key() -> str:
    """Whose phone this is: what it keeps and what waits on it belongs to a member, which is somebody in one business."""
    return str(g.session.member_id)


def environment() -> Environment:
    """Jinja, synchronous and strict: a missing name is an error, never an empty place."""
    env = Environment(
        loader=FileSystemLoader(PARTIALS),
        autoescape=select_autoescape(disabled_extensions=("txt",), default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=-1,
    )
    env.globals.update(static=static.url, product=PRODUCT, csrf_token=csrf_token, member_key=member_key, _=language.say,
                       icon_svg=icon, avatar_of=avatar)  # fmt: skip
    filters.register(env)
    return env


templates = environment()

Place = tuple[str, str, str]  # address, icon, label

_DESK: tuple[Place, ...] = (
    ("/calendar/day", "calendar", "Calendar"),
    ("/contacts", "users", "Contacts"),
    ("/invoices", "receipt", "Invoices"),
    ("/services", "list-checks", "Services"),
)
_FIELD: tuple[Place, ...] = (("/day", "calendar", "My day"), ("/contacts", "users", "Contacts"))
_MAILS = ("/messages", "mail", "Mails")
_PEOPLE, _SETTINGS = ("/settings/members", "user", "People"), ("/settings", "settings", "Settings")
_FACTS = ("/settings/attributes", "tag", "Facts")
_WAITLIST = ("/waitlist", "inbox", "Waitlist")
_HOURS = ("/settings/hours", "clock", "Working hours")
_PHONE = ("/settings/feeds", "calendar-days", "Phone calendar")
_OWN = ("/auth/business", "key-round", "My sign-in")
# role: what a phone's bar shows, and what opens above it; a desk shows both
NAVIGATION: dict[str, tuple[tuple[Place, ...], tuple[Place, ...]]] = {
    "owner": (_DESK, (_WAITLIST, _MAILS, _PEOPLE, _HOURS, _FACTS, _SETTINGS, _PHONE, _OWN)),
    "office": (_DESK, (_WAITLIST, _MAILS, _PEOPLE, _HOURS, _FACTS, _PHONE, _OWN)),
    "technician": (_FIELD, (_PHONE, _OWN)),
}


WHOLE = {"/calendar/day": "/calendar"}  # places that are one of several of their kind


def wants_fragment() -> bool:
    """htmx asks for a part of the page it is on; everybody else gets the whole page."""
    return request.headers.get("HX-Request-Type") == "partial"


def _here(path: str, places: tuple[Place, ...]) -> str:
    """The most particular place that this path is in."""
    inside = [href for href, _, _ in places if path == href or path.startswith(WHOLE.get(href, href) + "/")]
    return max(inside, key=len, default="")


def context() -> dict[str, Any]:
    """What every page shows around its own content."""
    session = g.get("session")
    bar, rest = NAVIGATION[session.role] if session else ((), ())
    here = _here(request.path, bar + rest)
    return {
        "shell": "_fragment.html" if wants_fragment() else "_page.html",
        "nav": [(*place, place[0] == here) for place in bar],
        "nav_rest": [(*place, place[0] == here) for place in rest],
        "user": session,
        "toast": g.get("toast"),
        "request_id": g.get("request_id", ""),
        "language": language.spoken(),
        "may": lambda action: bool(session) and db.may(session.role, action),
        "zone": session.time_zone if session else "UTC",
        "currency": session.currency if session else "USD",
    }


def is_ahead() -> bool:
    """The service worker asks for pages ahead, for when there is no connection; nobody looks at them yet."""
    return request.headers.get("X-Offline") == "ahead"


def keep(page: Response) -> Response:
    """Let the service worker keep this page for a time without a connection; a form that was refused is no such page."""
    if request.method == "GET" and page.status_code == 200:
        page.headers["X-Offline"] = "keep"
        page.headers["X-Offline-For"] = member_key()
    return page


def words(name: str, /, **values: Any) -> str:
    """The sentences of `crm/partials/<name>.txt` with these values, on one line: for a toast, which is no HTML."""
    return " ".join(templates.get_template(f"{name}.txt").render({**context(), **values}).split())


async def render(name: str, status: int = 200, /, **values: Any) -> Response:
    """Render `crm/partials/<name>.html` with these values: the page, or its fragment for htmx."""
    html = templates.get_template(f"{name}.html").render({**context(), **values})
    if g.get("errors") and status == 200:
        status = 422
    response = Response(html, status, content_type="text/html; charset=utf-8")
    if wants_fragment() and g.get("toast"):
        response.headers["HX-Trigger"] = json.dumps({"toast": g.toast})
    if status == 422:
        response.headers["HX-Push-Url"] = "false"
    return response
