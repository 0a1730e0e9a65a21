"""The code of the desk, the way in by mail, and how an access ends."""

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from access import loaders, sessions
from access.grants import Hidden, PatientGrant
from access.permissions import Permission
from actions import accounts, desk, letters, passwords, portal, sign_in
from actions.accounts import AccountDetails, EmailTaken, PatientAlone
from actions.portal import Invited
from actions.unit_of_work import Units
from models.audit import AuditEvent
from models.base import db
from models.portal import PortalAccess, PortalRelation
from models.user import LoginSession, Role, User
from tests.conftest import MovableClock
from tests.databases.kinds import both
from tests.personas import (
    ADAM,
    DANA,
    GUARDIAN,
    INES,
    MARIA,
    OTTO,
    PASSWORD,
    Persona,
    actor,
    patient_id,
    user,
)

pytestmark = pytest.mark.usefixtures("context")

BORN, INES_BORN = date(1980, 3, 12), date(1971, 7, 2)
NEW = "a sentence of her own"
MOTHER = Invited(PortalRelation.GUARDIAN, "Aino Salo", "her mother")


@pytest.fixture
def units(app: Flask) -> Units:
    found: Units = app.extensions["consilium"].units
    return found


def grant_of(name: str, by: Persona = DANA) -> PatientGrant:
    return loaders.patient(actor(by), patient_id(name), Permission.ABOUT_EDIT)


def code_for(units: Units, invited: Invited = MOTHER, name: str = "Maria Kovač", by: Persona = DANA) -> str:
    grant = grant_of(name, by)
    with units.begin(grant.actor) as work:
        return desk.make(work, grant, invited)[1]


def accesses_of(user_id: int) -> set[tuple[int, str]]:
    query = select(PortalAccess).where(PortalAccess.user_id == user_id, PortalAccess.until.is_(None))
    return {(each.patient_id, each.relation) for each in db.session.scalars(query)}


@both
def test_a_code_with_the_birth_date_begins_an_account(units: Units) -> None:
    drawn = code_for(units)
    assert len(drawn) == letters.LENGTH
    assert not set(drawn) - set(letters.SPELLING)
    found = desk.find(units, BORN, f" {drawn[:4].lower()}-{drawn[4:]} ")
    assert drawn not in found.code_hash
    token = desk.begin_account(units, found.id, desk.suggested_name(found), NEW, "Firefox", trusted=False)
    who = sessions.resume(token, units.clock())
    assert who is not None
    assert who.is_patient
    assert who.name == "Aino Salo"
    assert accesses_of(who.user_id) == {(patient_id("Maria Kovač"), "guardian")}
    assert loaders.portal(who, patient_id("Maria Kovač"), Permission.PORTAL_WORDS_WRITE).access.words == "her mother"
    with pytest.raises(desk.WrongCode):
        desk.find(units, BORN, drawn)
    with pytest.raises(desk.SpentCode):
        desk.begin_account(units, found.id, "another", NEW, "Firefox", trusted=False)
    name = db.session.get_one(User, who.user_id).email
    assert sign_in.authenticate(units, name.upper(), NEW, "127.0.0.1", "Firefox")
    used = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "desk-code")).all()
    assert [(each.actor_id, each.outcome) for each in used] == [(who.user_id, "done"), (None, "failed")]


@both
def test_few_tries_with_the_birth_date_end_a_code_and_other_birth_dates_tell_nothing(units: Units) -> None:
    drawn = code_for(units)
    for _ in range(desk.MOST_MISSES + 1):
        with pytest.raises(desk.WrongCode):
            desk.find(units, INES_BORN, drawn)
    wrong = "".join(reversed(drawn)) if drawn != drawn[::-1] else "BBBBBBBB"
    for _ in range(desk.MOST_MISSES - 1):
        with pytest.raises(desk.WrongCode):
            desk.find(units, BORN, wrong)
    found = desk.find(units, BORN, drawn)
    with pytest.raises(desk.WrongCode):
        desk.find(units, BORN, wrong)
    with pytest.raises(desk.WrongCode):
        desk.find(units, BORN, drawn)
    with pytest.raises(desk.SpentCode):
        desk.still_open(units, found.id)


