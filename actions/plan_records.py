"""Puts versions, signatures, publications and answers on record: each behind the plan's last."""

from typing import TypeVar

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from actions.unit_of_work import Work
from models.plan import Plan
from models.plan_record import PlanHead, PlanRecord
from models.publication import DeclinedSignature, PatientAnswer, Publication, Signature, Withdrawal
from models.record_release import RecordRelease
from models.seals import BEGINNING
from models.version import Version

KINDS: tuple[type[PlanRecord], ...] = (
    *(Version, Signature, DeclinedSignature, Publication, Withdrawal, PatientAnswer, RecordRelease),
)
"""All that is put on record; a new kind joins here, and is verified with the others."""

R = TypeVar("R", bound=PlanRecord)


def append(work: Work, plan: Plan, record: R) -> R:
    """Give a new row its id and its place in the plan's chain, add it, and say so in the audit. It is complete then:
    nothing of what its seal covers can change any more.

    Units of work take turns to write, so the next id is the highest and one.
    """
    kind = type(record)
    with work.session.no_autoflush:
        highest = work.session.scalar(select(func.max(kind.id)))
        head = work.session.scalars(
            select(PlanHead)
            .where(PlanHead.plan_id == plan.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        ).one_or_none()
    if head is None:
        head = PlanHead(plan_id=plan.id, count=0, last=BEGINNING, seal=BEGINNING)
        work.session.add(head)
    record.id = (highest or 0) + 1
    record.plan_id = plan.id
    head.append(record, work.seals)
    work.session.add(record)
    work.session.flush()
    work.record(kind.PURPOSE, f"{kind.__tablename__}:{record.id}", plan.patient_id, place=record.place)
    return record


def of_plan(session: Session, plan_id: int) -> list[PlanRecord]:
    """All records of a plan in the order of their places."""
    found: list[PlanRecord] = []
    for kind in KINDS:
        found += session.scalars(select(kind).where(kind.plan_id == plan_id).execution_options(populate_existing=True))
    return sorted(found, key=lambda record: record.place)
