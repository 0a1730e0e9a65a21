"""Patients' questions that wait past the clinic's limit are told of again: an urgent one after its minutes, another
after its working days. One that waits for the next conference is in its list and not told of, nor is any of a plan that
rests or is closed."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ScalarSelect, func, select

from access.reach import in_states
from actions import notices, questions, working_days
from actions.clinic_now import Clinic
from actions.unit_of_work import Units
from models.base import db
from models.notification import NoticeKind
from models.plan import Plan
from models.plan_state import CLOSED, State
from models.question import PatientQuestion, QuestionReminder, QuestionTriage, Urgency

REMIND = "question:remind"
"""What the audit calls it: nobody's right is used."""


def due(now: datetime, clinic: Clinic) -> list[int]:
    """The ids of questions to be told of again now, oldest first."""
    return [question_id for question_id, at in _limits(clinic) if at <= now]


def remind(units: Units, question_id: int) -> bool:
    """Tell those who answer once more; whether it was due: somebody may have been quicker."""
    with units.begin(None) as work:
        if question_id not in due(work.now, work.clinic()):
            return False
        question = work.session.get_one(PatientQuestion, question_id)
        work.session.add(QuestionReminder(question_id=question_id, at=work.now))
        people = questions.answerers(work, question.patient_id)
        notices.tell(work, people, NoticeKind.LATE_QUESTION, question.patient_id, question_id=question_id)
        plan_id = work.session.scalars(select(Plan.id).where(Plan.patient_id == question.patient_id)).one()
        work.record(REMIND, f"question:{question_id}", question.patient_id, told=sorted(people))
        work.board_changed(plan_id, "questions")
    return True


def _limits(clinic: Clinic) -> Iterator[tuple[int, datetime]]:
    """Every waiting question of a plan that goes on, with the moment from which it is told of again. A limit begins
    anew with a reminder, and when somebody says how soon the question wants an answer."""

    def latest(noun: type[QuestionTriage] | type[QuestionReminder]) -> ScalarSelect[datetime]:
        of_it = select(func.max(noun.at)).where(noun.question_id == PatientQuestion.id)
        return of_it.correlate(PatientQuestion).scalar_subquery()

    rows = db.session.execute(
        select(
            PatientQuestion.id,
            PatientQuestion.asked_at,
            questions.latest_urgency().label("urgency"),
            latest(QuestionTriage).label("triaged_at"),
            latest(QuestionReminder).label("reminded_at"),
        )
        .where(
            PatientQuestion.answered_at.is_(None), PatientQuestion.patient_id.not_in(in_states(State.PAUSED, *CLOSED))
        )
        .order_by(PatientQuestion.id)
    )
    for row in rows:
        since = max(at for at in (row.asked_at, row.triaged_at, row.reminded_at) if at is not None)
        if row.urgency == Urgency.URGENT:
            yield row.id, since + timedelta(minutes=clinic.escalation_minutes)
        elif row.urgency != Urgency.CONFERENCE:
            yield row.id, working_days.after(since, clinic.escalation_working_days, ZoneInfo(clinic.timezone))