def test_a_code_ends_after_an_hour_when_withdrawn_and_when_a_new_one_is_made(units: Units, clock: MovableClock) -> None:
    first = code_for(units)
    second = code_for(units)
    with pytest.raises(desk.WrongCode):
        desk.find(units, BORN, first)
    found = desk.find(units, BORN, second)
    clock.advance(minutes=59)
    assert desk.still_open(units, found.id)
    clock.advance(minutes=1)
    with pytest.raises(desk.SpentCode):
        desk.still_open(units, found.id)
    third = desk.find(units, BORN, code_for(units))
    grant = grant_of("Maria Kovač")
    with units.begin(grant.actor) as work:
        desk.withdraw(work, grant, third)
    with pytest.raises(desk.SpentCode):
        desk.still_open(units, third.id)


@both
def test_a_guardian_of_two_adds_the_second_to_the_account_of_the_first(units: Units) -> None:
    found = desk.find(units, INES_BORN, code_for(units, Invited(PortalRelation.CARER, "Otto"), "Ines Duarte", OTTO))
    with pytest.raises(sign_in.BadCredentials):
        desk.join_account(units, found.id, GUARDIAN.email, "not this one", "127.0.0.1", "Firefox", trusted=False)
    with pytest.raises(desk.StaffAccount):
        desk.join_account(units, found.id, DANA.email, PASSWORD, "127.0.0.1", "Firefox", trusted=False)
    desk.join_account(units, found.id, GUARDIAN.email, PASSWORD, "127.0.0.1", "Firefox", trusted=False)
    maria, ines = patient_id("Maria Kovač"), patient_id("Ines Duarte")
    assert accesses_of(user(GUARDIAN).id) == {(maria, "guardian"), (ines, "carer")}
    access = next(each for each in portal.accesses(maria) if each.user_id == user(GUARDIAN).id)
    grant = grant_of("Maria Kovač")
    with pytest.raises(desk.OtherPatients), units.begin(grant.actor) as work:
        desk.make_anew(work, grant, access)  # it would open the plan of Ines to Dana


def test_a_lost_password_is_set_anew_by_a_code_and_ends_what_was_open(units: Units) -> None:
    former = sign_in.authenticate(units, MARIA.email, PASSWORD, "127.0.0.1", "Firefox", trusted=True)
    grant = grant_of("Maria Kovač")
    access = next(each for each in portal.accesses(grant.patient.id) if each.user_id == user(MARIA).id)
    with units.begin(grant.actor) as work:
        _code, drawn = desk.make_anew(work, grant, access)
    found = desk.find(units, BORN, drawn)
    assert sessions.resume(former, units.clock()) is not None
    token = desk.renew_password(units, found.id, NEW, "Firefox", trusted=False)
    assert sessions.resume(former, units.clock()) is None
    assert sessions.resume(token, units.clock()) is not None
    assert accesses_of(user(MARIA).id) == {(grant.patient.id, "self")}
    with pytest.raises(sign_in.BadCredentials):
        sign_in.authenticate(units, MARIA.email, PASSWORD, "127.0.0.1", "Firefox")


def test_whoever_got_an_invitation_by_mistake_does_not_know_the_birth_date(units: Units) -> None:
    grant = grant_of("Maria Kovač")
    with units.begin(grant.actor) as work:
        _access, token = portal.invite(work, grant, MOTHER, "Aino@Home.example")
    for day in (None, INES_BORN, *(BORN + timedelta(days=n) for n in (1, 2))):
        with pytest.raises(sign_in.WrongBirthDate):
            sign_in.use_link(units, token, NEW, "Firefox", born=day)
    assert sign_in.person_of_link(units, token).email == "aino@home.example"
    with pytest.raises(sign_in.WrongBirthDate):
        sign_in.use_link(units, token, NEW, "Firefox", born=INES_BORN)
    with pytest.raises(sign_in.SpentLink):
        sign_in.use_link(units, token, NEW, "Firefox", born=BORN)
    aino = db.session.scalars(select(PortalAccess).order_by(PortalAccess.id.desc())).first()
    assert aino is not None
    with units.begin(grant.actor) as work:
        portal.mail_again(work, grant, aino)


def test_an_invitation_by_mail_needs_an_address_that_is_nobodys(units: Units) -> None:
    grant = grant_of("Maria Kovač")
    for email in (DANA.email, INES.email):
        with pytest.raises(EmailTaken), units.begin(grant.actor) as work:
            portal.invite(work, grant, MOTHER, email)
    with pytest.raises(portal.PatientReads), units.begin(grant.actor) as work:
        portal.invite(work, grant, Invited(PortalRelation.SELF), "maria@home.example")


