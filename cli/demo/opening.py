"""The day the clinic began: the administrator makes accounts and teams."""

from sqlalchemy import select

from access import loaders, sessions
from access.grants import Actor
from access.permissions import Permission
from actions import accounts, teams
from actions import clinic as settle
from actions.accounts import AccountDetails
from actions.clinic_now import Clinic
from cli.demo import content, password
from cli.demo.content import Person
from cli.demo.past import Past
from models.base import db
from models.discipline import Discipline
from models.user import Role


def open_clinic(past: Past, demo: content.Clinic, its_password: str) -> None:
    """Accounts of all people, teams, memberships, whom patients call; the first account is the administrator's."""
    disciplines = {row.key: row.id for row in db.session.scalars(select(Discipline))}
    admin = next(person for person in demo.people if Role.ADMIN in person.roles)
    _make_account(past, admin, None, disciplines)
    boss = past.actors[admin.key]
    for person in demo.people:
        if person is not admin:
            _make_account(past, person, boss, disciplines)
    for name in demo.teams:
        _make_team(past, boss, name, [person for person in demo.people if name in person.teams])
    with past.units.begin(boss) as work:
        settings = Clinic(timezone=past.zone.key, **demo.settings)
        settle.change(work, loaders.clinic(boss, Permission.CLINIC_SETTINGS), settings, 0)
        password.give(work, its_password)


def _make_account(past: Past, person: Person, boss: Actor | None, disciplines: dict[str, int]) -> None:
    grant = loaders.clinic(boss, Permission.ACCOUNTS_MANAGE) if boss else None
    discipline = disciplines[person.discipline] if person.discipline else None
    details = AccountDetails(person.name, person.email, frozenset(map(Role, person.roles)), discipline)
    with past.units.begin(boss) as work:
        user, _token = accounts.create(work, grant, details)
    past.actors[person.key] = sessions.actor_of(user, None)


def _make_team(past: Past, boss: Actor, name: str, members: list[Person]) -> None:
    with past.units.begin(boss) as work:
        team = teams.create(work, loaders.clinic(boss, Permission.TEAMS_MANAGE), name)
        grant = loaders.team(boss, team.id, Permission.TEAMS_MANAGE)
        for person in members:
            account = loaders.account(boss, past.actors[person.key].user_id, Permission.ACCOUNTS_MANAGE)
            teams.add_member(work, grant, account.user, lead=name in person.leads)
        past.teams[name] = team.id
