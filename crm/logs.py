"""One JSON object a line: with a request id, without personal data."""

import json
import logging
import sys
import time
from contextvars import ContextVar

from quart import g, request

request_id: ContextVar[str] = ContextVar("request_id", default="")

FIELDS = ("request_id", "method", "route", "status", "milliseconds", "role", "job", "kind", "attempt", "outcome")


class Lines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created)) + f".{int(record.msecs):03}Z",
            "level": record.levelname.lower(),
            "from": record.name,
            "message": record.getMessage(),
        }
        if known := request_id.get():
            line["request_id"] = known
        line |= {name: getattr(record, name) for name in FIELDS if hasattr(record, name)}
        if record.exc_info and record.exc_info[0]:
            line["error"] = record.exc_info[0].__name__
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, default=str)


def configure(level: int = logging.INFO) -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Lines())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for noisy in ("psycopg", "psycopg.pool", "hypercorn.error", "hypercorn.access", "asyncio"):
        logging.getLogger(noisy).setLevel(logging.ERROR)


def request_line(status: int) -> dict[str, object]:
    session = g.get("session")
    return {
        "request_id": g.get("request_id", ""),
        "method": request.method,
        # The rule, not the path: paths hold ids, links and tokens.
        "route": str(request.url_rule) if request.url_rule else "",
        "status": status,
        "milliseconds": round((time.perf_counter() - g.started) * 1000, 1) if "started" in g else None,
        "role": session.role if session else "visitor",
    }


def request_done(status: int) -> None:
    if (request.endpoint or "").startswith(("health.", "metrics.", "static.")):
        return
    logging.getLogger("crm.request").info("request", extra=request_line(status))
