"""Versions of My work: those that a clinician's discipline is to sign, and those that wait to be published."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, func, select

from access.grants import Actor
from access.reach import open_plans
from models.base import db
from models.discipline import Discipline
from models.patient import Involvement, Patient, ResponsibleClinician
from models.plan import Plan
from models.publication import DeclinedSignature, Publication, Signature
from models.version import Version, VersionKind


@dataclass(frozen=True, slots=True)
class ToSign:
    """A version before the team. `is_mine`: one's discipline has neither signed nor declined; else every involved one
    has answered, and the actor is to publish it."""

    patient_id: int
    patient: str
    reason: str
    at: datetime
    is_mine: bool
    signed: int
    of: int


def to_sign(actor: Actor) -> Sequence[ToSign]:
    """Oldest first; one statement."""
    newest = select(func.max(Version.id)).where(Version.kind == VersionKind.SIGN_OFF).group_by(Version.plan_id)
    own = select(Discipline.id).where(Discipline.key == actor.discipline).scalar_subquery()
    of_patient = Involvement.patient_id == Patient.id, Involvement.until.is_(None)

    def given(kind: type[Signature] | type[DeclinedSignature]) -> ColumnElement[bool]:
        return exists().where(kind.version_id == Version.id, kind.discipline_id == own).correlate(Version)

    def answered(kind: type[Signature] | type[DeclinedSignature]) -> ColumnElement[int]:
        return (
            select(func.count())
            .select_from(kind)
            .join(Involvement, and_(Involvement.discipline_id == kind.discipline_id, *of_patient))
            .where(kind.version_id == Version.id)
            .correlate(Version, Patient)
            .scalar_subquery()
        )

    rows = db.session.execute(
        select(
            Patient.id,
            Patient.name,
            Version.reason,
            Version.at,
            exists().where(*of_patient, Involvement.discipline_id == own).correlate(Patient).label("is_involved"),
            given(Signature).label("signs"),
            given(DeclinedSignature).label("declines"),
            answered(Signature).label("signed"),
            answered(DeclinedSignature).label("declined"),
            select(func.count()).where(*of_patient).correlate(Patient).scalar_subquery().label("of"),
            ResponsibleClinician.id.label("responsible"),
        )
        .join(Plan, Plan.id == Version.plan_id)
        .join(Patient, Patient.id == Plan.patient_id)
        .outerjoin(
            ResponsibleClinician,
            and_(
                ResponsibleClinician.patient_id == Patient.id,
                ResponsibleClinician.until.is_(None),
                ResponsibleClinician.user_id == actor.user_id,
            ),
        )
        .where(
            Version.id.in_(newest),
            ~exists().where(Publication.version_id == Version.id),
            Patient.id.in_(open_plans(actor)),
        )
        .order_by(Version.at, Version.id)
    ).all()
    found = []
    for row in rows:
        is_mine = row.is_involved and not row.signs and not row.declines
        if is_mine or (row.responsible is not None and row.signed + row.declined >= row.of):
            found.append(ToSign(row.id, row.name, row.reason, row.at, is_mine, row.signed, row.of))
    return found
