"""Teams of the clinic and who belongs to them."""

from collections.abc import Mapping, Sequence

from sqlalchemy import and_, func, select

from access.grants import ClinicGrant, Hidden, TeamGrant
from access.permissions import Permission
from actions import responsibilities
from actions.unit_of_work import Work
from models.base import db
from models.patient import CareTeamMember, Patient
from models.team import Membership, Team
from models.user import User


class TeamNameTaken(ValueError):
    """Another team has this name."""


def all_teams() -> Sequence[Team]:
    return db.session.scalars(select(Team).order_by(Team.name)).all()


def with_sizes() -> Sequence[tuple[Team, int]]:
    """Every team with the number of its present members."""
    query = (
        select(Team, func.count(Membership.id))
        .outerjoin(Membership, and_(Membership.team_id == Team.id, Membership.until.is_(None)))
        .group_by(Team.id)
        .order_by(Team.name)
    )
    return [(team, size) for team, size in db.session.execute(query)]


def of_person(user_id: int) -> Sequence[Team]:
    """The teams a person is in, longest first."""
    return [row.team for row in memberships_of(user_id)]


def memberships_of(user_id: int) -> Sequence[Membership]:
    """A person's present memberships, longest first."""
    return db.session.scalars(
        select(Membership)
        .where(Membership.user_id == user_id, Membership.until.is_(None))
        .order_by(Membership.since, Membership.id)
    ).all()


def members(team_id: int) -> Sequence[Membership]:
    """Present members, leads first, then by name."""
    return (
        db.session.scalars(
            select(Membership)
            .join(User, User.id == Membership.user_id)
            .where(Membership.team_id == team_id, Membership.until.is_(None))
            .order_by(Membership.lead.desc(), User.name)
        )
        .unique()
        .all()
    )


def create(work: Work, grant: ClinicGrant, name: str) -> Team:
    """A new team. Raises TeamNameTaken."""
    team = Team(name=_free_name(work, name, None), created_at=work.now, created_by_id=grant.actor.user_id)
    work.session.add(team)
    work.session.flush()
    work.record(Permission.TEAMS_MANAGE, f"team:{team.id}", change="created")
    return team


def rename(work: Work, grant: TeamGrant, name: str) -> None:
    """Raises TeamNameTaken."""
    former = grant.team.name
    grant.team.name = _free_name(work, name, grant.team.id)
    work.record(Permission.TEAMS_MANAGE, f"team:{grant.team.id}", change="renamed", former=former)


def add_member(work: Work, grant: TeamGrant, user: User, *, lead: bool = False) -> Membership:
    """Take a person into the team; one who is there already stays as they are."""
    present = _present(work, grant.team.id, user.id)
    if present is not None:
        return present
    row = Membership(team_id=grant.team.id, user_id=user.id, lead=lead, since=work.now, added_by_id=grant.actor.user_id)
    work.session.add(row)
    work.session.flush()
    work.record(Permission.TEAMS_MANAGE, f"team:{grant.team.id}", change="joined", user=user.id, lead=lead)
    return row


def set_lead(work: Work, grant: TeamGrant, membership_id: int, lead: bool) -> None:
    """Make a member the team's lead, or no longer: the former row ends and a new one begins."""
    row = _own(work, grant, membership_id)
    if row.lead == lead or row.until is not None:
        return
    row.until, row.ended_by_id = work.now, grant.actor.user_id
    work.session.flush()
    work.session.add(
        Membership(team_id=row.team_id, user_id=row.user_id, lead=lead, since=work.now, added_by_id=grant.actor.user_id)
    )
    work.record(Permission.TEAMS_MANAGE, f"team:{row.team_id}", change="lead", user=row.user_id, lead=lead)
    _rights_changed(work, row.user_id, row.team_id)


def end_membership(
    work: Work,
    grant: TeamGrant,
    membership_id: int,
    successors: Mapping[int, int],
    heirs: Mapping[int, int] | None = None,
) -> None:
    """Let a person leave the team and the care teams of its patients.

    `successors` names, per patient, who becomes responsible, and `heirs` who gets open tasks; without an heir the
    successor does. Raises SuccessorNeeded, UnfitSuccessor or HeirNeeded.
    """
    row = _own(work, grant, membership_id)
    if row.until is not None:
        return
    responsibilities.hand_over_all(work, row.user_id, successors, grant.team.id)
    responsibilities.leave_care_teams(work, row.user_id, grant.team.id, {**successors, **(heirs or {})})
    row.until, row.ended_by_id = work.now, grant.actor.user_id
    work.record(Permission.TEAMS_MANAGE, f"team:{row.team_id}", change="left", user=row.user_id)


def _free_name(work: Work, name: str, own_id: int | None) -> str:
    name = " ".join(name.split())
    other = work.session.scalar(select(Team.id).where(Team.name == name))
    if other is not None and other != own_id:
        raise TeamNameTaken
    return name


def _present(work: Work, team_id: int, user_id: int) -> Membership | None:
    return work.session.scalar(
        select(Membership).where(
            Membership.team_id == team_id, Membership.user_id == user_id, Membership.until.is_(None)
        )
    )


def _own(work: Work, grant: TeamGrant, membership_id: int) -> Membership:
    row = work.session.get(Membership, membership_id)
    if row is None or row.team_id != grant.team.id:
        raise Hidden(grant.actor, Permission.TEAMS_MANAGE, f"membership:{membership_id}")
    return row


def _rights_changed(work: Work, user_id: int, team_id: int) -> None:
    patients = (
        select(Patient.id)
        .join(CareTeamMember, CareTeamMember.patient_id == Patient.id)
        .where(Patient.team_id == team_id, CareTeamMember.user_id == user_id, CareTeamMember.until.is_(None))
    )
    for patient_id in work.session.scalars(patients):
        work.access_changed(patient_id, user_id)
