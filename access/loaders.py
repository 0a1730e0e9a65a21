"""The only way to a patient's rows: actor, id and permission in, a grant or a refusal out."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, Select, and_, select
from sqlalchemy.orm import lazyload

from access.closed import still
from access.grants import (
    AccountGrant,
    Actor,
    AlertGrant,
    ClinicGrant,
    Closed,
    CommentGrant,
    DocumentGrant,
    Forbidden,
    Hidden,
    PatientGrant,
    PortalGrant,
    QuestionGrant,
    SuggestionGrant,
    TaskGrant,
    TeamGrant,
    ThreadGrant,
)
from access.permissions import Permission
from access.reach import readable
from access.roles import FROM_OUTSIDE, of_relations, relations
from models.alert import Alert
from models.base import db
from models.discipline import Discipline
from models.patient import CareTeamMember, Patient, ResponsibleClinician
from models.plan import Plan, Section, SectionDocument
from models.plan_state import PlanState
from models.portal import DeskCode, PortalAccess
from models.question import PatientQuestion
from models.task import Task
from models.team import Membership, Team
from models.thread import Comment, Suggestion, Thread
from models.user import Role, User


def clinic(actor: Actor, permission: Permission) -> ClinicGrant:
    """A right that needs no patient. Raises Forbidden; Hidden for a patient, to whom nothing of staff exists."""
    if not actor.may(permission):
        raise (Hidden if actor.is_patient else Forbidden)(actor, permission, "clinic:1")
    return ClinicGrant(actor, permission)


def account(actor: Actor, user_id: int, permission: Permission) -> AccountGrant:
    """An account of staff. Raises Forbidden without the right, Hidden when there is none.

    A patient's account is hidden: whoever manages accounts sees no patient. Its care team invites and ends it.
    """
    clinic(actor, permission)
    user = db.session.get(User, user_id)
    if user is None or Role.PATIENT in user.roles:
        raise Hidden(actor, permission, f"user:{user_id}")
    return AccountGrant(actor, user)


def team(actor: Actor, team_id: int, permission: Permission) -> TeamGrant:
    """A team. Raises Forbidden without the right, Hidden when there is none."""
    clinic(actor, permission)
    row = db.session.get(Team, team_id)
    if row is None:
        raise Hidden(actor, permission, f"team:{team_id}")
    return TeamGrant(actor, row)


def patient(actor: Actor, patient_id: int, permission: Permission) -> PatientGrant:
    """A patient with the plan. Raises Hidden, or Forbidden when the person may know of the patient; that is Closed for
    what a closed plan does not take."""
    return _patient(actor, Patient.id == patient_id, permission, f"patient:{patient_id}")


def plan(actor: Actor, plan_id: int, permission: Permission) -> PatientGrant:
    """The same, by the plan's id."""
    return _patient(actor, Plan.id == plan_id, permission, f"plan:{plan_id}")


def document(actor: Actor, document_id: int, permission: Permission) -> DocumentGrant:
    """A live document of a section.

    Raises Hidden without DOCUMENT_VIEW; Forbidden when `permission` is DOCUMENT_EDIT and the section is
    another discipline's, Closed when the plan is.
    """
    row = db.session.execute(
        select(Section.plan_id, Section.id, Section.key, SectionDocument.kind, Discipline.key)
        .join(SectionDocument, SectionDocument.section_id == Section.id)
        .outerjoin(Discipline, Discipline.id == Section.discipline_id)
        .where(SectionDocument.document_id == document_id)
    ).one_or_none()
    thing = f"document:{document_id}"
    if row is None:
        raise Hidden(actor, permission, thing)
    plan_id, section_id, section_key, kind, owner = row
    grant = _patient(actor, Plan.id == plan_id, Permission.DOCUMENT_VIEW, thing)
    can_edit = grant.may(Permission.DOCUMENT_EDIT) and owner in (None, actor.discipline)
    if permission is Permission.DOCUMENT_EDIT and not can_edit:
        is_closed = grant.state is not None and grant.state.is_closed
        raise (Closed if is_closed else Forbidden)(actor, permission, thing, grant.patient.id)
    return DocumentGrant(actor, grant.patient.id, plan_id, section_id, section_key, document_id, kind, can_edit)


def document_of(grant: PatientGrant, document_id: int) -> DocumentGrant:
    """A live document under its patient's address, to read. Raises Hidden for another patient's."""
    query = select(Section.id).join(SectionDocument, SectionDocument.section_id == Section.id)
    query = query.where(SectionDocument.document_id == document_id, Section.plan_id == grant.plan.id)
    if db.session.scalar(query) is None:
        raise Hidden(grant.actor, Permission.DOCUMENT_VIEW, f"document:{document_id}", grant.patient.id)
    return document(grant.actor, document_id, Permission.DOCUMENT_VIEW)


