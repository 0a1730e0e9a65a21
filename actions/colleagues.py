"""The people of a patient's care team, as discussions and tasks name them."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import and_, select

from models.base import db
from models.discipline import Discipline
from models.patient import CareTeamMember
from models.plan import Section
from models.user import Role, User, UserRole


@dataclass(frozen=True, slots=True)
class Colleague:
    """`tone` is the key of the discipline, which is also the CSS class of its colour, or empty."""

    id: int
    name: str
    discipline_id: int | None
    discipline: str
    tone: str
    is_clinician: bool

    def writes(self, section: Section) -> bool:
        """Clinicians of the care team write shared sections and their own discipline's."""
        return self.is_clinician and section.discipline_id in (None, self.discipline_id)


def colleagues(patient_id: int) -> Sequence[Colleague]:
    """Everyone of the present care team whose account is in use, by name; one statement."""
    rows = db.session.execute(
        select(User.id, User.name, Discipline.id, Discipline.name, Discipline.key, UserRole.role)
        .join(CareTeamMember, CareTeamMember.user_id == User.id)
        .outerjoin(Discipline, Discipline.id == User.discipline_id)
        .outerjoin(UserRole, and_(UserRole.user_id == User.id, UserRole.role == Role.CLINICIAN))
        .where(
            CareTeamMember.patient_id == patient_id,
            CareTeamMember.until.is_(None),
            User.disabled_at.is_(None),
        )
        .order_by(User.name, User.id)
    )
    return [
        Colleague(user_id, name, discipline_id, discipline or "", tone or "", role is not None)
        for user_id, name, discipline_id, discipline, tone, role in rows
    ]
