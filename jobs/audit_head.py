"""The audit's head goes to the log, out of reach of whoever can write the database.

`flask audit verify --log FILE` compares: a tail that was cut together with its head in the database is noticed.
"""

import logging

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from actions import audit_chain
from actions.audit_chain import Head

log = logging.getLogger("consilium.audit")


def announce(engine: Engine) -> None:
    """Log count and seal of the last audit row, once there is one."""
    head = _head(engine)
    if head is not None and head.count:
        log.info("audit head", extra={"fields": {"count": head.count, "head": str(head)}})


def rows(engine: Engine) -> int | None:
    """How many rows the audit has, or None while the database does not answer."""
    try:
        head = _head(engine)
    except SQLAlchemyError:
        return None
    return head.count if head is not None else 0


def _head(engine: Engine) -> Head | None:
    with engine.connect() as connection:
        return audit_chain.current(connection)
