"""Static files from memory: compressed once, immutable names, kept for a year."""

from quart import Blueprint, Response, abort, redirect, request

from crm import render
from crm.auth.middleware import public

blueprint = Blueprint("static", __name__)


@blueprint.get("/static/<path:name>")
@public
async def show(name: str) -> Response:
    """One file by its immutable name; by its plain name (the manifest knows no other) it is sent on."""
    found = render.static.files.get(name)
    if found is None and name in render.static.urls:
        return redirect(render.static.url(name), 307)  # type: ignore[return-value]
    if found is None:
        abort(404)
    response = _sent(*found)
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


@blueprint.get("/sw.js")
@public
async def worker() -> Response:
    """The service worker, from the root because it looks after all pages. Another version of a file is another version of it."""
    response = _sent("text/javascript", *render.worker())
    response.headers["Cache-Control"] = "no-cache"
    return response


def _sent(kind: str, body: bytes, packed: bytes | None) -> Response:
    """Compressed, for who can unpack it."""
    gzip = packed is not None and "gzip" in request.headers.get("Accept-Encoding", "")
    response = Response(packed if gzip else body, content_type=kind)
    response.headers["Vary"] = "Accept-Encoding"
    if gzip:
        response.headers["Content-Encoding"] = "gzip"
    return response


@blueprint.get("/favicon.ico")
@public
async def favicon() -> Response:
    return redirect(render.static.url("icons/app.svg"), 308)  # type: ignore[return-value]
