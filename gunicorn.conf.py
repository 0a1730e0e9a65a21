"""How gunicorn serves: one gevent worker, because one process holds all boards."""

import gc
import logging
import os
import signal
from typing import Any

bind = f"127.0.0.1:{os.environ.get('PORT', '8000')}"
worker_class = "cli.leaving_worker.LeavingWorker"
workers = 1
worker_connections = 4000
timeout = 60
graceful_timeout = 10
keepalive = 75
control_socket_disable = True
forwarded_allow_ips = ""  # TRUSTED_PROXIES alone says whose headers are believed
accesslog = None
loglevel = "warning"
logconfig_dict = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "blueprints.request_log.JsonLines"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json", "stream": "ext://sys.stderr"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {},  # instead of gunicorn's own, which name handlers of theirs
}

KEPT_BODY = 100_000
"""Bytes of a body after which its connection is closed, read or not."""


def pre_request(_worker: Any, req: Any) -> None:
    """What nobody read of a body gunicorn reads before the next request, without giving way to anybody: a stranger's
    200 MB would hold up everyone for many seconds."""
    sent = dict(req.headers)
    if "TRANSFER-ENCODING" in sent or int(sent.get("CONTENT-LENGTH", 0)) > KEPT_BODY:
        req.force_close()


def settle() -> None:
    """What is there by now lives as long as the worker: to look through all of it for something to throw away, after
    every few hundred kilobytes of pages, would hold everybody up for a tenth of a second each time."""
    gc.collect()
    gc.freeze()


def post_worker_init(worker: Any) -> None:
    """Hold the lock by which a restore knows that the database is served, and start what runs beside the pages. On
    SIGTERM commit what is being typed and close the sockets, so that the worker need not wait for them."""
    import gevent

    from cli import serving_lock

    house = worker.wsgi.extensions["consilium"]
    try:
        serving_lock.hold(worker.wsgi, house.settings.instance_dir)
    except serving_lock.BeingRestored as error:
        logging.getLogger("consilium").critical("not served: %s", error)
        raise SystemExit(3) from None  # by which gunicorn knows that starting anew would not help
    house.serve()
    settle()
    stop = signal.getsignal(signal.SIGTERM)

    def finish(signum: int, frame: Any) -> None:
        gevent.spawn(house.shutdown)
        if callable(stop):
            stop(signum, frame)

    signal.signal(signal.SIGTERM, finish)
