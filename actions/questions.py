"""What patients ask the team: told at once, sorted by how soon it wants an answer, and answered by name."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ScalarSelect, exists, or_, select
from sqlalchemy.orm import joinedload, selectinload

from access.grants import PatientGrant, PortalGrant, QuestionGrant
from access.permissions import Permission
from access.reach import membership
from actions import alerts, notices
from actions.colleagues import colleagues
from actions.unfit import Fault, Problem, Unfit
from actions.unit_of_work import Work
from models.alert import Alert, AlertKind
from models.base import db
from models.notification import NoticeKind
from models.patient import ResponsibleClinician
from models.publication import AnswerWay
from models.question import PatientQuestion, QuestionAnswer, QuestionTriage, Urgency
from models.user import Role, UserRole

MAX_WORDS = 2000
"""Letters of a question, or of an answer."""
MOST = 50
"""Questions on one page."""
TWICE = timedelta(minutes=10)
"""Within so long the same words of the same person are the same question, sent twice."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as a form holds it. `is_risk` is None as long as nobody chose; `told_by` is whose words these are,
    `told_to_id` who heard them, if they did not come by the patient's page."""

    text: str
    is_risk: bool | None
    way: AnswerWay
    told_by: str
    on: date
    told_to_id: int | None = None


def ask(
    work: Work, grant: PatientGrant | PortalGrant, permission: Permission, asked: Asked, today: date
) -> PatientQuestion:
    """Put a question before the team; a yes to the question of risk raises an alert in the same commit.

    Raises Unfit by field. With a yes no words are too few or too many: somebody may need help now.
    """
    text, told_by = asked.text.strip(), " ".join(asked.told_by.split())
    faults = _faults(work, grant.patient.id, asked, text, told_by, today)
    if faults:
        raise Unfit(faults)
    assert asked.is_risk is not None
    former = _sent_already(work, grant.patient.id, text, asked.is_risk)
    if former is not None:
        return former
    question = PatientQuestion(
        patient_id=grant.patient.id,
        text=text,
        is_risk=asked.is_risk,
        way=asked.way,
        told_by=told_by,
        told_to_id=asked.told_to_id,
        asked_on=asked.on,
        asked_at=work.now,
        by_id=work.actor_id,
    )
    work.session.add(question)
    work.session.flush()
    work.record(permission, f"question:{question.id}", grant.patient.id, way=asked.way)
    if asked.is_risk:
        alerts.raise_alert(work, grant.plan, AlertKind.AT_RISK, question.id)
    else:
        _tell(work, question, NoticeKind.PATIENT_QUESTION)
    work.touched(grant.patient.id)
    work.board_changed(grant.plan.id, "questions")
    return question


def triage(work: Work, grant: QuestionGrant, urgency: Urgency) -> None:
    """Say how soon it wants an answer; what was said before stays. Raises Unfit for one that is answered."""
    if grant.question.answered_at is not None:
        raise Unfit({"urgency": Problem.CHANGED})
    row = QuestionTriage(question_id=grant.question.id, urgency=urgency, at=work.now, by_id=work.actor_id)
    work.session.add(row)
    notices.see_question(work, grant.question.id)
    if urgency is Urgency.URGENT:
        _tell(work, grant.question, NoticeKind.URGENT_QUESTION)
    _changed(work, grant, change="triage", urgency=urgency)


def answer(work: Work, grant: QuestionGrant, words: str) -> QuestionAnswer:
    """What the patient reads from now on; a second answer stands below the first, and the same one sent twice once.
    Raises Unfit."""
    words = words.strip()
    if not words:
        raise Unfit({"words": Problem.EMPTY})
    if len(words) > MAX_WORDS:
        raise Unfit({"words": Fault(Problem.TOO_LONG, str(MAX_WORDS))})
    last = grant.question.answers[-1] if grant.question.answers else None
    if last is not None and (last.by_id, last.words) == (work.actor_id, words) and last.at > work.now - TWICE:
        return last
    row = QuestionAnswer(question_id=grant.question.id, words=words, at=work.now, by_id=work.actor_id)
    work.session.add(row)
    if grant.question.answered_at is None:
        grant.question.answered_at = work.now
    notices.settle(work, question_id=grant.question.id)
    _changed(work, grant, change="answered")
    return row


