"""Two patients' worlds of ids, and what each persona may do in them, written down by hand.

The expectations are independent of `access.roles`: whoever changes rights changes them here too.
"""

from dataclasses import dataclass
from datetime import date

from flask import Flask
from sqlalchemy import func, select

from access import loaders
from access.grants import AccountGrant, ClinicGrant, TaskGrant
from access.permissions import Permission as Right
from actions import desk, glossary, portal, questions, tasks, threads, ticks
from actions.accounts import new_link
from actions.openings import Opening
from actions.questions import Asked
from actions.task_drafts import Assignee, Draft
from actions.ticks import Said, Told
from actions.unit_of_work import Units
from models.alert import Alert
from models.base import db
from models.notification import Notification
from models.patient import CareTeamMember
from models.plan import DocumentKind, Plan, Section, SectionDocument
from models.portal import DeskCode, PortalAccess, PortalRelation
from models.publication import AnswerWay
from models.task import Task
from models.team import Membership, Team
from models.thread import ThreadKind
from models.tick import Tick
from models.user import LoginSession
from tests import releasing
from tests.personas import (
    ADAM,
    AINO,
    CORA,
    DANA,
    FROM_OUTSIDE,
    GUARDIAN,
    HAND,
    INES,
    LENA,
    MARIA,
    OTTO,
    RAVI,
    SPINE,
    STAFF,
    Persona,
    actor,
    patient_id,
    user,
)

CLINIC = {
    Right.ACCOUNT_OWN: {*STAFF, *FROM_OUTSIDE},
    Right.PORTAL_ENTER: {*FROM_OUTSIDE},
    Right.SEARCH: {*STAFF},
    Right.NOTICES: {*STAFF},
    Right.WORK: {*STAFF},
    Right.ALERTS: {*STAFF},
    Right.ACCOUNTS_MANAGE: {ADAM},
    Right.TEAMS_MANAGE: {ADAM},
    Right.CLINIC_SETTINGS: {ADAM},
    Right.PATIENTS_LIST: {DANA, LENA, RAVI, AINO, CORA, OTTO},
    Right.PATIENT_ADD: {DANA, LENA, RAVI, AINO, CORA, OTTO},
    Right.TASKS_LIST: {DANA, LENA, RAVI, AINO, CORA, OTTO},
}
"""Who may what without any patient."""

_MARIAS_TEAM = {DANA, LENA, RAVI, AINO, CORA}

ON_MARIA = {
    Right.PATIENT_VIEW: _MARIAS_TEAM,
    Right.IDENTITY_CORRECT: _MARIAS_TEAM,
    Right.ABOUT_VIEW: _MARIAS_TEAM,
    Right.ABOUT_EDIT: _MARIAS_TEAM,
    Right.CARE_TEAM_VIEW: _MARIAS_TEAM,
    Right.LOOKS_VIEW: _MARIAS_TEAM,
    Right.CARE_TEAM_EDIT: {DANA, CORA},
    Right.STATEMENT_RECORD: _MARIAS_TEAM,
    Right.BOARD_VIEW: _MARIAS_TEAM,
    Right.DOCUMENT_VIEW: _MARIAS_TEAM,
    Right.DOCUMENT_EDIT: {DANA},
    Right.THREAD_VIEW: _MARIAS_TEAM,
    Right.THREAD_WRITE: _MARIAS_TEAM,
    Right.SUGGESTION_MAKE: _MARIAS_TEAM - {CORA},
    Right.TASK_VIEW: _MARIAS_TEAM,
    Right.TASK_WRITE: _MARIAS_TEAM,
    Right.PLAN_STATE_CHANGE: {DANA},
    Right.PLAN_HISTORY: _MARIAS_TEAM,
    Right.VERSION_NAME: _MARIAS_TEAM,
    Right.RESTORE: _MARIAS_TEAM - {CORA},
    Right.SIGN_OFF_VIEW: _MARIAS_TEAM,
    Right.SIGN_OFF_WRITE: _MARIAS_TEAM - {CORA},
    Right.PUBLISH: {DANA},
    Right.WITHDRAW: {DANA},
    Right.ANSWER_RECORD: _MARIAS_TEAM,
    Right.RECORD_RELEASE: {DANA},
    Right.QUESTIONS_VIEW: _MARIAS_TEAM,
    Right.QUESTION_RECORD: _MARIAS_TEAM,
    Right.QUESTION_ANSWER: _MARIAS_TEAM,
    Right.ALERT_ACKNOWLEDGE: _MARIAS_TEAM,
    Right.TICK_RECORD: _MARIAS_TEAM,
    Right.PORTAL_PLAN_READ: {MARIA, GUARDIAN},
    Right.PORTAL_LOOKS_READ: {MARIA, GUARDIAN},
    Right.PORTAL_QUESTIONS_READ: {MARIA, GUARDIAN},
    Right.PORTAL_WORDS_WRITE: {MARIA, GUARDIAN},
    Right.PORTAL_COPY: {MARIA, GUARDIAN},
}
"""On Maria, and on the clinical text of her physiotherapy section. Dana leads the team and is responsible."""

