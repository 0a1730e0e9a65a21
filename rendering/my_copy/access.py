"""Who looked at the record or wrote in it, and on which days."""

from collections.abc import Iterator
from datetime import date, datetime

from flask_babel import gettext as _
from flask_babel import to_user_timezone
from sqlalchemy import func, select

from actions.exports.sealed import Entry
from models.audit import AuditEvent, Outcome
from models.base import db
from models.discipline import Discipline
from models.user import Role, User, UserRole
from rendering.filters import long_day
from rendering.my_copy.piece import About, Piece, Shown, as_day


def _entries(about: About) -> Iterator[Entry]:
    """One for each person and day of the clinic, latest first."""
    rows = db.session.execute(
        select(AuditEvent.at, AuditEvent.actor_id, AuditEvent.outcome)
        .where(
            AuditEvent.patient_id == about.patient_id,
            AuditEvent.actor_id.is_not(None),
            AuditEvent.outcome.in_((Outcome.VIEWED, Outcome.DONE)),
        )
        .order_by(AuditEvent.id.desc())
    )
    found: dict[tuple[date, int], set[str]] = {}
    for at, person, outcome in rows:
        assert person is not None
        found.setdefault((_day(at), person), set()).add(outcome)
    people = _people({person for _on, person in found})
    for (on, person), outcomes in found.items():
        name, what = people[person]
        yield {
            "id": f"access:{on.isoformat()}:{person}",
            "on": on.isoformat(),
            "name": name,
            "what_they_are": what,
            "wrote": Outcome.DONE in outcomes,
        }


def _day(at: datetime) -> date:
    day: date = to_user_timezone(at).date()
    return day


def _people(ids: set[int]) -> dict[int, tuple[str, str]]:
    """Name, and discipline or role; nothing for who reads from outside the clinic."""
    from_outside = select(func.count()).where(UserRole.user_id == User.id, UserRole.role == Role.PATIENT)
    rows = db.session.execute(
        select(User.id, User.name, Discipline.name, from_outside.scalar_subquery())
        .outerjoin(Discipline, Discipline.id == User.discipline_id)
        .where(User.id.in_(ids))
    )
    return {
        person: (name, discipline or ("" if is_outside else str(_("Coordination"))))
        for person, name, discipline, is_outside in rows
    }


def _show(entry: Entry) -> Shown:
    who = f"{entry['name']}, {entry['what_they_are']}" if entry["what_they_are"] else entry["name"]
    did = _("read and wrote") if entry["wrote"] else _("read")
    return Shown("", [f"{long_day(as_day(entry['on']))} · {who} · {did}"])


PIECE = Piece(
    "access",
    lambda about: str(
        _("Who looked at your record") if about.is_own else _("Who looked at the record of %(name)s", name=about.name)
    ),
    lambda _about: str(_("Nobody has yet.")),
    _entries,
    _show,
)