def of_patient(patient_id: int, most: int = MOST) -> Sequence[PatientQuestion]:
    """A patient's questions with all that was said of them, newest first."""
    return (
        db.session.scalars(
            select(PatientQuestion)
            .options(
                joinedload(PatientQuestion.by),
                joinedload(PatientQuestion.told_to),
                selectinload(PatientQuestion.answers).joinedload(QuestionAnswer.by),
                selectinload(PatientQuestion.triages).joinedload(QuestionTriage.by),
            )
            .where(PatientQuestion.patient_id == patient_id)
            .order_by(PatientQuestion.id.desc())
            .limit(most)
        )
        .unique()
        .all()
    )


def for_conference(patient_ids: Sequence[int]) -> Sequence[PatientQuestion]:
    """Those of some patients that wait for the next conference, oldest first."""
    latest = latest_urgency()
    return (
        db.session.scalars(
            select(PatientQuestion)
            .where(
                PatientQuestion.patient_id.in_(patient_ids),
                PatientQuestion.answered_at.is_(None),
                latest == Urgency.CONFERENCE,
            )
            .order_by(PatientQuestion.asked_at, PatientQuestion.id)
        )
        .unique()
        .all()
    )


def answerers(work: Work, patient_id: int) -> frozenset[int]:
    """Who is told of a patient's questions: the responsible clinician and the coordinators of the care team; as long as
    it has neither, everyone of it."""
    team = frozenset(person.id for person in colleagues(patient_id))
    first = work.session.scalars(
        select(UserRole.user_id)
        .where(UserRole.user_id.in_(team), UserRole.role == Role.COORDINATOR)
        .union(
            select(ResponsibleClinician.user_id).where(
                ResponsibleClinician.patient_id == patient_id,
                ResponsibleClinician.until.is_(None),
                ResponsibleClinician.user_id.in_(team),
            )
        )
    )
    return frozenset(first) or team


def latest_urgency() -> ScalarSelect[str]:
    """What was said last of how soon a PatientQuestion wants an answer; null as long as nobody said."""
    return (
        select(QuestionTriage.urgency)
        .where(QuestionTriage.question_id == PatientQuestion.id)
        .order_by(QuestionTriage.id.desc())
        .limit(1)
        .correlate(PatientQuestion)
        .scalar_subquery()
    )


def _faults(
    work: Work, patient_id: int, asked: Asked, text: str, told_by: str, today: date
) -> dict[str, Fault | Problem]:
    found: dict[str, Fault | Problem] = {}
    if asked.is_risk is None:
        found["risk"] = Problem.EMPTY
    if not asked.is_risk and not text:
        found["text"] = Problem.EMPTY
    if not asked.is_risk and len(text) > MAX_WORDS:
        found["text"] = Fault(Problem.TOO_LONG, str(MAX_WORDS))
    if not told_by:
        found["told_by"] = Problem.EMPTY
    if asked.on > today:
        found["told_on"] = Problem.MALFORMED
    if asked.told_to_id is not None and work.session.scalar(membership(patient_id, asked.told_to_id)) is None:
        found["told_to"] = Problem.NOT_IN_CARE_TEAM
    return found


def _sent_already(work: Work, patient_id: int, text: str, is_risk: bool) -> PatientQuestion | None:
    """A yes after it is on record what was done about the last one is a new one, however soon it comes."""
    is_open = exists().where(
        Alert.kind == AlertKind.AT_RISK, Alert.origin_id == PatientQuestion.id, Alert.acknowledged_at.is_(None)
    )
    return work.session.scalars(
        select(PatientQuestion)
        .where(
            PatientQuestion.patient_id == patient_id,
            PatientQuestion.by_id == work.actor_id,
            PatientQuestion.text == text,
            PatientQuestion.is_risk == is_risk,
            PatientQuestion.asked_at > work.now - TWICE,
            ~exists().where(QuestionAnswer.question_id == PatientQuestion.id),
            or_(~PatientQuestion.is_risk, is_open),
        )
        .limit(1)
    ).first()


def _tell(work: Work, question: PatientQuestion, kind: NoticeKind) -> None:
    people = answerers(work, question.patient_id)
    notices.tell(work, people, kind, question.patient_id, question_id=question.id)


def _changed(work: Work, grant: QuestionGrant, **detail: Any) -> None:
    work.record(Permission.QUESTION_ANSWER, f"question:{grant.question.id}", grant.of.patient.id, **detail)
    work.touched(grant.of.patient.id)
    work.board_changed(grant.of.plan.id, "questions")
    work.notices_changed(answerers(work, grant.of.patient.id))
