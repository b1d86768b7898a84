"""The front door."""

from quart import Blueprint, Response, g, redirect

blueprint = Blueprint("home", __name__)

HOMES = {"owner": "/calendar/day", "office": "/calendar/day", "technician": "/day"}


@blueprint.get("/")
async def index() -> Response:
    """Everybody's own first page."""
    return redirect(HOMES[g.session.role], 303)  # type: ignore[return-value]
