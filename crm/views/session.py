"""The session: ending it, here or everywhere, or going on in another business."""

from uuid import UUID

from quart import Blueprint, Response, abort, current_app, g, redirect

from crm import db, forms
from crm.auth.middleware import drop_cookie
from crm.clients.valkey import down_is_unavailable
from crm.context import Actor
from crm.render import render
from crm.views.sign_in import enter

blueprint = Blueprint("session", __name__)


@blueprint.get("/auth/business")
async def edit() -> Response:
    """The businesses of this account, by name."""
    places = []
    for place in await db.many("membership_list", account_id=g.session.account_id):
        actor = Actor(place.business_id, place.role, place.member_id, request_id=g.request_id, read_only=True)
        (profile,) = await db.database().run(actor, [db.call("session_profile")])
        places.append((place.business_id, profile.business, place.role))
    return await render("session/edit", places=places, here=g.session.business_id)


@blueprint.post("/auth/business")
async def update() -> Response:
    """Go on in another business of this account."""
    wanted: UUID | None = await forms.identifier("business_id")
    places = {place.business_id: place for place in await db.many("membership_list", account_id=g.session.account_id)}
    if wanted not in places:
        abort(404)
    return await enter(g.session.account_id, places[wanted], "/", previous=g.session_cookie)


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
    """Back to sign-in, whose page has the browser forget what it kept for this person: drafts and pages. What waits to be
    sent stays until they sign in again, so the storage as a whole is not cleared."""
    response: Response = redirect("/login?signed_out=1", 303)  # type: ignore[assignment]
    drop_cookie(response, "session")
    return response
