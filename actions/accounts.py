"""Accounts: who may sign in, as what. An account begins with a one-time link that the administrator hands over."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import exists, or_, select, update

from access.grants import AccountGrant, ClinicGrant
from access.permissions import Permission
from actions import links, responsibilities, task_handover
from actions.sign_in import end_all_sessions
from actions.unit_of_work import Work
from models.base import db
from models.discipline import Discipline
from models.letter import LetterKind
from models.patient import CareTeamMember
from models.team import Membership
from models.user import Role, User, UserRole

LINK_LIFE = timedelta(days=7)
EMAIL = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]+@[\w-]+(\.[\w-]+)*", re.ASCII)
"""What an address may look like: plain letters, so that every mail server takes it."""
_OF_STAFF = ~exists().where(UserRole.user_id == User.id, UserRole.role == Role.PATIENT)


class Unfit(ValueError):
    """What an account cannot be; its subclasses say why."""


class EmailTaken(Unfit):
    """Another account has this email."""


class DisciplineNeeded(Unfit):
    """A clinician writes as a discipline."""


class LastAdministrator(Unfit):
    """Without this account nobody could administer the clinic."""


class PatientAlone(Unfit):
    """A patient's account is nothing else: what staff may see must not depend on which pages one came by."""


class StillResponsible(Unfit):
    """Only a clinician can be responsible, and this person still is, for `count` patients."""

    def __init__(self, count: int) -> None:
        super().__init__("still responsible")
        self.count = count


class StillHasTasks(Unfit):
    """Only clinicians and coordinators have tasks of patients, and this person has `count` open ones."""

    def __init__(self, count: int) -> None:
        super().__init__("still has open tasks")
        self.count = count


@dataclass(frozen=True, slots=True)
class AccountDetails:
    """`discipline_id` is needed for clinicians and dropped for others."""

    name: str
    email: str
    roles: frozenset[Role]
    discipline_id: int | None = None


def disciplines() -> Sequence[Discipline]:
    """All disciplines of the clinic in their order."""
    return db.session.scalars(select(Discipline).order_by(Discipline.position)).all()


def search(words: str) -> Sequence[User]:
    """Accounts of staff whose name or email holds the words; those in use first, then by name."""
    query = select(User).where(_OF_STAFF).order_by(User.disabled_at.is_not(None), User.name)
    if words:
        query = query.where(
            or_(User.name.icontains(words, autoescape=True), User.email.icontains(words, autoescape=True))
        )
    return db.session.scalars(query).unique().all()


def in_use() -> Sequence[User]:
    """Accounts of staff that are not disabled, by name."""
    query = select(User).where(User.disabled_at.is_(None), _OF_STAFF)
    return db.session.scalars(query.order_by(User.name)).unique().all()


def clinicians(without: int) -> Sequence[User]:
    """Clinicians whose account is in use, except one person."""
    return [user for user in in_use() if Role.CLINICIAN in user.roles and user.id != without]


def create(work: Work, grant: ClinicGrant | None, details: AccountDetails) -> tuple[User, str]:
    """A new account and the token of its first link. Without a grant: the first one, made on the command line.

    Raises EmailTaken or DisciplineNeeded.
    """
    user = User(created_at=work.now, created_by_id=grant.actor.user_id if grant else None)
    _apply(work, user, details)
    work.session.add(user)
    work.session.flush()
    work.record(Permission.ACCOUNTS_MANAGE, f"user:{user.id}", change="created", roles=sorted(details.roles))
    return user, _link(work, user)


def change(work: Work, grant: AccountGrant, details: AccountDetails) -> None:
    """Change name, email, roles or discipline. A new email makes links void that were sent to the former one.

    Raises EmailTaken, DisciplineNeeded, LastAdministrator, StillResponsible or StillHasTasks.
    """
    if Role.CLINICIAN in grant.user.roles and Role.CLINICIAN not in details.roles:
        _keep_none_responsible(grant.user)
    if not details.roles & {Role.CLINICIAN, Role.COORDINATOR}:
        _keep_no_tasks(grant.user)
    if Role.ADMIN in grant.user.roles and Role.ADMIN not in details.roles:
        _keep_an_administrator(work, grant.user)
    former = grant.user.email
    _apply(work, grant.user, details)
    if grant.user.email != former:
        links.spend(work, grant.user.id)
    work.record(Permission.ACCOUNTS_MANAGE, f"user:{grant.user.id}", change="changed", roles=sorted(details.roles))
    _rights_changed(work, grant.user)


