"""One JSON line per request: what was asked and how it went, with no clinical text and no secret."""

import json
import logging
import re
import secrets
import sys
import time
from datetime import UTC, datetime

from flask import Flask, Response, g, has_request_context, request
from flask_login import current_user

from tally.tally import Requests

_ACCEPTABLE_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
log = logging.getLogger("consilium.request")


class JsonLines(logging.Formatter):
    """A record as one JSON object; exceptions as their type and places, never their values' text."""

    def format(self, record: logging.LogRecord) -> str:
        entry: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if has_request_context() and "request_id" in g:
            entry["request"] = g.request_id
        entry.update(getattr(record, "fields", {}))
        if record.exc_info and record.exc_info[0]:
            entry["exception"] = record.exc_info[0].__name__
            entry["trace"] = _places(record)
        return json.dumps(entry, ensure_ascii=False)


def _places(record: logging.LogRecord) -> list[str]:
    places = []
    trace = record.exc_info[2] if record.exc_info else None
    while trace is not None:
        code = trace.tb_frame.f_code
        places.append(f"{code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return places


def configure(level: str) -> None:
    """Send all logs to standard error as JSON lines. The socket layers stay quiet: they would log packets."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    logging.getLogger("consilium.audit").setLevel(logging.INFO)  # a quieter log must not lose the audit's heads
    for noisy in ("engineio", "socketio", "engineio.server", "socketio.server", "alembic"):
        logging.getLogger(noisy).setLevel(logging.ERROR)


def install(app: Flask, counts: Requests) -> None:
    @app.before_request
    def begin() -> None:
        given = request.headers.get("X-Request-ID", "")
        g.request_id = given if _ACCEPTABLE_ID.fullmatch(given) else secrets.token_hex(8)
        g.request_began = time.perf_counter()

    @app.after_request
    def finish(response: Response) -> Response:
        response.headers["X-Request-ID"] = g.get("request_id", "")
        _count(counts, response)
        if request.endpoint not in ("static", "health.alive"):
            log.info("request", extra={"fields": _fields(response)})
        return response


def _count(counts: Requests, response: Response) -> None:
    """By the rule of the route and a method we know: whatever a stranger sends, there are so many counters."""
    rule = "static" if request.endpoint == "static" else request.url_rule.rule if request.url_rule else "none"
    method = request.method if request.method in _METHODS else "other"
    counts.answered[rule, method, response.status_code] += 1
    counts.seconds[rule].observe(time.perf_counter() - g.get("request_began", time.perf_counter()))


def _fields(response: Response) -> dict[str, object]:
    signed_in = "_login_user" in g and current_user.is_authenticated  # a refusal at the gate asks nobody who it is
    return {
        "method": request.method,
        "route": request.url_rule.rule if request.url_rule else None,
        "ids": {name: value for name, value in (request.view_args or {}).items() if isinstance(value, int)},
        "status": response.status_code,
        "ms": round((time.perf_counter() - g.get("request_began", time.perf_counter())) * 1000, 1),
        "user": current_user.actor.user_id if signed_in else None,
    }
