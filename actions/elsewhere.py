"""Open alerts as those see them who were told because nobody took care, and who do not read the patient's record."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, exists, select

from access.grants import Actor
from access.reach import in_states, readable
from models.alert import Alert
from models.base import db
from models.notification import NoticeKind, Notification
from models.patient import CareTeamMember, Patient, ResponsibleClinician
from models.plan_state import CLOSED
from models.user import User


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """An alert about the patient whom the clinic knows by `number`; `responsible` answers for the plan, `team` are the
    others of the care team, by name."""

    patient_id: int
    number: str
    at: datetime
    responsible: str | None
    team: Sequence[str]


def told_of(actor: Actor) -> Sequence[Elsewhere]:
    """Oldest first; one statement, however many there are."""
    is_told = exists().where(
        Notification.alert_id == Alert.id,
        Notification.user_id == actor.user_id,
        Notification.kind == NoticeKind.ALERT_ELSEWHERE,
    )
    responsible = (
        select(ResponsibleClinician.user_id)
        .where(ResponsibleClinician.patient_id == Patient.id, ResponsibleClinician.until.is_(None))
        .correlate(Patient)
        .scalar_subquery()
    )
    is_elsewhere = and_(Patient.id.not_in(readable(actor)), Patient.id.not_in(in_states(*CLOSED)))
    rows = db.session.execute(
        select(
            Alert.id, Patient.id.label("patient_id"), Patient.number, Alert.raised_at, User.name, User.id == responsible
        )
        .join(Patient, Patient.id == Alert.patient_id)
        .outerjoin(CareTeamMember, (CareTeamMember.patient_id == Patient.id) & CareTeamMember.until.is_(None))
        .outerjoin(User, User.id == CareTeamMember.user_id)
        .where(Alert.acknowledged_at.is_(None), is_told.correlate(Alert), is_elsewhere)
        .order_by(Alert.raised_at, Alert.id, User.name)
    ).all()
    found: dict[int, Elsewhere] = {}
    for alert_id, patient_id, number, at, name, is_responsible in rows:
        former = found.get(alert_id) or Elsewhere(patient_id, number, at, None, ())
        if is_responsible:
            found[alert_id] = Elsewhere(patient_id, number, at, name, former.team)
        else:
            found[alert_id] = Elsewhere(
                patient_id, number, at, former.responsible, [*former.team, *([name] if name else [])]
            )
    return list(found.values())
