"""Prometheus metrics at http://127.0.0.1:METRICS_PORT/metrics: a listener of its own, for this machine alone."""

import logging
import threading
from collections import Counter
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from prometheus_client import CollectorRegistry, GCCollector, PlatformCollector, ProcessCollector
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector
from sqlalchemy import Engine, ExceptionContext, event
from sqlalchemy.exc import OperationalError

from models.write_gate import is_busy

log = logging.getLogger(__name__)

LOOPBACK = "127.0.0.1"
LOOK_EVERY = 0.5
"""Seconds until a listener that is told to stop does."""


def count_errors(engine: Engine, counts: Counter[str]) -> None:
    """Count what goes wrong in the database from now on; waiting for another writer is a kind of its own."""

    @event.listens_for(engine, "handle_error")
    def count(context: ExceptionContext) -> None:
        error = context.sqlalchemy_exception
        waits = isinstance(error, OperationalError) and is_busy(error)
        counts["busy" if waits else type(error or context.original_exception).__name__] += 1


class Listener:
    """`start` begins to answer scrapes, each in a thread (under gevent, a greenlet) of its own."""

    def __init__(self, port: int, collector: Collector) -> None:
        self._port = port
        self._registry = CollectorRegistry()
        self._registry.register(collector)
        ProcessCollector(registry=self._registry)
        PlatformCollector(registry=self._registry)
        GCCollector(registry=self._registry)
        self._server: ThreadingHTTPServer | None = None

    def start(self) -> None:
        """A port that is taken is told in the log: plans are served without metrics rather than not at all."""
        try:
            self._server = _Server((LOOPBACK, self._port), _handler(self._page))
        except OSError as error:
            log.error("no metrics: METRICS_PORT %d cannot be used (%s)", self._port, error.strerror)
            return
        threading.Thread(target=self._server.serve_forever, args=(LOOK_EVERY,), name="metrics", daemon=True).start()

    def stop(self) -> None:
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()

    def _page(self, accepts: str) -> tuple[str, bytes]:
        encode, content_type = choose_encoder(accepts)
        return content_type, encode(self._registry)


class _Server(ThreadingHTTPServer):
    daemon_threads = True


def _handler(page: Callable[[str], tuple[str, bytes]]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        timeout = 10
        server_version = "Consilium"
        sys_version = ""

        def do_GET(self) -> None:
            if self.path.split("?", 1)[0] != "/metrics":
                self.send_error(404)
                return
            content_type, body = page(self.headers.get("Accept", ""))
            self.send_response(200)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_arguments: Any) -> None:
            """Scrapes are not worth a line."""

    return Handler
