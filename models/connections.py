"""How connections behave; what SQLite needs besides is set up in `models.base`."""

from typing import Any

from sqlalchemy import make_url

QUIET = {"hide_parameters": True}
"""What a statement carried is not in the message of its error: it may be a patient's."""

POOL = {"pool_size": 10, "max_overflow": 20, "pool_timeout": 5, "pool_pre_ping": True, "pool_use_lifo": True}
"""One gevent worker: greenlets use a connection for milliseconds, so ten serve thousands of people. Each is tried
before it is used, so that a database that was away is back with the next request."""

LIMITS = {
    "statement_timeout": "30s",
    "lock_timeout": "5s",
    "idle_in_transaction_session_timeout": "60s",
}
"""What a page may wait for at most; no transaction of a hung process holds its locks for good."""

REACH = {
    "connect_timeout": 5,
    "keepalives_idle": 30,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
}
"""Seconds (the last: milliseconds) until a database machine that fell silent counts as away."""


def engine_options(url: str) -> dict[str, Any]:
    """What SQLAlchemy's engine needs besides the address. `options` of the address may change the limits; that a
    commit is on the disk when it is answered is not for sale."""
    address = make_url(url)
    if address.get_backend_name() != "postgresql":
        return QUIET
    given = address.query.get("options", "")
    settings = [f"-c {name}={value}" for name, value in {"timezone": "UTC", **LIMITS}.items()]
    settings += [given] if isinstance(given, str) else list(given)
    named = {"application_name": "consilium"} | REACH
    return {
        **QUIET,
        **POOL,
        "connect_args": {
            **{name: value for name, value in named.items() if name not in address.query},
            "options": " ".join([*settings, "-c synchronous_commit=on"]),
        },
    }