def new_link(work: Work, grant: AccountGrant) -> str:
    """A fresh one-time link; former ones no longer work."""
    work.record(Permission.ACCOUNTS_MANAGE, f"user:{grant.user.id}", change="link")
    return _link(work, grant.user)


def disable(
    work: Work, grant: AccountGrant, successors: Mapping[int, int], heirs: Mapping[int, int] | None = None
) -> None:
    """End an account's sessions and memberships.

    `successors` names, per patient, who becomes responsible, and `heirs` who gets open tasks; without an heir the
    successor does. Raises SuccessorNeeded, UnfitSuccessor, HeirNeeded or LastAdministrator.
    """
    user = grant.user
    if Role.ADMIN in user.roles:
        _keep_an_administrator(work, user)
    responsibilities.hand_over_all(work, user.id, successors)
    responsibilities.leave_care_teams(work, user.id, heirs={**successors, **(heirs or {})})
    work.session.execute(
        update(Membership)
        .where(Membership.user_id == user.id, Membership.until.is_(None))
        .values(until=work.now, ended_by_id=work.actor_id)
    )
    user.disabled_at, user.disabled_by_id = work.now, work.actor_id
    end_all_sessions(work, user.id, "locked")
    links.spend(work, user.id)
    work.record(Permission.ACCOUNTS_MANAGE, f"user:{user.id}", change="disabled")


def enable(work: Work, grant: AccountGrant) -> str:
    """Let a disabled person back in by a new link; memberships do not come back by themselves."""
    user = grant.user
    user.disabled_at = user.disabled_by_id = None
    user.password_hash = None
    work.record(Permission.ACCOUNTS_MANAGE, f"user:{user.id}", change="enabled")
    return _link(work, user)


def _apply(work: Work, user: User, details: AccountDetails) -> None:
    if Role.PATIENT in details.roles and len(details.roles) > 1:
        raise PatientAlone
    email = details.email.strip().lower()
    with work.session.no_autoflush:
        other = work.session.scalar(select(User.id).where(User.email == email, User.id != (user.id or 0)))
    if other is not None:
        raise EmailTaken
    clinician = Role.CLINICIAN in details.roles
    if clinician and details.discipline_id is None:
        raise DisciplineNeeded
    user.name, user.email = " ".join(details.name.split()), email
    user.discipline = work.session.get_one(Discipline, details.discipline_id) if clinician else None
    _set_roles(work, user, details.roles)


def _set_roles(work: Work, user: User, roles: Collection[Role]) -> None:
    by = work.actor.user_id if work.actor else None
    kept = [row for row in user.role_rows if row.role in roles]
    new = [UserRole(role=role, given_at=work.now, given_by_id=by) for role in roles if role not in user.roles]
    user.role_rows = kept + new


def _link(work: Work, user: User) -> str:
    links.spend(work, user.id)
    return links.make(work, user, LINK_LIFE, LetterKind.INVITATION)


def _keep_an_administrator(work: Work, leaving: User) -> None:
    others = (
        select(User.id)
        .join(UserRole, UserRole.user_id == User.id)
        .where(UserRole.role == Role.ADMIN, User.disabled_at.is_(None), User.id != leaving.id)
    )
    if work.session.scalar(others.limit(1)) is None:
        raise LastAdministrator


def _keep_none_responsible(user: User) -> None:
    count = len(responsibilities.of(user.id))
    if count:
        raise StillResponsible(count)


def _keep_no_tasks(user: User) -> None:
    count = task_handover.count_of(user.id)
    if count:
        raise StillHasTasks(count)


def _rights_changed(work: Work, user: User) -> None:
    patients = select(CareTeamMember.patient_id).where(
        CareTeamMember.user_id == user.id, CareTeamMember.until.is_(None)
    )
    for patient_id in work.session.scalars(patients):
        work.access_changed(patient_id, user.id)
