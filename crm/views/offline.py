"""Without a connection: what then works, what waits on this phone, and what its queue asks before it sends."""

import time

from quart import Blueprint, Response, jsonify

from crm.render import csrf_token, keep, member_key, render

blueprint = Blueprint("offline", __name__)


@blueprint.get("/offline")
async def show() -> Response:
    """Shown in the place of a page that is not on this phone."""
    return keep(await render("offline/show"))


@blueprint.get("/offline/queue")
async def index() -> Response:
    """What waits to be sent. The list is on the phone; its script fills it in."""
    return keep(await render("offline/index"))


@blueprint.get("/offline/token")
async def token() -> Response:
    """For the queue, before it sends: who is signed in now, the token of their forms, and what time it is."""
    return jsonify(whose=member_key(), csrf=csrf_token(), now=round(time.time() * 1000))
