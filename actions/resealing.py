"""Sealing documents and audit anew, when the integrity keys are lost for good."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, select, text, update

from actions.unit_of_work import Work
from livedoc import resealing
from livedoc.chain import Chain
from models.audit import AuditEvent, AuditHead
from models.seals import BEGINNING


class Gap(Exception):
    """Rows of the audit are missing; `str()` is the number of the first."""


def reseal(work: Work) -> None:
    """Seal what is there with the present key, as it stands and unverified, and record that. Raises Gap."""
    connection = work.session.connection()
    documents = resealing.reseal(connection, Chain(work.seals))
    with _unguarded(connection):
        rows = _reseal_audit(work)
    work.record("reseal", "database", documents=documents, audit=rows)


def _reseal_audit(work: Work) -> int:
    place, count = BEGINNING, 0
    for event in work.session.scalars(select(AuditEvent).order_by(AuditEvent.id).execution_options(yield_per=1000)):
        count += 1
        if event.id != count:
            raise Gap(count)
        place = work.seals.link(AuditEvent.PURPOSE, place, *event.sealed_fields())
        work.session.execute(update(AuditEvent).where(AuditEvent.id == count).values(seal=place))
    work.session.execute(update(AuditHead).values(count=count, seal=place))
    return count


@contextmanager
def _unguarded(connection: Connection) -> Iterator[None]:
    """The database refuses changes of audit rows; this one change it must take."""
    if connection.dialect.name == "sqlite":
        query = text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_events'")
        guards = connection.execute(query).all()
        for guard in guards:
            connection.exec_driver_sql(f'DROP TRIGGER "{guard.name}"')
        yield
        for guard in guards:
            connection.exec_driver_sql(guard.sql)
    else:
        connection.exec_driver_sql("ALTER TABLE audit_events DISABLE TRIGGER USER")
        yield
        connection.exec_driver_sql("ALTER TABLE audit_events ENABLE TRIGGER USER")
