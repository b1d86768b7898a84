"""create_app(): settings, lifespan, error map, one flat list of blueprints."""

import gc
import logging
from typing import Any
from urllib.parse import quote

from quart import Quart, Response, current_app, g, has_request_context, request
from werkzeug.exceptions import HTTPException

from crm import config, db, files, views
from crm.auth import middleware
from crm.auth.rate_limit import RateLimit, TooMany
from crm.auth.session import Sessions
from crm.clients import valkey
from crm.clients.email import Outbox
from crm.clients.vault import Vault
from crm.config import Settings
from crm.errors import Refused, Unavailable, translate
from crm.language import say
from crm.llm.extraction import RuleExtractor
from crm.render import render
from crm.uploads import Upload

log = logging.getLogger("crm.app")

WORDS = {  # status: (title, what to do)
    400: ("This request cannot be read", "Check the address you typed, or start again from the front page."),
    403: ("You may not do this", "Ask the owner of the business."),
    408: ("That took too long", "The connection is slow: try again, or send less at once."),
    404: ("Nothing here", "It may have been removed, or it belongs to somebody else."),
    405: ("That is not how this works", "Go back and use the buttons on the page."),
    413: ("That is too much at once", "Send smaller files, or fewer of them."),
    422: ("That was not possible", "Go back, change it and send it again."),
    429: ("Too many tries", "Wait a little, then try again."),
    500: ("Something broke on our side", "Try again. If it stays like this, tell us the number below."),
    503: (
        "We cannot be reached for a moment",
        "Your words are still in the form you came from. Try again in a few seconds.",
    ),
}


def create_app(settings: Settings, vault: Vault | None = None) -> Quart:
    """The web application of one process."""
    settings.require("database_url", "valkey_url", "context_key")
    app = Quart("crm", static_folder=None, template_folder=None)
    app.request_class = Upload
    app.config.update(
        SETTINGS=settings,
        HOSTS=hosts(settings),
        VAULT=vault,
        FILES=files.store(settings.files_folder),
        MAX_CONTENT_LENGTH=1024 * 1024,
        BODY_TIMEOUT=10,
        RESPONSE_TIMEOUT=30,
    )

    @app.before_serving
    async def start() -> None:
        store = valkey.connect(settings.valkey_url)
        with valkey.down_is_unavailable():
            await store.ping()
        app.config.update(
            VALKEY=store, SESSIONS=Sessions(store), RATE_LIMIT=RateLimit(store),
            EXTRACTOR=RuleExtractor(), OUTBOX=Outbox(store) if settings.demo and not settings.smtp_url else None,
        )  # fmt: skip
        await db.open(settings, name="crm web")
        if vault is not None:
            vault.on_change(lambda secrets: db.database().follow(config.load(secrets=secrets)))
            app.add_background_task(vault.run)
        # What lives from now to the end need not be looked at by every collection.
        gc.collect()
        gc.freeze()
        gc.set_threshold(50_000, 20, 20)

    @app.after_serving
    async def stop() -> None:
        await db.close()
        await app.config["VALKEY"].aclose()

    middleware.install(app)
    views.install(app)
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(Refused, refused)
    app.register_error_handler(Unavailable, unavailable)
    app.register_error_handler(TooMany, too_many)
    app.register_error_handler(Exception, unexpected)
    return app


def hosts(settings: Settings) -> frozenset[str]:
    """The Host headers we answer to."""
    own = {settings.public_host}
    if settings.demo:
        port = settings.public_host.rpartition(":")[2]
        own |= {f"localhost:{port}", f"127.0.0.1:{port}", f"[::1]:{port}"}
    return frozenset(own)


async def error_page(status: int, text: str | None = None, *, saved: str = "Nothing was saved.") -> Response:
    """A page for an error: what happened, whether anything was saved, what to do, and its number."""
    title, advice = (say(words) for words in WORDS.get(status, WORDS[500]))
    saved = say(saved) if request.method == "POST" else ""
    response = await render(
        "error/show", status, title=title, text=text or advice, advice=advice if text and advice not in text else None,
        saved=saved, status=status, whose="customer" if "language" in g else "",
    )  # fmt: skip
    # htmx does not swap an error page in; its toast says this instead.
    response.headers["X-Error"] = quote(f"{text or title} {saved}".strip())
    return response


async def http_error(error: HTTPException) -> Any:
    status = error.code or 500
    if not has_request_context():  # a WebSocket: nothing here speaks that
        return error
    if 300 <= status < 400:
        return error
    return await error_page(status)


async def refused(error: Refused) -> Response:
    if error.rule == "session_is_over":
        await app_sessions_end()
        return middleware.to_sign_in()
    return await error_page(
        error.status,
        " ".join(say(part) for part in (error.message, error.hint) if part) if error.status != 404 else None,
    )


async def app_sessions_end() -> None:
    if cookie := g.get("session_cookie"):
        with valkey.down_is_unavailable():
            await current_app.config["SESSIONS"].end(cookie)


async def unavailable(error: Unavailable) -> Response:
    log.warning("%s", error)
    response = await error_page(503, saved=error.saved)
    response.headers["Retry-After"] = str(error.retry_after)
    return response


async def too_many(error: TooMany) -> Response:
    minutes = max(1, round(error.retry_after / 60))
    text = (
        say("Too many tries. Wait %(minutes)s minutes, then try again.")
        if minutes > 1
        else say("Too many tries. Wait a minute, then try again.")
    )
    response = await error_page(429, text % {"minutes": minutes})
    response.headers["Retry-After"] = str(error.retry_after)
    return response


async def unexpected(error: Exception) -> Response:
    known = translate(error)
    if isinstance(known, Unavailable):
        return await unavailable(known)
    if isinstance(known, Refused):
        return await refused(known)
    log.error("unexpected error", exc_info=error)
    return await error_page(500)
