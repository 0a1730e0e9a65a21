"""The way to the patient's ticks, from the patient's own page and for staff."""

from sqlalchemy import func, select

from access import loaders
from access.grants import Actor, Hidden, OwnTickGrant, StepGrant, TaskGrant, TickGrant
from access.permissions import Permission
from models.base import db
from models.publication import Publication, Withdrawal
from models.task import Task
from models.tick import Tick
from models.version import VersionTask


def step(actor: Actor, patient_id: int, task_id: int) -> StepGrant:
    """A task of those that the patient reads now, to tick it. Raises Hidden for any other, Forbidden for a carer."""
    grant = loaders.portal(actor, patient_id, Permission.PORTAL_WORDS_WRITE)
    newest = select(func.max(Publication.number)).where(Publication.plan_id == grant.plan.id).scalar_subquery()
    row = db.session.scalar(
        select(VersionTask)
        .join(Publication, Publication.version_id == VersionTask.version_id)
        .outerjoin(Withdrawal, Withdrawal.publication_id == Publication.id)
        .where(
            Publication.plan_id == grant.plan.id,
            Publication.number == newest,
            Withdrawal.id.is_(None),
            VersionTask.task_id == task_id,
        )
    )
    if row is None or not row.plain_text.strip():
        raise Hidden(actor, Permission.PORTAL_WORDS_WRITE, f"task:{task_id}", patient_id)
    return StepGrant(grant, row)


def own_tick(actor: Actor, patient_id: int, tick_id: int) -> OwnTickGrant:
    """A tick on the patient's own page, to take it back. Raises Hidden for another patient's, Forbidden for a carer."""
    grant = loaders.portal(actor, patient_id, Permission.PORTAL_WORDS_WRITE)
    row = _tick(grant.plan.id, tick_id)
    if row is None:
        raise Hidden(actor, Permission.PORTAL_WORDS_WRITE, f"tick:{tick_id}", patient_id)
    return OwnTickGrant(grant, row)


def tick(actor: Actor, patient_id: int, tick_id: int) -> TickGrant:
    """A tick under its patient's address, for staff. Raises Hidden for another patient's, Forbidden without the
    right."""
    grant = loaders.patient(actor, patient_id, Permission.TICK_RECORD)
    row = _tick(grant.plan.id, tick_id)
    if row is None:
        raise Hidden(actor, Permission.TICK_RECORD, f"tick:{tick_id}", patient_id)
    return TickGrant(TaskGrant(db.session.get_one(Task, row.task_id), grant), row)


def _tick(plan_id: int, tick_id: int) -> Tick | None:
    return db.session.scalar(
        select(Tick).join(Task, Task.id == Tick.task_id).where(Tick.id == tick_id, Task.plan_id == plan_id)
    )
