"""No task is left with somebody outside the care team, by whichever road they leave."""

import pytest
from flask import Flask
from sqlalchemy import select

from access import loaders
from access.grants import AccountGrant, TeamGrant
from access.permissions import Permission
from actions import accounts, care_team, task_handover, teams
from actions.accounts import AccountDetails
from actions.responsibilities import SuccessorNeeded
from actions.task_handover import RESPONSIBLE, HeirNeeded
from actions.unfit import Unfit
from actions.unit_of_work import Units
from models.base import db
from models.discipline import Discipline
from models.notification import Notification
from models.patient import CareTeamMember
from models.task import TaskState
from models.team import Membership, Team
from models.user import Role
from tests.actions.test_tasks import Desk, discipline, of
from tests.databases.kinds import both
from tests.personas import ADAM, AINO, CORA, DANA, LENA, OTTO, RAVI, SPINE, Persona, actor, user

pytestmark = [both, pytest.mark.usefixtures("context")]


@pytest.fixture
def units(app: Flask) -> Units:
    found: Units = app.extensions["consilium"].units
    return found


@pytest.fixture
def desk(units: Units) -> Desk:
    return Desk(units)


def whose(desk: Desk, task_id: int) -> str:
    found = desk.grant(CORA, task_id).task.assignee
    return found.name if found else ""


def member(desk: Desk, persona: Persona) -> int:
    query = select(CareTeamMember.id).where(
        CareTeamMember.patient_id == desk.maria,
        CareTeamMember.user_id == user(persona).id,
        CareTeamMember.until.is_(None),
    )
    return db.session.scalars(query).one()


def test_leaving_the_care_team_asks_who_takes_over(desk: Desk, units: Units) -> None:
    task, ended = desk.give(DANA, of(RAVI)), desk.give(DANA, of(RAVI))
    desk.move(RAVI, ended, TaskState.DONE)
    grant = loaders.patient(actor(CORA), desk.maria, Permission.CARE_TEAM_EDIT)
    (left,) = task_handover.of(user(RAVI).id)
    assert (left.patient.id, left.count) == (desk.maria, 1)
    assert {each.name for each in left.heirs} == {"Dana Osei", "Lena Moreau", "Aino Salo", "Cora Lindt"}
    for nobody in (None, user(OTTO).id, user(RAVI).id, 987_654):
        with pytest.raises(HeirNeeded), units.begin(grant.actor) as work:
            care_team.remove(work, grant, member(desk, RAVI), nobody)
    with units.begin(grant.actor) as work:
        care_team.remove(work, grant, member(desk, RAVI), user(AINO).id)
    assert whose(desk, task) == "Aino Salo"
    assert whose(desk, ended) == "Ravi Thakur", "what was done stays theirs"
    last = desk.grant(CORA, task).task.changes[-1]
    assert (last.kind, last.by.name, last.before["assignee_id"]) == ("assigned", "Cora Lindt", user(RAVI).id)
    assert db.session.scalar(
        select(Notification.id).where(Notification.task_id == task, Notification.user_id == user(AINO).id)
    )
    with pytest.raises(Unfit):
        desk.move(DANA, ended, TaskState.OPEN, seen=TaskState.DONE)


def test_a_disabled_accounts_tasks_pass_on(desk: Desk, units: Units) -> None:
    task = desk.give(DANA, of(RAVI))
    grant = AccountGrant(actor(ADAM), user(RAVI))
    with pytest.raises(HeirNeeded) as caught, units.begin(grant.actor) as work:
        accounts.disable(work, grant, {})
    assert [each.id for each in caught.value.patients] == [desk.maria]
    with units.begin(grant.actor) as work:
        accounts.disable(work, grant, {}, {desk.maria: RESPONSIBLE})
    assert whose(desk, task) == "Dana Osei"


def test_the_successor_of_the_responsible_one_gets_the_tasks_too(desk: Desk, units: Units) -> None:
    task = desk.give(LENA, of(DANA))
    team = db.session.scalars(select(Team).where(Team.name == SPINE)).one()
    row = db.session.scalars(
        select(Membership.id).where(Membership.user_id == user(DANA).id, Membership.until.is_(None))
    ).one()
    grant = TeamGrant(actor(ADAM), team)
    with pytest.raises(SuccessorNeeded), units.begin(grant.actor) as work:
        teams.end_membership(work, grant, row, {}, {desk.maria: user(LENA).id})
    with units.begin(grant.actor) as work:
        teams.end_membership(work, grant, row, {desk.maria: user(LENA).id})
    assert whose(desk, task) == "Lena Moreau"
    assert task_handover.count_of(user(DANA).id) == 0


def test_whoever_has_tasks_stays_a_clinician_or_coordinator(desk: Desk, units: Units) -> None:
    desk.give(DANA, of(LENA))
    grant = AccountGrant(actor(ADAM), user(LENA))
    with pytest.raises(accounts.StillHasTasks), units.begin(grant.actor) as work:
        accounts.change(work, grant, AccountDetails(LENA.name, LENA.email, frozenset({Role.ADMIN})))
    grant = AccountGrant(actor(ADAM), user(LENA))
    with units.begin(grant.actor) as work:
        accounts.change(work, grant, AccountDetails(LENA.name, LENA.email, frozenset({Role.COORDINATOR})))


def test_a_discipline_with_open_tasks_stays_involved(desk: Desk, units: Units) -> None:
    task = desk.give(DANA, discipline("psychology"))
    grant = loaders.patient(actor(DANA), desk.maria, Permission.CARE_TEAM_EDIT)
    others = frozenset(db.session.scalars(select(Discipline.id).where(Discipline.key != "psychology")))
    with pytest.raises(care_team.StillHasTasks) as caught, units.begin(grant.actor) as work:
        care_team.set_involved(work, grant, others)
    assert caught.value.names == ["Psychology"]
    desk.move(LENA, task, TaskState.DONE)
    with units.begin(grant.actor) as work:
        care_team.set_involved(work, grant, others)
