"""/outbox in `crm run`: the mail that would have been sent."""

from quart import Blueprint, Response, abort, current_app

from crm.auth.middleware import public
from crm.clients.valkey import down_is_unavailable
from crm.render import render

blueprint = Blueprint("outbox", __name__)


@blueprint.get("/outbox")
@public
async def index() -> Response:
    """The last fifty messages. Not there at all where mail is really sent."""
    outbox = current_app.config["OUTBOX"]
    if outbox is None:
        abort(404)
    with down_is_unavailable():
        return await render("outbox/index", mails=await outbox.list())