def thread(actor: Actor, patient_id: int, thread_id: int, permission: Permission) -> ThreadGrant:
    """A thread under its patient's address. Raises Hidden for another patient's, Forbidden without the right."""
    grant = patient(actor, patient_id, permission)
    row = db.session.scalar(select(Thread).where(Thread.id == thread_id, Thread.plan_id == grant.plan.id))
    if row is None:
        raise Hidden(actor, permission, f"thread:{thread_id}", patient_id)
    return ThreadGrant(grant, row)


def comment(actor: Actor, patient_id: int, thread_id: int, comment_id: int) -> CommentGrant:
    """One's own comment, to change it. Raises Hidden, or Forbidden for another person's."""
    grant = thread(actor, patient_id, thread_id, Permission.THREAD_WRITE)
    row = db.session.scalar(select(Comment).where(Comment.id == comment_id, Comment.thread_id == thread_id))
    if row is None:
        raise Hidden(actor, Permission.THREAD_WRITE, f"comment:{comment_id}", patient_id)
    if row.author_id != actor.user_id:
        raise Forbidden(actor, Permission.THREAD_WRITE, f"comment:{comment_id}", patient_id)
    return CommentGrant(grant, row)


def suggestion(actor: Actor, patient_id: int, thread_id: int) -> SuggestionGrant:
    """A suggestion, to answer it. Raises Hidden, or Forbidden for whoever may not edit the document."""
    grant = thread(actor, patient_id, thread_id, Permission.THREAD_VIEW)
    row = db.session.scalar(select(Suggestion).where(Suggestion.thread_id == thread_id))
    if row is None or grant.thread.document_id is None:
        raise Hidden(actor, Permission.DOCUMENT_EDIT, f"suggestion of thread:{thread_id}", patient_id)
    return SuggestionGrant(grant, row, document(actor, grant.thread.document_id, Permission.DOCUMENT_EDIT))


def task(actor: Actor, patient_id: int, task_id: int, permission: Permission) -> TaskGrant:
    """A task under its patient's address. Raises Hidden for another patient's, Forbidden without the right."""
    grant = patient(actor, patient_id, permission)
    row = db.session.scalar(select(Task).where(Task.id == task_id, Task.plan_id == grant.plan.id))
    if row is None:
        raise Hidden(actor, permission, f"task:{task_id}", patient_id)
    return TaskGrant(row, grant)


def question(actor: Actor, patient_id: int, question_id: int, permission: Permission) -> QuestionGrant:
    """A patient's question under its patient's address. Raises Hidden for another patient's, Forbidden without the
    right."""
    grant = patient(actor, patient_id, permission)
    query = select(PatientQuestion).where(PatientQuestion.id == question_id, PatientQuestion.patient_id == patient_id)
    row = db.session.scalar(query)
    if row is None:
        raise Hidden(actor, permission, f"question:{question_id}", patient_id)
    return QuestionGrant(row, grant)


def alert(actor: Actor, patient_id: int, alert_id: int) -> AlertGrant:
    """An alert under its patient's address, to acknowledge it. Raises Hidden for another patient's, or Forbidden."""
    grant = patient(actor, patient_id, Permission.ALERT_ACKNOWLEDGE)
    row = db.session.scalar(select(Alert).where(Alert.id == alert_id, Alert.patient_id == patient_id))
    if row is None:
        raise Hidden(actor, Permission.ALERT_ACKNOWLEDGE, f"alert:{alert_id}", patient_id)
    return AlertGrant(row, grant)


def portal(actor: Actor, patient_id: int, permission: Permission) -> PortalGrant:
    """A patient's own pages. Raises Hidden without a present access, Forbidden when the relation gives less, Closed for
    what a closed plan does not take."""
    row = db.session.execute(
        select(Patient, Plan, PortalAccess, User, PlanState)
        .join(Plan, Plan.patient_id == Patient.id)
        .outerjoin(PlanState, and_(PlanState.plan_id == Plan.id, PlanState.until.is_(None)))
        .join(PortalAccess, PortalAccess.patient_id == Patient.id)
        .outerjoin(
            ResponsibleClinician,
            and_(ResponsibleClinician.patient_id == Patient.id, ResponsibleClinician.until.is_(None)),
        )
        .outerjoin(User, User.id == ResponsibleClinician.user_id)
        .where(Patient.id == patient_id, PortalAccess.user_id == actor.user_id, PortalAccess.until.is_(None))
        .options(lazyload(User.role_rows))
    ).one_or_none()
    thing = f"patient:{patient_id}"
    if row is None or not actor.is_patient:
        raise Hidden(actor, permission, thing, row[0].id if row else None)
    found, its_plan, access, responsible, state = row
    permissions = of_relations(frozenset({FROM_OUTSIDE[access.relation]}))
    if permission not in permissions:
        raise Forbidden(actor, permission, thing, found.id)
    left = still(permissions, state)
    if permission not in left:
        raise Closed(actor, permission, thing, found.id)
    return PortalGrant(actor, found, its_plan, access, left, responsible, state)


