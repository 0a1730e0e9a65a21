"""What only a demo clinic allows: signing in as one of its people without a password."""

from collections.abc import Sequence

from sqlalchemy import select

from actions.sign_in import BadCredentials, start_session
from actions.unit_of_work import Units
from models.base import db
from models.user import Role, User

DOMAIN = "@demo.example"


def people() -> Sequence[User]:
    """The accounts of the demo that can sign in."""
    query = select(User).where(User.email.endswith(DOMAIN, autoescape=True), User.disabled_at.is_(None))
    return db.session.scalars(query.order_by(User.id)).unique().all()


def one_of_each(people: Sequence[User]) -> tuple[list[User], list[User]]:
    """The first person of every discipline and role, and after them all others; administrators come last."""
    first: dict[str, User] = {}
    for user in people:
        kind = user.discipline.key if user.discipline else min(user.roles, default="")
        first.setdefault(kind, user)
    chosen = sorted(first.values(), key=lambda user: (user.discipline is None, Role.ADMIN in user.roles))
    return chosen, [user for user in people if user not in chosen]


def sign_in_as(units: Units, user_id: int, user_agent: str) -> str:
    """Begin a session as a demo person; answers its token. Raises BadCredentials for anybody else."""
    user = next((each for each in people() if each.id == user_id), None)
    if user is None:
        raise BadCredentials
    with units.begin(None) as work:
        return start_session(work, user, user_agent)
