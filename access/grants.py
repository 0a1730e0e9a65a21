"""Who acts, and what a loader answers: the row with the right to it, or a refusal."""

from dataclasses import dataclass, field

from access.permissions import Permission
from access.roles import of_roles
from models.alert import Alert
from models.patient import Patient
from models.plan import Plan, Section
from models.plan_state import PlanState
from models.portal import PortalAccess
from models.question import PatientQuestion
from models.task import Task
from models.team import Team
from models.thread import Comment, Suggestion, Thread
from models.tick import Tick
from models.user import Role, User
from models.version import VersionTask


@dataclass(frozen=True, slots=True)
class Actor:
    """A signed-in person, as known for one request or connection. `discipline` is a key or None."""

    user_id: int
    name: str
    roles: frozenset[Role]
    discipline: str | None
    session_id: int | None

    @property
    def is_patient(self) -> bool:
        """Whether this is a patient's account, or that of somebody who reads for a patient: never one of staff."""
        return Role.PATIENT in self.roles

    def may(self, permission: Permission) -> bool:
        """Whether the roles alone give a permission that needs no patient."""
        return permission in of_roles(self.roles)


class Refusal(Exception):
    """What was asked is not given. `thing` is `noun:id`; `patient_id` only when that patient exists."""

    def __init__(self, actor: Actor | None, permission: str, thing: str, patient_id: int | None = None) -> None:
        super().__init__(f"{permission} on {thing}")
        self.actor = actor
        self.permission = permission
        self.thing = thing
        self.patient_id = patient_id


class Hidden(Refusal):
    """Missing, or not for this person to know of: the same answer."""


class Forbidden(Refusal):
    """This person knows that it exists and may not do this with it."""


class Closed(Forbidden):
    """The plan has ended: nobody may do this any more, unless it is reopened."""


class ReadingOver(Forbidden):
    """A patient's plan has ended long ago, and is not read any more. `grant` is what there was to read."""

    def __init__(self, grant: "PortalGrant", permission: Permission) -> None:
        super().__init__(grant.actor, permission, f"patient:{grant.patient.id}", grant.patient.id)
        self.grant = grant


@dataclass(frozen=True, slots=True)
class ClinicGrant:
    """The right to something of the clinic as a whole."""

    actor: Actor
    permission: Permission


@dataclass(frozen=True, slots=True)
class AccountGrant:
    actor: Actor
    user: User


@dataclass(frozen=True, slots=True)
class TeamGrant:
    actor: Actor
    team: Team


@dataclass(frozen=True, slots=True)
class PatientGrant:
    """A patient with the plan, and all that this person may do there."""

    actor: Actor
    patient: Patient
    plan: Plan
    permissions: frozenset[Permission]
    responsible: User | None = field(default=None)
    state: PlanState | None = field(default=None)
    """The plan's present one; None: active from the beginning."""

    def may(self, permission: Permission) -> bool:
        return permission in self.permissions

    def may_write(self, section: Section) -> bool:
        """Clinicians of the care team write shared sections and their own discipline's."""
        return self.may_write_for(section.discipline.key if section.discipline else None)

    def may_write_for(self, owner: str | None) -> bool:
        """The same, by the key of the section's discipline."""
        return self.may(Permission.DOCUMENT_EDIT) and owner in (None, self.actor.discipline)


@dataclass(frozen=True, slots=True)
class DocumentGrant:
    """The right to one live document of a plan."""

    actor: Actor
    patient_id: int
    plan_id: int
    section_id: int
    section_key: str
    document_id: int
    kind: str
    can_edit: bool


@dataclass(frozen=True, slots=True)
class ThreadGrant:
    """A thread of a plan, and all that this person may do there."""

    plan: PatientGrant
    thread: Thread

    @property
    def actor(self) -> Actor:
        return self.plan.actor


@dataclass(frozen=True, slots=True)
class CommentGrant:
    """One's own comment."""

    thread: ThreadGrant
    comment: Comment

    @property
    def actor(self) -> Actor:
        return self.thread.actor


@dataclass(frozen=True, slots=True)
class SuggestionGrant:
    """The right to answer a suggestion: to edit the document it is about."""

    thread: ThreadGrant
    suggestion: Suggestion
    document: DocumentGrant

    @property
    def actor(self) -> Actor:
        return self.thread.actor


@dataclass(frozen=True, slots=True)
class TaskGrant:
    """One task, with the right to its patient's tasks."""

    task: Task
    of: PatientGrant

    @property
    def actor(self) -> Actor:
        return self.of.actor


@dataclass(frozen=True, slots=True)
class QuestionGrant:
    """One question of a patient, with the right to the patient's questions."""

    question: PatientQuestion
    of: PatientGrant

    @property
    def actor(self) -> Actor:
        return self.of.actor


@dataclass(frozen=True, slots=True)
class AlertGrant:
    """One alert about a patient, to put on record what was done."""

    alert: Alert
    of: PatientGrant

    @property
    def actor(self) -> Actor:
        return self.of.actor


@dataclass(frozen=True, slots=True)
class TickGrant:
    """A tick of a task, with the right to its patient's ticks."""

    task: TaskGrant
    tick: Tick

    @property
    def actor(self) -> Actor:
        return self.task.actor


@dataclass(frozen=True, slots=True)
class PortalGrant:
    """The right of a patient, a guardian or a carer to the patient's own pages."""

    actor: Actor
    patient: Patient
    plan: Plan
    access: PortalAccess
    permissions: frozenset[Permission]
    responsible: User | None = field(default=None)
    state: PlanState | None = field(default=None)
    """The plan's present one; None: active from the beginning."""

    def may(self, permission: Permission) -> bool:
        return permission in self.permissions


@dataclass(frozen=True, slots=True)
class StepGrant:
    """The right to a task that the patient reads, as it was published."""

    portal: PortalGrant
    step: VersionTask

    @property
    def actor(self) -> Actor:
        return self.portal.actor


@dataclass(frozen=True, slots=True)
class OwnTickGrant:
    """The right to a tick on the patient's own page."""

    portal: PortalGrant
    tick: Tick

    @property
    def actor(self) -> Actor:
        return self.portal.actor