def access_from_outside(actor: Actor, patient_id: int, access_id: int) -> tuple[PatientGrant, PortalAccess]:
    """An access from outside the clinic, for whoever may invite. Raises Hidden for another patient's, or Forbidden."""
    grant = patient(actor, patient_id, Permission.ABOUT_EDIT)
    query = select(PortalAccess).where(PortalAccess.id == access_id, PortalAccess.patient_id == patient_id)
    row = db.session.scalars(query).unique().one_or_none()
    if row is None:
        raise Hidden(actor, Permission.ABOUT_EDIT, f"portal-access:{access_id}", patient_id)
    return grant, row


def desk_code(actor: Actor, patient_id: int, code_id: int) -> tuple[PatientGrant, DeskCode]:
    """A code of the desk, for whoever may invite. Raises Hidden for another patient's, or Forbidden."""
    grant = patient(actor, patient_id, Permission.ABOUT_EDIT)
    query = select(DeskCode).where(DeskCode.id == code_id, DeskCode.patient_id == patient_id)
    row = db.session.scalars(query).unique().one_or_none()
    if row is None:
        raise Hidden(actor, Permission.ABOUT_EDIT, f"desk-code:{code_id}", patient_id)
    return grant, row


def some_tasks(actor: Actor, task_ids: Collection[int], permission: Permission) -> list[TaskGrant]:
    """Of these tasks those that the actor may use, whichever patients they are of."""
    query = (
        select(Task, Plan.patient_id)
        .join(Plan, Plan.id == Task.plan_id)
        .where(Task.id.in_(task_ids), Plan.patient_id.in_(readable(actor)))
        .order_by(Task.id)
    )
    rows = db.session.execute(query).all()
    grants = {patient_id: patient(actor, patient_id, permission) for patient_id in {row.patient_id for row in rows}}
    return [TaskGrant(row.Task, grants[row.patient_id]) for row in rows]


def _patient(actor: Actor, which: ColumnElement[bool], permission: Permission, thing: str) -> PatientGrant:
    row = db.session.execute(_with_relations(actor).where(which)).one_or_none()
    if row is None:
        raise Hidden(actor, permission, thing)
    found, its_plan, membership, lead, responsible, state = row
    permissions = of_relations(
        relations(
            actor.roles,
            member=membership is not None,
            lead=bool(lead),
            responsible=responsible is not None and responsible.id == actor.user_id,
        )
    )
    if Permission.PATIENT_VIEW not in permissions:
        raise Hidden(actor, permission, thing, found.id)
    if permission not in permissions:
        raise Forbidden(actor, permission, thing, found.id)
    left = still(permissions, state)
    if permission not in left:
        raise Closed(actor, permission, thing, found.id)
    return PatientGrant(actor, found, its_plan, left, responsible, state)


def _with_relations(actor: Actor) -> Select[Patient, Plan, int, bool, User, PlanState]:
    """Patient and plan beside what the actor is to them, in one statement."""
    return (
        select(Patient, Plan, CareTeamMember.id, Membership.lead, User, PlanState)
        .join(Plan, Plan.patient_id == Patient.id)
        .outerjoin(PlanState, and_(PlanState.plan_id == Plan.id, PlanState.until.is_(None)))
        .outerjoin(
            CareTeamMember,
            and_(
                CareTeamMember.patient_id == Patient.id,
                CareTeamMember.user_id == actor.user_id,
                CareTeamMember.until.is_(None),
            ),
        )
        .outerjoin(
            Membership,
            and_(
                Membership.team_id == Patient.team_id,
                Membership.user_id == actor.user_id,
                Membership.until.is_(None),
            ),
        )
        .outerjoin(
            ResponsibleClinician,
            and_(ResponsibleClinician.patient_id == Patient.id, ResponsibleClinician.until.is_(None)),
        )
        .outerjoin(User, User.id == ResponsibleClinician.user_id)
        .options(lazyload(User.role_rows))
    )
