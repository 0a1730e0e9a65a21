"""`flask users`: accounts from the command line, above all the first administrator."""

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy import select

from actions import accounts
from actions.accounts import EMAIL, AccountDetails, DisciplineNeeded, EmailTaken
from models.base import db
from models.discipline import Discipline
from models.user import Role

users = AppGroup("users", help="Accounts.")


@users.command("create")
@click.option("--name", required=True, help="The person's name, as colleagues know it.")
@click.option("--email", required=True, help="The email they sign in with.")
@click.option("--admin", is_flag=True, help="They administer accounts and teams.")
@click.option("--coordinator", is_flag=True, help="They arrange care teams and conferences.")
@click.option("--discipline", help="They are a clinician of this discipline, such as physiotherapy.")
def create(name: str, email: str, admin: bool, coordinator: bool, discipline: str | None) -> None:
    """Make an account and print the one-time link by which the person sets a password."""
    roles = {Role.ADMIN} if admin else set()
    roles |= {Role.COORDINATOR} if coordinator else set()
    roles |= {Role.CLINICIAN} if discipline else set()
    if not roles:
        raise click.UsageError("Say what the person is: --admin, --coordinator or --discipline KEY.")
    if not EMAIL.fullmatch(email.strip()):
        raise click.UsageError(f"{email!r} is no email address.")
    details = AccountDetails(name, email, frozenset(roles), _discipline(discipline))
    house = current_app.extensions["consilium"]
    try:
        with house.units.begin(None) as work:
            _user, token = accounts.create(work, None, details)
    except EmailTaken:
        raise click.ClickException(f"There is an account with the email {email} already.") from None
    except DisciplineNeeded:
        raise click.UsageError("A clinician needs --discipline.") from None
    click.echo(f"Give {name} this link; it works once, for {accounts.LINK_LIFE.days} days:")
    click.echo(f"  {house.settings.public_url}/welcome/{token}")


def _discipline(key: str | None) -> int | None:
    if key is None:
        return None
    found = db.session.scalar(select(Discipline).where(Discipline.key == key))
    if found is None:
        known = ", ".join(db.session.scalars(select(Discipline.key).order_by(Discipline.position)))
        raise click.UsageError(f"There is no discipline {key!r}. Known: {known}.")
    return found.id
