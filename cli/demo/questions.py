"""What patients asked the team, and what became of it."""

import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial

from sqlalchemy import select

from access import loaders, sessions
from access.grants import PatientGrant, PortalGrant
from access.permissions import Permission
from actions import alerts, questions
from actions.questions import Asked
from cli.demo.content import CONTENT
from cli.demo.past import Event, Past
from models.alert import Alert
from models.base import db
from models.portal import PortalAccess, PortalRelation
from models.publication import AnswerWay
from models.question import PatientQuestion, Urgency

APART = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Told:
    """A question with all that followed. The keys of content/questions.toml."""

    patient: str
    ago: str
    text: str
    is_risk: bool = False
    told_to: str = ""
    way: str = "page"
    told_by: str = ""
    sorted: Sequence[Mapping[str, str]] = ()
    answered: Mapping[str, str] = field(default_factory=dict)
    seen_to: Mapping[str, str] = field(default_factory=dict)


def read() -> list[Told]:
    page = tomllib.loads((CONTENT / "questions.toml").read_text(encoding="utf-8"))
    return [Told(**row) for row in page["question"]]


def events(past: Past) -> Iterator[Event]:
    """Everything of every question at its moment, one after the other."""
    for number, each in enumerate(read()):
        at = datetime.min.replace(tzinfo=UTC)
        for ago, do in _steps(past, each):
            at = min(max(past.ago(ago, f"question {number}"), at + APART), past.now)
            yield Event(at, do)


def _steps(past: Past, told: Told) -> Iterator[tuple[str, Callable[[], None]]]:
    yield told.ago, partial(_ask, past, told)
    if told.seen_to:
        yield told.seen_to["ago"], partial(_see_to, past, told)
    for each in told.sorted:
        yield each["ago"], partial(_sort, past, told, each)
    if told.answered:
        yield told.answered["ago"], partial(_answer, past, told)


def _ask(past: Past, told: Told) -> None:
    patient = past.patients[told.patient]
    on = past.units.clock().astimezone(past.zone).date()
    if told.told_to:
        staff = past.actors[told.told_to]
        permission = Permission.QUESTION_RECORD
        grant: PatientGrant | PortalGrant = loaders.patient(staff, patient, permission)
        asked = Asked(told.text, told.is_risk, AnswerWay(told.way), told.told_by, on, staff.user_id)
    else:
        permission = Permission.PORTAL_WORDS_WRITE
        grant = _at_home(patient)
        asked = Asked(told.text, told.is_risk, AnswerWay.PAGE, grant.patient.name, on)
    with past.units.begin(grant.actor) as work:
        questions.ask(work, grant, permission, asked, on)


def _at_home(patient: int) -> PortalGrant:
    """The patient's own right to the own pages."""
    own = select(PortalAccess).where(PortalAccess.patient_id == patient, PortalAccess.relation == PortalRelation.SELF)
    access = db.session.scalars(own).unique().one()
    return loaders.portal(sessions.actor_of(access.user, None), patient, Permission.PORTAL_WORDS_WRITE)


def _see_to(past: Past, told: Told) -> None:
    by = past.actors[told.seen_to["by"]]
    alert = db.session.scalars(select(Alert.id).where(Alert.origin_id == _question(past, told))).one()
    grant = loaders.alert(by, past.patients[told.patient], alert)
    with past.units.begin(by) as work:
        alerts.acknowledge(work, grant, told.seen_to["words"])


def _sort(past: Past, told: Told, said: Mapping[str, str]) -> None:
    by = past.actors[said["by"]]
    grant = loaders.question(by, past.patients[told.patient], _question(past, told), Permission.QUESTION_ANSWER)
    with past.units.begin(by) as work:
        questions.triage(work, grant, Urgency(said["how"]))


def _answer(past: Past, told: Told) -> None:
    by = past.actors[told.answered["by"]]
    grant = loaders.question(by, past.patients[told.patient], _question(past, told), Permission.QUESTION_ANSWER)
    with past.units.begin(by) as work:
        questions.answer(work, grant, told.answered["words"])


def _question(past: Past, told: Told) -> int:
    of_it = PatientQuestion.patient_id == past.patients[told.patient], PatientQuestion.text == told.text
    return db.session.scalars(select(PatientQuestion.id).where(*of_it)).one()