@both
def test_ending_an_access_closes_every_way_in_at_once(units: Units) -> None:
    token = sign_in.authenticate(units, GUARDIAN.email, PASSWORD, "127.0.0.1", "Firefox", trusted=True)
    grant = grant_of("Maria Kovač")
    access = next(each for each in portal.accesses(grant.patient.id) if each.user_id == user(GUARDIAN).id)
    with units.begin(grant.actor) as work:
        _code, drawn = desk.make_anew(work, grant, access)
        portal.end(work, grant, access)
        portal.end(work, grant, access)
    assert sessions.resume(token, units.clock()) is None
    with pytest.raises(Hidden):
        loaders.portal(actor(GUARDIAN), grant.patient.id, Permission.PORTAL_PLAN_READ)
    with pytest.raises(desk.WrongCode):
        desk.find(units, BORN, drawn)
    ended = db.session.get_one(PortalAccess, access.id)
    assert (ended.until, ended.ended_by_id) == (units.clock(), user(DANA).id)


@both
def test_a_trusted_device_stays_for_thirty_days_and_only_a_patients(units: Units, clock: MovableClock) -> None:
    trusted = sign_in.authenticate(units, MARIA.email, PASSWORD, "127.0.0.1", "Firefox", trusted=True)
    other = sign_in.authenticate(units, MARIA.email, PASSWORD, "127.0.0.1", "Firefox")
    staff = sign_in.authenticate(units, DANA.email, PASSWORD, "127.0.0.1", "Firefox", trusted=True)
    clock.advance(minutes=61)
    open_now = [token for token in (trusted, other, staff) if sessions.resume(token, clock())]
    assert open_now == [trusted]
    who = sessions.resume(trusted, clock())
    assert who is not None
    assert [each.id for each in sign_in.open_sessions(who, units)] == [who.session_id]
    clock.advance(days=29, hours=22)
    assert sessions.resume(trusted, clock()) is not None
    clock.advance(hours=1)
    assert sessions.resume(trusted, clock()) is None


def test_a_new_password_and_a_disabled_account_end_a_trusted_device(units: Units) -> None:
    lost = sign_in.authenticate(units, MARIA.email, PASSWORD, "127.0.0.1", "Firefox", trusted=True)
    here = sign_in.authenticate(units, MARIA.email, PASSWORD, "127.0.0.1", "Safari", trusted=True)
    who = sessions.resume(here, units.clock())
    assert who is not None
    sign_in.change_password(units, who, PASSWORD, NEW)
    assert sessions.resume(lost, units.clock()) is None
    assert sessions.resume(here, units.clock()) is not None
    row = db.session.scalars(select(LoginSession).where(LoginSession.id == who.session_id)).one()
    with units.begin(None):
        row.user.disabled_at = units.clock()
    assert sessions.resume(here, units.clock()) is None


def test_nobody_is_staff_and_patient_in_one_account(units: Units) -> None:
    boss = actor(ADAM)
    details = AccountDetails("Lena Moreau", "lena@home.example", frozenset({Role.COORDINATOR, Role.PATIENT}))
    with pytest.raises(PatientAlone), units.begin(boss) as work:
        accounts.create(work, loaders.clinic(boss, Permission.ACCOUNTS_MANAGE), details)


def test_what_one_may_sign_in_with(units: Units) -> None:
    found = desk.find(units, BORN, code_for(units))
    for name in ("abc", "4711", "maria kovac", ".maria", "maria..k", "@", "a@", "müller"):
        with pytest.raises(desk.UnfitName):
            desk.begin_account(units, found.id, name, NEW, "Firefox", trusted=True)
    with pytest.raises(EmailTaken):
        desk.begin_account(units, found.id, DANA.email, NEW, "Firefox", trusted=True)
    with pytest.raises(passwords.WeakPassword):
        desk.begin_account(units, found.id, "maria482", "short", "Firefox", trusted=True)
    desk.begin_account(units, found.id, "M.kovac_9", NEW, "Firefox", trusted=True)
    assert sign_in.authenticate(units, "m.kovac_9", NEW, "127.0.0.1", "Firefox")
