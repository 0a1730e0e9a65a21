"""Something in every table of questions and alerts, for migrations to carry."""

from datetime import date

from sqlalchemy import select

from access.grants import PatientGrant, QuestionGrant
from access.permissions import Permission
from actions import questions
from actions.questions import Asked
from actions.unit_of_work import Units
from models.alert import Alert, AlertEscalation
from models.publication import AnswerWay
from models.question import PatientQuestion, QuestionAnswer, QuestionReminder, QuestionTriage, Urgency

TABLES = frozenset(
    each.__tablename__
    for each in (PatientQuestion, QuestionTriage, QuestionAnswer, QuestionReminder, Alert, AlertEscalation)
)


def ask(units: Units, grant: PatientGrant) -> None:
    """A question with an alert that went further; it was sorted, told of again, and answered."""
    day = date(2026, 11, 24)
    with units.begin(grant.actor) as work:
        asked = Asked("May I swim?", True, AnswerWay.PHONE, "Maria", day, grant.actor.user_id)
        question = questions.ask(work, grant, Permission.QUESTION_RECORD, asked, day)
        of_it = QuestionGrant(question, grant)
        questions.triage(work, of_it, Urgency.CONFERENCE)
        work.session.add(QuestionReminder(question_id=question.id, at=work.now))
        questions.answer(work, of_it, "Yes.")
        alert = work.session.scalars(select(Alert)).one()
        work.session.add(AlertEscalation(alert_id=alert.id, step=1, at=work.now))
