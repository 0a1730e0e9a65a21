"""What presses about patients: alerts that are open and questions that wait, together in one statement, or as part of
one that is asked anyway."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    SQLColumnExpression,
    String,
    Subquery,
    and_,
    case,
    cast,
    exists,
    func,
    literal,
    null,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import aliased

from access.grants import Actor
from access.reach import in_states, open_plans
from models.alert import Alert, AlertEscalation, AlertKind
from models.base import db
from models.notification import NoticeKind, Notification
from models.patient import Patient, ResponsibleClinician
from models.plan_state import CLOSED
from models.question import PatientQuestion, QuestionTriage, Urgency
from models.types import UtcDateTime
from models.user import Role, User

ALERT, QUESTION = "alert", "question"
MOST = 100
"""Of each, at one look."""


@dataclass(frozen=True, slots=True)
class OpenAlert:
    """`words` are those that raised it, said by `who`; `step` counts how often it went further. `is_elsewhere`: the
    reader was told because nobody took care, and does not read the record: name and words are left out."""

    id: int
    patient_id: int
    patient: str
    number: str
    kind: AlertKind
    words: str
    who: str
    at: datetime
    step: int
    is_elsewhere: bool
    origin_id: int


@dataclass(frozen=True, slots=True)
class WaitingQuestion:
    """`urgency` is what `triaged_by` said last; None as long as nobody did. `is_risk`: the form's question was answered
    with yes."""

    id: int
    patient_id: int
    patient: str
    words: str
    who: str
    way: str
    asked_on: date
    at: datetime
    is_risk: bool
    urgency: Urgency | None
    triaged_by: str
    triaged_at: datetime | None


@dataclass(frozen=True, slots=True)
class Pressing:
    """Alerts, those open longest first; questions: urgent ones, those that nobody looked at, those to answer now, and
    those for the next conference."""

    alerts: Sequence[OpenAlert] = ()
    questions: Sequence[WaitingQuestion] = ()

    @property
    def lines(self) -> Sequence[WaitingQuestion]:
        """The questions beside the alerts: without those whose words an alert shows already."""
        shown = {each.origin_id for each in self.alerts if each.kind is AlertKind.AT_RISK}
        return [each for each in self.questions if each.id not in shown]


def rows(patient: ColumnElement[bool], asked: ColumnElement[bool]) -> Subquery:
    """All that presses of patients that fit `patient`; of questions those that fit `asked` besides. Both are conditions
    on `Patient`."""
    return union_all(_alerts().where(patient), _questions().where(patient, asked)).subquery("pressing")


def of_actor(actor: Actor) -> Pressing:
    """Alerts about all patients whose record the actor reads, those told of elsewhere, and questions that are theirs to
    answer: as responsible clinician, or as coordinator of the care team. One statement."""
    is_theirs = (
        true()
        if Role.COORDINATOR in actor.roles
        else exists().where(
            ResponsibleClinician.patient_id == Patient.id,
            ResponsibleClinician.user_id == actor.user_id,
            ResponsibleClinician.until.is_(None),
        )
    )
    reads = Patient.id.in_(open_plans(actor))
    alerts, asked = _alerts(reads).where(or_(reads, _is_told(actor))), _questions().where(reads, is_theirs)
    found = union_all(alerts, asked).subquery("pressing")
    return read(db.session.execute(select(*found.c)))


def alerts_of(actor: Actor) -> Sequence[OpenAlert]:
    """Open alerts about patients whose record the actor reads; one statement."""
    found = _alerts().where(Patient.id.in_(open_plans(actor))).subquery("pressing")
    return read(db.session.execute(select(*found.c))).alerts


def of_patient(patient_id: int) -> Pressing:
    found = rows(Patient.id == patient_id, true())
    return read(db.session.execute(select(*found.c)))


def _is_told(actor: Actor) -> ColumnElement[bool]:
    told = exists().where(
        Notification.alert_id == Alert.id,
        Notification.user_id == actor.user_id,
        Notification.kind == NoticeKind.ALERT_ELSEWHERE,
        Notification.patient_id.not_in(in_states(*CLOSED)),
    )
    return told.correlate(Alert)


def read(found: Iterable[Any]) -> Pressing:
    """Rows with the columns of `rows`, others among them; one whose `what` is null is none."""
    alerts, questions = [], []
    for row in found:
        if row.what == ALERT:
            alerts.append(
                OpenAlert(
                    id=row.thing_id,
                    patient_id=row.patient_id,
                    patient=row.patient or "",
                    number=row.number,
                    kind=AlertKind(row.kind),
                    words=row.words or "",
                    who=row.who or "",
                    at=row.at,
                    step=row.step,
                    is_elsewhere=row.patient is None,
                    origin_id=row.origin_id,
                )
            )
        elif row.what == QUESTION:
            questions.append(
                WaitingQuestion(
                    id=row.thing_id,
                    patient_id=row.patient_id,
                    patient=row.patient,
                    words=row.words,
                    who=row.who,
                    way=row.way,
                    asked_on=row.asked_on,
                    at=row.at,
                    is_risk=row.step > 0,
                    urgency=Urgency(row.kind) if row.kind else None,
                    triaged_by=row.triaged_by or "",
                    triaged_at=row.triaged_at,
                )
            )
    places = [Urgency.URGENT, None, Urgency.NOW, Urgency.CONFERENCE]
    return Pressing(
        sorted(alerts, key=lambda each: (each.at, each.id))[:MOST],
        sorted(questions, key=lambda each: (places.index(each.urgency), each.at, each.id))[:MOST],
    )


def _alerts(reads: ColumnElement[bool] | None = None) -> Any:
    """With name and words where the condition `reads` holds, everywhere without one."""

    def known(column: SQLColumnExpression[str]) -> SQLColumnExpression[str]:
        return column if reads is None else case((reads, column))

    step = (
        select(func.coalesce(func.max(AlertEscalation.step), 0))
        .where(AlertEscalation.alert_id == Alert.id)
        .correlate(Alert)
        .scalar_subquery()
    )
    return (
        select(
            literal(ALERT).label("what"),
            Alert.id.label("thing_id"),
            Alert.origin_id.label("origin_id"),
            Patient.id.label("patient_id"),
            known(Patient.name).label("patient"),
            Patient.number.label("number"),
            Alert.kind.label("kind"),
            known(PatientQuestion.text).label("words"),
            known(PatientQuestion.told_by).label("who"),
            cast(null(), String).label("way"),
            cast(null(), Date).label("asked_on"),
            Alert.raised_at.label("at"),
            step.label("step"),
            cast(null(), String).label("triaged_by"),
            cast(null(), UtcDateTime()).label("triaged_at"),
        )
        .join(Patient, Patient.id == Alert.patient_id)
        .outerjoin(PatientQuestion, and_(Alert.kind == AlertKind.AT_RISK, PatientQuestion.id == Alert.origin_id))
        .where(Alert.acknowledged_at.is_(None))
    )


def _questions() -> Any:
    triage, by = aliased(QuestionTriage), aliased(User)
    newest = (
        select(func.max(QuestionTriage.id))
        .where(QuestionTriage.question_id == PatientQuestion.id)
        .correlate(PatientQuestion)
        .scalar_subquery()
    )
    return (
        select(
            literal(QUESTION).label("what"),
            PatientQuestion.id.label("thing_id"),
            PatientQuestion.id.label("origin_id"),
            Patient.id.label("patient_id"),
            Patient.name.label("patient"),
            Patient.number.label("number"),
            triage.urgency.label("kind"),
            PatientQuestion.text.label("words"),
            PatientQuestion.told_by.label("who"),
            PatientQuestion.way.label("way"),
            PatientQuestion.asked_on.label("asked_on"),
            PatientQuestion.asked_at.label("at"),
            case((PatientQuestion.is_risk, literal(1, Integer)), else_=literal(0, Integer)).label("step"),
            by.name.label("triaged_by"),
            triage.at.label("triaged_at"),
        )
        .join(Patient, Patient.id == PatientQuestion.patient_id)
        .outerjoin(triage, triage.id == newest)
        .outerjoin(by, by.id == triage.by_id)
        .where(PatientQuestion.answered_at.is_(None))
    )
