"""Accounts and teams: who takes over when somebody goes, and what nobody may end."""

import pytest
from flask import Flask
from sqlalchemy import select

from access import loaders, sessions
from access.grants import AccountGrant, ClinicGrant, Hidden, TeamGrant
from access.permissions import Permission
from actions import accounts, responsibilities, sign_in, teams
from actions.accounts import AccountDetails
from models.base import db
from models.team import Membership, Team
from models.user import Role
from tests.conftest import MovableClock
from tests.databases.kinds import both
from tests.personas import ADAM, DANA, HAND, LENA, OTTO, PASSWORD, SPINE, actor, patient_id, user

pytestmark = [pytest.mark.usefixtures("context"), both]


def account(persona=DANA) -> AccountGrant:  # type: ignore[no-untyped-def]
    return AccountGrant(actor(ADAM), user(persona))


def team(name: str) -> TeamGrant:
    return TeamGrant(actor(ADAM), db.session.scalars(select(Team).where(Team.name == name)).one())


def membership(persona, name: str) -> Membership:  # type: ignore[no-untyped-def]
    return db.session.scalars(
        select(Membership).where(
            Membership.user_id == user(persona).id,
            Membership.team_id == team(name).team.id,
            Membership.until.is_(None),
        )
    ).one()


def test_an_email_belongs_to_one_account_and_a_clinician_to_a_discipline(app: Flask) -> None:
    units, grant = app.extensions["consilium"].units, ClinicGrant(actor(ADAM), Permission.ACCOUNTS_MANAGE)
    same = AccountDetails("Dana Two", "DANA@clinic.example", frozenset({Role.COORDINATOR}))
    with pytest.raises(accounts.EmailTaken), units.begin(grant.actor) as work:
        accounts.create(work, grant, same)
    homeless = AccountDetails("Nils Berg", "nils@clinic.example", frozenset({Role.CLINICIAN}))
    with pytest.raises(accounts.DisciplineNeeded), units.begin(grant.actor) as work:
        accounts.create(work, grant, homeless)


def test_disabling_asks_who_takes_over_and_then_ends_everything(app: Flask, clock: MovableClock) -> None:
    units, maria = app.extensions["consilium"].units, patient_id("Maria Kovač")
    token = sign_in.authenticate(units, DANA.email, PASSWORD, "10.0.0.1", "test")
    with pytest.raises(responsibilities.SuccessorNeeded) as asked, units.begin(actor(ADAM)) as work:
        accounts.disable(work, account(), {})
    assert [patient.name for patient in asked.value.patients] == ["Maria Kovač"]
    with units.begin(actor(ADAM)) as work:
        accounts.disable(work, account(), {maria: user(LENA).id})
    assert sessions.resume(token, clock()) is None
    with pytest.raises(Hidden):
        loaders.patient(actor(DANA), maria, Permission.BOARD_VIEW)
    assert loaders.patient(actor(LENA), maria, Permission.BOARD_VIEW).responsible.name == "Lena Moreau"
    with pytest.raises(sign_in.BadCredentials):
        sign_in.authenticate(units, DANA.email, PASSWORD, "10.0.0.1", "test")
    with units.begin(actor(ADAM)) as work:
        link = accounts.enable(work, account())
    assert sign_in.use_link(units, link, "a longer sentence", "test")
    with pytest.raises(Hidden):
        loaders.patient(actor(DANA), maria, Permission.BOARD_VIEW)


def test_a_successor_is_a_clinician_in_use(app: Flask) -> None:
    units, maria = app.extensions["consilium"].units, patient_id("Maria Kovač")
    for unfit in (user(ADAM).id, 987654):
        with pytest.raises(responsibilities.UnfitSuccessor), units.begin(actor(ADAM)) as work:
            accounts.disable(work, account(), {maria: unfit})


def test_the_last_administrator_stays(app: Flask) -> None:
    units = app.extensions["consilium"].units
    with pytest.raises(accounts.LastAdministrator), units.begin(actor(ADAM)) as work:
        accounts.disable(work, account(ADAM), {})
    plain = AccountDetails(ADAM.name, ADAM.email, frozenset({Role.COORDINATOR}))
    with pytest.raises(accounts.LastAdministrator), units.begin(actor(ADAM)) as work:
        accounts.change(work, account(ADAM), plain)


def test_leaving_a_team_ends_its_care_teams_after_a_handover(app: Flask) -> None:
    units, maria = app.extensions["consilium"].units, patient_id("Maria Kovač")
    row = membership(DANA, SPINE)
    with pytest.raises(responsibilities.SuccessorNeeded), units.begin(actor(ADAM)) as work:
        teams.end_membership(work, team(SPINE), row.id, {})
    with units.begin(actor(ADAM)) as work:
        teams.end_membership(work, team(SPINE), row.id, {maria: user(LENA).id})
    with pytest.raises(Hidden):
        loaders.patient(actor(DANA), maria, Permission.BOARD_VIEW)


def test_a_membership_of_another_team_is_hidden(app: Flask) -> None:
    units = app.extensions["consilium"].units
    row = membership(OTTO, HAND)
    with pytest.raises(Hidden), units.begin(actor(ADAM)) as work:
        teams.end_membership(work, team(SPINE), row.id, {})


def test_making_a_lead_keeps_the_former_row(app: Flask) -> None:
    units, maria = app.extensions["consilium"].units, patient_id("Maria Kovač")
    row = membership(LENA, SPINE)
    with units.begin(actor(ADAM)) as work:
        teams.set_lead(work, team(SPINE), row.id, True)
    assert membership(LENA, SPINE).id != row.id
    assert row.until is not None
    assert loaders.patient(actor(LENA), maria, Permission.CARE_TEAM_EDIT)


def test_two_teams_do_not_share_a_name(app: Flask) -> None:
    units = app.extensions["consilium"].units
    with pytest.raises(teams.TeamNameTaken), units.begin(actor(ADAM)) as work:
        teams.create(work, ClinicGrant(actor(ADAM), Permission.TEAMS_MANAGE), f" {SPINE} ")
