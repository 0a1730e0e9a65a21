"""Views and denials, each one row per session, thing and ten minutes."""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta

from sqlalchemy import select

from access.grants import Actor, Refusal
from access.permissions import Permission
from actions.unit_of_work import Units, Work
from models.audit import AuditEvent, Outcome
from models.base import db

REPEAT = timedelta(minutes=10)

Also = Callable[[Work], None]


def record_view(
    units: Units, actor: Actor, permission: Permission, thing: str, patient_id: int | None, also: Also | None = None
) -> bool:
    """Someone looked at a patient's page, at a list over patients, or a part of it was refreshed for them. `also` is
    done in the same change."""
    return _record_once(units, actor, permission, thing, patient_id, Outcome.VIEWED, also)


def record_views(units: Units, actor: Actor, permission: Permission, patient_ids: Collection[int]) -> None:
    """Someone was shown something of several patients' records, as a search does."""
    things = {f"patient:{patient_id}": patient_id for patient_id in sorted(set(patient_ids))}
    if not things:
        return
    recorded = set(
        db.session.scalars(
            select(AuditEvent.thing).where(
                AuditEvent.session_id == actor.session_id,
                AuditEvent.thing.in_(things),
                AuditEvent.action == permission,
                AuditEvent.outcome == Outcome.VIEWED,
                AuditEvent.at > units.clock() - REPEAT,
            )
        )
    )
    if things.keys() - recorded:
        with units.begin(actor, fresh=False) as work:
            for thing, patient_id in things.items():
                if thing not in recorded:
                    work.record(permission, thing, patient_id, Outcome.VIEWED)


def record_denial(units: Units, refusal: Refusal) -> None:
    """Someone was refused, whether they were told that the thing exists or not."""
    _record_once(units, refusal.actor, refusal.permission, refusal.thing, refusal.patient_id, Outcome.DENIED)


def _record_once(
    units: Units,
    actor: Actor | None,
    action: str,
    thing: str,
    patient_id: int | None,
    outcome: Outcome,
    also: Also | None = None,
) -> bool:
    if actor is not None and _is_repeat(actor, action, thing, outcome, units.clock() - REPEAT):
        return False
    with units.begin(actor, fresh=False) as work:
        work.record(action, thing, patient_id, outcome)
        if also is not None:
            also(work)
    return True


def _is_repeat(actor: Actor, action: str, thing: str, outcome: Outcome, since: datetime) -> bool:
    query = select(AuditEvent.id).where(
        AuditEvent.session_id == actor.session_id,
        AuditEvent.thing == thing,
        AuditEvent.action == action,
        AuditEvent.outcome == outcome,
        AuditEvent.at > since,
    )
    return db.session.execute(query.limit(1)).first() is not None
