"""Calendars that phones read by a secret address, and the page where they are made and ended."""

import asyncio
import re
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

from quart import Blueprint, Response, abort, current_app, g, request

from crm import context, db, feed
from crm.auth import link, rate_limit
from crm.auth.middleware import after, by_link, cookie_name, drop_cookie, remote_address, set_cookie
from crm.clients.valkey import down_is_unavailable
from crm.render import render

blueprint = Blueprint("feed", __name__)

SHOWN_SECONDS = 60
WRITING = asyncio.Semaphore(1)  # calendars at a time: a long one takes a processor for seconds


@blueprint.get("/settings/feeds")
async def index() -> Response:
    """The links that there are, and once the words of the one that was just made."""
    feeds = {row.kind: row for row in await db.many("feed_list")}
    made = re.fullmatch(r"([0-9a-f-]{36})\.([A-Za-z0-9_-]{43})", request.cookies.get(cookie_name("feed"), ""))
    kind, address = ("", "")
    # Of a feed that is here: whoever has signed in since on the same phone has others.
    for row in feeds.values():
        if made and made[1] == str(row.id):
            kind, address = row.kind, f"{current_app.config['SETTINGS'].public_url}/ical/{made[2]}.ics"
    response = await render(
        "feed/index", own=feeds.get("member"), shared=feeds.get("business"), made=kind, address=address
    )
    if made:
        drop_cookie(response, "feed")
    return response


@blueprint.post("/settings/feeds")
async def create() -> Response:
    """A link for one's own visits, in the place of the one before."""
    words = link.make()
    made = await db.one("feed_make", token_hash=words.token_hash)
    return _shown_once(made.id, words.token)


@blueprint.post("/settings/feeds/business")
async def create_for_business() -> Response:
    """A link for all visits, in the place of the one before."""
    words = link.make()
    made = await db.one("feed_make_for_business", token_hash=words.token_hash)
    return _shown_once(made.id, words.token)


@blueprint.post("/settings/feeds/removal")
async def destroy() -> Response:
    await db.one("feed_revoke")
    return after("/settings/feeds", "That link has ended. Remove the calendar from the phones that had it.")


@blueprint.post("/settings/feeds/business/removal")
async def destroy_for_business() -> Response:
    await db.one("feed_revoke_for_business")
    return after("/settings/feeds", "That link has ended. Remove the calendar from the phones that had it.")


def _shown_once(feed_id: UUID, token: str) -> Response:
    """The words go to the page through the browser that asked for them: nobody else has them."""
    response = after("/settings/feeds")
    set_cookie(response, "feed", f"{feed_id}.{token}", SHOWN_SECONDS)
    return response


@blueprint.get("/ical/<token>.ics")
@by_link
async def show(token: str) -> Response:
    """The calendar, to whoever has its address. What is wrong with one is never said."""
    limit: rate_limit.RateLimit = current_app.config["RATE_LIMIT"]
    network = rate_limit.network(remote_address())
    # One fetches for many: what others guessed from the same network takes nothing from a good address.
    waits = None
    with down_is_unavailable():
        try:
            await limit.check(rate_limit.REFUSED_FEEDS_PER_NETWORK, network)
        except rate_limit.TooMany as too_many:
            waits = too_many
    # Whose it is, is asked as a visitor, and when it was read is noted; the visits are read as its member, who only reads.
    visitor = replace(context.current.get(), read_only=False)
    opened = db.maybe("feed_open", token_hash=link.digest(token), records=waits is None)
    found = (await db.database().run(visitor, [opened]))[0]
    if found is None and waits:
        raise waits
    with down_is_unavailable():
        if found is None:
            await limit.take(rate_limit.REFUSED_FEEDS_PER_NETWORK, network)
            abort(404)
        await limit.take(rate_limit.READS_PER_FEED, str(found.feed_id))
    actor = context.Actor(
        found.business_id, found.role, found.member_id, kind="feed", grant_id=found.feed_id, request_id=g.request_id,
        read_only=True,
    )  # fmt: skip
    everybody = found.kind == "business"
    about, visits = await db.database().run(
        actor, [db.call("feed_calendar"), db.call("feed_visits", everybody=everybody)]
    )
    name, url = (
        f"{about.business}: {'all visits' if everybody else about.member}",
        current_app.config["SETTINGS"].public_url,
    )
    tag = feed.tag(visits, name, about.time_zone, url)
    known = request.if_none_match.contains_weak(tag)
    body = b""
    if not known:
        async with WRITING:
            body = await asyncio.to_thread(feed.written, visits, name, about.time_zone, url, datetime.now(UTC))
    response = Response(body, 304 if known else 200, content_type="text/calendar; charset=utf-8")
    response.set_etag(tag, weak=True)
    response.headers["Content-Disposition"] = 'inline; filename="visits.ics"'
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Vary"] = "Accept-Encoding"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
