"""/metrics for Prometheus: requests by route, the pool, the queue. Numbers and route rules, no names."""

import os
import secrets
import time

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from quart import Blueprint, Response, abort, current_app, g, request

from crm import context, db
from crm.auth.middleware import public
from crm.errors import Unavailable

blueprint = Blueprint("metrics", __name__)

METHODS = ("GET", "HEAD", "POST", "OPTIONS")
PROXIED = ("Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP")

REQUESTS = Counter("crm_requests_total", "Requests answered", ["method", "route", "status"])
SECONDS = Histogram(
    "crm_request_seconds", "Time to answer", ["route"], buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 3, 10)
)
POOL = Gauge(
    "crm_pool_connections", "Database connections of the web processes", ["state"], multiprocess_mode="livesum"
)
QUEUE = Gauge("crm_jobs", "Jobs waiting and jobs buried", ["state"], multiprocess_mode="mostrecent")
LATE = Gauge("crm_jobs_late_seconds", "How late the oldest waiting job is", multiprocess_mode="mostrecent")


@blueprint.after_app_request
async def count(response: Response) -> Response:
    """Count every answer under its route's rule, never its path."""
    route = str(request.url_rule) if request.url_rule else "none"
    method = request.method if request.method in METHODS else "other"
    REQUESTS.labels(method, route, response.status_code).inc()
    if "started" in g:
        SECONDS.labels(route).observe(time.perf_counter() - g.started)
    return response


@blueprint.get("/metrics")
@public
async def show() -> Response:
    """For this machine, or for whoever has CRM_METRICS_TOKEN. Nobody else learns that it exists."""
    token = current_app.config["SETTINGS"].metrics_token
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    local = (
        request.remote_addr in ("127.0.0.1", "::1", "<local>")
        and request.headers.get("Host", "").rpartition(":")[0] in ("localhost", "127.0.0.1", "[::1]")
        and not any(name in request.headers for name in PROXIED)
    )
    if not (secrets.compare_digest(given.encode(), token.encode()) if token else local):
        abort(404)
    stats = db.database().pool.get_stats()
    POOL.labels("open").set(stats.get("pool_size", 0))
    POOL.labels("free").set(stats.get("pool_available", 0))
    POOL.labels("waiting").set(stats.get("requests_waiting", 0))
    try:
        (jobs,) = await db.database().run(context.worker(), [db.call("job_stats")])
        QUEUE.labels("waiting").set(jobs.waiting)
        QUEUE.labels("dead").set(jobs.dead)
        LATE.set(jobs.late_seconds)
    except Unavailable:
        pass  # what the web processes know is still worth telling
    return Response(_text(), content_type=CONTENT_TYPE_LATEST)


def _text() -> bytes:
    """Of this process, or of all that share PROMETHEUS_MULTIPROC_DIR."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return generate_latest()
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return generate_latest(registry)
