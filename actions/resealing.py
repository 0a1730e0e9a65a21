"""Sealing documents, plans' records and audit anew, when the integrity keys are lost for good."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy import Connection, bindparam, select, text, update

from actions import plan_records
from actions.unit_of_work import Work
from livedoc import resealing
from livedoc.chain import Chain
from models.audit import AuditEvent, AuditHead
from models.plan_record import PlanHead
from models.seals import BEGINNING


class Gap(Exception):
    """Rows of the audit are missing; `str()` is the number of the first."""


def reseal(work: Work) -> None:
    """Seal what is there with the present key, as it stands and unverified, and record that. Raises Gap."""
    connection = work.session.connection()
    documents = resealing.reseal(connection, Chain(work.seals))
    with unguarded(connection, ["audit_events", *(kind.__tablename__ for kind in plan_records.KINDS)]):
        records = _reseal_plans(work)
        rows = _reseal_audit(work)
    work.record("reseal", "database", documents=documents, plan_records=records, audit=rows)


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


def _reseal_plans(work: Work) -> int:
    """Put the records of each plan into a chain as they stand; answers how many there are."""
    count = 0
    for head in work.session.scalars(select(PlanHead).order_by(PlanHead.plan_id)):
        head.count, head.last = 0, BEGINNING
        for record in plan_records.of_plan(work.session, head.plan_id):
            head.append(record, work.seals)
            count += 1
    work.session.flush()
    return count


@contextmanager
def unguarded(connection: Connection, tables: Sequence[str]) -> Iterator[None]:
    """The database refuses changes of what is on record; this one change it must take."""
    if connection.dialect.name == "sqlite":
        query = text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN :tables")
        guards = connection.execute(query.bindparams(bindparam("tables", tables, expanding=True))).all()
        for guard in guards:
            connection.exec_driver_sql(f'DROP TRIGGER "{guard.name}"')
        yield
        for guard in guards:
            connection.exec_driver_sql(guard.sql)
    else:
        for table in tables:
            connection.exec_driver_sql(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        yield
        for table in tables:
            connection.exec_driver_sql(f"ALTER TABLE {table} ENABLE TRIGGER USER")
