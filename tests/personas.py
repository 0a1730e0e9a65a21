"""The people every test knows: the Tuesday spine team around Maria, Adam who administers, Otto who is outside; and
from outside the clinic Maria, Ines, and Otto with an account of his own, as guardian of Maria."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from access import loaders, sessions
from access.grants import Actor, ClinicGrant, TeamGrant
from access.permissions import Permission
from actions import accounts, patients, portal, statements, teams
from actions.accounts import AccountDetails
from actions.passwords import hash_password
from actions.unit_of_work import Units, Work
from models.base import db
from models.discipline import Discipline
from models.patient import Patient
from models.plan import Plan, Section, SectionDocument
from models.portal import PortalRelation
from models.team import Team
from models.user import Role, User

PASSWORD = "correct staple for tests"
KEYS = {"SECRET_KEY": "k" * 40, "INTEGRITY_KEYS": "1:" + "i" * 40}
"""Settings of every installation in tests: databases are copied from one to another."""


@dataclass(frozen=True)
class Persona:
    key: str
    name: str
    role: Role
    discipline: str | None = None
    team: str | None = None
    lead: bool = False

    @property
    def email(self) -> str:
        return f"{self.key}@clinic.example"


SPINE, HAND = "Tuesday spine", "Thursday hand"
ADAM = Persona("adam", "Adam Berg", Role.ADMIN)
DANA = Persona("dana", "Dana Osei", Role.CLINICIAN, "physiotherapy", SPINE, lead=True)
LENA = Persona("lena", "Lena Moreau", Role.CLINICIAN, "psychology", SPINE)
RAVI = Persona("ravi", "Ravi Thakur", Role.CLINICIAN, "pain-management", SPINE)
AINO = Persona("aino", "Aino Salo", Role.CLINICIAN, "nutrition", SPINE)
CORA = Persona("cora", "Cora Lindt", Role.COORDINATOR, None, SPINE)
OTTO = Persona("otto", "Otto Brandt", Role.CLINICIAN, "pain-management", HAND)
MARIA = Persona("maria", "Maria Kovač", Role.PATIENT)
INES = Persona("ines", "Ines Duarte", Role.PATIENT)
GUARDIAN = Persona("otto.at.home", "Otto Brandt", Role.PATIENT)
STAFF = (ADAM, DANA, LENA, RAVI, AINO, CORA, OTTO)
FROM_OUTSIDE = (MARIA, INES, GUARDIAN)
EVERYONE = (*STAFF, *FROM_OUTSIDE)


def settle(units: Units) -> None:
    """Fill an empty, migrated database with the cast, and with Maria as Dana's patient and Ines as Otto's."""
    disciplines = {row.key: row.id for row in db.session.scalars(select(Discipline))}
    hashed = hash_password(PASSWORD)
    with units.begin(None) as work:
        adam = _join(work, ADAM, disciplines, hashed)
        work.actor = sessions.actor_of(adam, None)
        people = {ADAM.key: adam} | {
            each.key: _join(work, each, disciplines, hashed) for each in STAFF if each is not ADAM
        }
        rows = {name: _team(work, name) for name in (SPINE, HAND)}
        for each in STAFF:
            if each.team:
                teams.add_member(work, TeamGrant(work.actor, rows[each.team]), people[each.key], lead=each.lead)
    take_in(units, DANA, patients.Identity("Maria Kovač", date(1980, 3, 12), "C-10482", "she/her"), SPINE)
    take_in(units, OTTO, patients.Identity("Ines Duarte", date(1971, 7, 2), "C-20001", "she/her"), HAND)
    let_in(units, DANA, MARIA, MARIA.name, PortalRelation.SELF, hashed)
    let_in(units, DANA, GUARDIAN, MARIA.name, PortalRelation.GUARDIAN, hashed)
    let_in(units, OTTO, INES, INES.name, PortalRelation.SELF, hashed)
    grant = loaders.patient(actor(DANA), patient_id("Maria Kovač"), Permission.STATEMENT_RECORD)
    with units.begin(grant.actor) as work:
        statements.record(
            work,
            grant,
            statements.Statement("I want to lift my grandson.", "Maria", grant.actor.user_id, date(2026, 1, 5)),
            date(2026, 1, 6),
        )


def take_in(units: Units, by: Persona, identity: patients.Identity, team: str | None) -> int:
    """Add a patient as one of the cast would; answers the patient's id."""
    who = actor(by)
    team_id = db.session.scalar(select(Team.id).where(Team.name == team)) if team else None
    with units.begin(who) as work:
        return patients.add(work, ClinicGrant(who, Permission.PATIENT_ADD), identity, team_id).id


def let_in(units: Units, by: Persona, reader: Persona, name: str, relation: PortalRelation, hashed: str) -> None:
    """Let somebody from outside read a patient's plan, with a password that is set."""
    grant = loaders.patient(actor(by), patient_id(name), Permission.ABOUT_EDIT)
    invited = portal.Invited(relation, reader.name, "her brother" if relation is not PortalRelation.SELF else "")
    with units.begin(grant.actor) as work:
        access, _token = portal.invite(work, grant, invited, reader.email)
        access.user.password_hash = hashed


def actor(persona: Persona) -> Actor:
    return sessions.actor_of(user(persona), None)


def user(persona: Persona) -> User:
    return db.session.scalars(select(User).where(User.email == persona.email)).unique().one()


def patient_id(name: str) -> int:
    return db.session.scalars(select(Patient.id).where(Patient.name == name)).one()


def documents_of(name: str) -> list[int]:
    """Every live document of a patient's plan."""
    return list(
        db.session.scalars(
            select(SectionDocument.document_id)
            .join(Section, Section.id == SectionDocument.section_id)
            .join(Plan, Plan.id == Section.plan_id)
            .where(Plan.patient_id == patient_id(name))
        )
    )


def _join(work: Work, persona: Persona, disciplines: dict[str, int], hashed: str) -> User:
    grant = ClinicGrant(work.actor, Permission.ACCOUNTS_MANAGE) if work.actor else None
    discipline = disciplines[persona.discipline] if persona.discipline else None
    details = AccountDetails(persona.name, persona.email, frozenset({persona.role}), discipline)
    created, _token = accounts.create(work, grant, details)
    created.password_hash = hashed
    return created


def _team(work: Work, name: str) -> Team:
    assert work.actor is not None
    return teams.create(work, ClinicGrant(work.actor, Permission.TEAMS_MANAGE), name)
