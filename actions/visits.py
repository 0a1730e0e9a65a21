"""When a person looked at a patient's board, and since when what changed there is new to them.

Looks less than an hour apart are one visit. While it lasts, what is new is what changed since the visit before it, so
that opening the board takes nothing off the list of the one who reads it; once it is over, what changed since its last
look. Before the first visit, all that changed since they joined the care team is new.
"""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, case, func, literal, select
from sqlalchemy.dialects import postgresql, sqlite

from access.reach import readable
from actions.unit_of_work import Work
from models.notification import PatientSeen
from models.patient import CareTeamMember

VISIT = timedelta(hours=1)
_KEY = ("user_id", "patient_id")


def look(work: Work, patient_id: int) -> None:
    """The acting person looks at a patient's board: one statement."""
    row = _insert(work).values(user_id=work.actor_id, patient_id=patient_id, at=work.now)
    is_over = PatientSeen.at <= work.now - VISIT
    since = case((is_over, PatientSeen.at), else_=PatientSeen.since)
    work.session.execute(row.on_conflict_do_update(index_elements=_KEY, set_={"at": row.excluded.at, "since": since}))


def look_at_all(work: Work) -> None:
    """The acting person knows all there is about each of their patients."""
    assert work.actor is not None
    now = literal(work.now, PatientSeen.at.type)
    theirs = select(literal(work.actor_id), CareTeamMember.patient_id, now, now).where(
        CareTeamMember.user_id == work.actor_id,
        CareTeamMember.until.is_(None),
        CareTeamMember.patient_id.in_(readable(work.actor)),
    )
    rows = _insert(work).from_select([*_KEY, "at", "since"], theirs)
    set_ = {"at": rows.excluded.at, "since": rows.excluded.since}
    work.session.execute(rows.on_conflict_do_update(index_elements=_KEY, set_=set_))


def since(now: datetime) -> ColumnElement[datetime]:
    """Since when what changed is new, of a care team member joined with what they have seen, if anything."""
    return case(
        (PatientSeen.at <= now - VISIT, PatientSeen.at),
        else_=func.coalesce(PatientSeen.since, CareTeamMember.since),
    )


def _insert(work: Work) -> "postgresql.Insert | sqlite.Insert":
    is_sqlite = work.session.get_bind().dialect.name == "sqlite"
    return sqlite.insert(PatientSeen) if is_sqlite else postgresql.insert(PatientSeen)
