"""The session: ending it, here or everywhere."""

from quart import Blueprint, Response, current_app, g, redirect

from crm.auth.middleware import drop_cookie
from crm.clients.valkey import down_is_unavailable

blueprint = Blueprint("session", __name__)


@blueprint.post("/auth/logout")
async def destroy() -> Response:
    with down_is_unavailable():
        await current_app.config["SESSIONS"].end(g.session_cookie)
    return _gone()


@blueprint.post("/auth/logout/everywhere")
async def destroy_all() -> Response:
    with down_is_unavailable():
        await current_app.config["SESSIONS"].end_all(g.session.account_id)
    return _gone()


def _gone() -> Response:
    """Back to sign-in; the browser forgets what it kept for this person."""
    response: Response = redirect("/login", 303)  # type: ignore[assignment]
    drop_cookie(response, "session")
    response.headers["Clear-Site-Data"] = '"storage"'
    return response