ON_INES = {
    **{right: {OTTO} for right in ON_MARIA},
    Right.PATIENT_VIEW: {OTTO, CORA},
    Right.IDENTITY_CORRECT: {OTTO, CORA},
    Right.CARE_TEAM_VIEW: {OTTO, CORA},
    Right.CARE_TEAM_EDIT: {OTTO, CORA},
    Right.PORTAL_PLAN_READ: {INES},
    Right.PORTAL_LOOKS_READ: {INES},
    Right.PORTAL_QUESTIONS_READ: {INES},
    Right.PORTAL_WORDS_WRITE: {INES},
    Right.PORTAL_COPY: {INES},
}
"""On Ines, whom Otto treats, and on the clinical text of her pain management section. Cora coordinates the clinic."""

KNOW_OF_INES = {OTTO, CORA}
"""They hear `forbidden` where others hear `hidden`."""


@dataclass(frozen=True)
class World:
    """One value for every id that an address may carry."""

    ids: dict[str, object]
    rights: dict[Right, set[Persona]]
    know: set[Persona]

    def expects(self, persona: Persona, right: Right) -> str:
        """ok, forbidden or hidden. Nothing of staff exists for those from outside, and nothing of theirs for staff."""
        if right in CLINIC:
            refused = "hidden" if persona in FROM_OUTSIDE else "forbidden"
            return "ok" if persona in CLINIC[right] else refused
        if persona in self.rights[right]:
            return "ok"
        if right.startswith("portal:"):
            return "hidden"
        return "forbidden" if persona in self.know else "hidden"


def worlds(app: Flask) -> tuple[World, World]:
    """Maria's and Ines's. Every name a route uses is here; a new one has to be added before the matrix passes."""
    units = app.extensions["consilium"].units
    with app.app_context():
        return _worlds(units)


def _worlds(units: Units) -> tuple[World, World]:
    maria = World(_ids(units, "Maria Kovač", "physiotherapy", SPINE, AINO), ON_MARIA, _MARIAS_TEAM)
    ines = World(_ids(units, "Ines Duarte", "pain-management", HAND, OTTO), ON_INES, KNOW_OF_INES)
    return maria, ines


def _task(units: Units, patient: int, person: Persona) -> Task:
    """A task that a member of the care team gave themselves."""
    grant = loaders.patient(actor(person), patient, Right.TASK_WRITE)
    draft = Draft("Send pool times", Assignee(user_id=grant.actor.user_id))
    with units.begin(grant.actor) as work:
        return db.session.get_one(Task, tasks.make(work, grant, draft, date(2026, 11, 24)).task_id)


def _tick(units: Units, patient: int, person: Persona) -> Tick:
    """What was told to a member of the care team of a task for the patient."""
    grant = loaders.patient(actor(person), patient, Right.TASK_WRITE)
    day = date(2026, 11, 24)
    with units.begin(grant.actor) as work:
        task = tasks.make(work, grant, Draft("Walk", Assignee(is_patient=True), plain_text="Walk a bit."), day).task
        told = Told("Her", grant.actor.user_id)
        row = ticks.record(work, TaskGrant(task, grant), Said(day, is_done=True), told, day)
        assert row is not None
        return row


