"""Is it alive, is it ready, and how long does each part take."""

import time
from collections.abc import Awaitable, Callable
from typing import Any

from quart import Blueprint, Response, current_app, jsonify

from crm import db
from crm.auth.middleware import public

blueprint = Blueprint("health", __name__)


async def _timed(check: Callable[[], Awaitable[Any]]) -> dict[str, object]:
    started = time.perf_counter()
    try:
        await check()
        state = "ok"
    except Exception:  # whatever it is, it is down; what exactly is in the log, not in public
        state = "down"
    return {"state": state, "milliseconds": round((time.perf_counter() - started) * 1000, 1)}


async def _database() -> None:
    async with db.database().pool.connection(timeout=1) as connection:
        await connection.execute("select 1")


async def _parts() -> dict[str, dict[str, object]]:
    parts = {"database": await _timed(_database), "valkey": await _timed(current_app.config["VALKEY"].ping)}
    if vault := current_app.config["VAULT"]:
        # Secrets are in memory: a Vault that is down is worth knowing, but no reason to send nobody here.
        parts["vault"] = {
            "state": "ok" if vault.state == "ok" else "stale",
            "last_ok_seconds_ago": vault.last_ok_seconds_ago,
        }
    return parts


@blueprint.get("/health/live")
@public
async def live() -> Response:
    """This process answers."""
    return jsonify(state="ok")


@blueprint.get("/health/ready")
@public
async def ready() -> tuple[Response, int]:
    """Send traffic here, or do not."""
    fine = all(part["state"] != "down" for part in (await _parts()).values())
    return jsonify(state="ok" if fine else "down"), 200 if fine else 503


@blueprint.get("/health")
@public
async def show() -> tuple[Response, int]:
    """Each part with its latency, never a secret."""
    parts = await _parts()
    fine = all(part["state"] != "down" for part in parts.values())
    return jsonify(state="ok" if fine else "down", parts=parts), 200 if fine else 503