def _code(units: Units, patient: int, person: Persona) -> DeskCode:
    """A code of the desk that somebody could still use."""
    grant = loaders.patient(actor(person), patient, Right.ABOUT_EDIT)
    with units.begin(grant.actor) as work:
        return desk.make(work, grant, portal.Invited(PortalRelation.CARER, "Aino Salo", "a friend"))[0]


def _asked(units: Units, patient: int, person: Persona) -> dict[str, object]:
    """A question that waits, which raised an alert that nobody took care of yet."""
    grant = loaders.patient(actor(person), patient, Right.QUESTION_RECORD)
    day = date(2026, 11, 24)
    with units.begin(grant.actor) as work:
        asked = Asked("May I swim?", True, AnswerWay.PHONE, "-", day, grant.actor.user_id)
        question = questions.ask(work, grant, Right.QUESTION_RECORD, asked, day)
        alert = db.session.scalars(select(Alert.id).where(Alert.origin_id == question.id)).one()
        return {"question_id": question.id, "alert_id": alert}


def _released(units: Units, patient: int, person: Persona) -> dict[str, object]:
    """A record that was released, and something withheld from the next."""
    made = releasing.give_away(units, loaders.patient(actor(person), patient, Right.RECORD_RELEASE))
    return {"release_id": made.release_id, "withholding_id": made.withholding_id}


def _ids(units: Units, name: str, section: str, team: str, member: Persona) -> dict[str, object]:
    patient = patient_id(name)
    person = user(member).id
    team_id = db.session.scalars(select(Team.id).where(Team.name == team)).one()
    with units.begin(actor(ADAM)) as work:
        token = new_link(work, AccountGrant(actor(ADAM), user(AINO)))
        term = glossary.write(work, ClinicGrant(actor(ADAM), Right.CLINIC_SETTINGS), name, "invented for one patient")
    return {
        "patient_id": patient,
        "plan_id": db.session.scalars(select(Plan.id).where(Plan.patient_id == patient)).one(),
        "document_id": db.session.scalars(
            select(SectionDocument.document_id)
            .join(Section, Section.id == SectionDocument.section_id)
            .join(Plan, Plan.id == Section.plan_id)
            .where(Plan.patient_id == patient, Section.key == section, SectionDocument.kind == DocumentKind.CLINICAL)
        ).one(),
        "member_id": db.session.scalars(
            select(CareTeamMember.id).where(
                CareTeamMember.patient_id == patient, CareTeamMember.user_id == person, CareTeamMember.until.is_(None)
            )
        ).one(),
        "user_id": person,
        "team_id": team_id,
        "term_id": term.id,
        "membership_id": db.session.scalars(
            select(Membership.id).where(
                Membership.team_id == team_id, Membership.user_id == person, Membership.until.is_(None)
            )
        ).one(),
        "task_id": _task(units, patient, member).id,
        "tick_id": _tick(units, patient, member).id,
        "session_id": db.session.scalar(select(LoginSession.id).limit(1)) or 1,
        "name": "banner",
        "version_id": 1,
        "publication_id": 1,
        "access_id": db.session.scalars(
            select(func.min(PortalAccess.id)).where(PortalAccess.patient_id == patient)
        ).one(),
        **_asked(units, patient, member),
        **_released(units, patient, DANA if member is not OTTO else OTTO),
        "code_id": _code(units, patient, member).id,
        **_suggested(units, patient, section, member if member is OTTO else RAVI),
        "token": token,
    }


def _suggested(units: Units, patient: int, section: str, by: Persona) -> dict[str, object]:
    """A suggestion to the section's clinical text that waits."""
    who = actor(by)
    grant = loaders.patient(who, patient, Right.THREAD_WRITE)
    document = db.session.scalars(
        select(SectionDocument.document_id)
        .join(Section, Section.id == SectionDocument.section_id)
        .where(Section.plan_id == grant.plan.id, Section.key == section, SectionDocument.kind == DocumentKind.CLINICAL)
    ).one()
    opening = Opening(ThreadKind.SUGGESTION, document, quote="Next", body="Clearer?", replacement="Next steps")
    with units.begin(who) as work:
        opened = threads.open_thread(work, grant, opening)
    notice = db.session.scalars(select(func.min(Notification.id)).where(Notification.patient_id == patient)).one()
    return {"thread_id": opened.thread_id, "comment_id": opened.comment_id, "notice_id": notice or 1}
