"""What matters to the patient, recorded by staff as told to them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from access.grants import PatientGrant
from access.permissions import Permission
from actions.unit_of_work import Work
from models.base import db
from models.patient import CareTeamMember, PatientStatement

MAX_LENGTH = 2000


class InFuture(ValueError):
    """Nobody was told anything on a day that is still to come."""


class NotInCareTeam(ValueError):
    """A statement is told to somebody of the care team."""


@dataclass(frozen=True, slots=True)
class Statement:
    """`told_by` names the person whose words these are; `told_to_id` is the member of staff who heard them."""

    text: str
    told_by: str
    told_to_id: int
    told_on: date


def latest(patient_id: int) -> PatientStatement | None:
    return db.session.scalar(
        select(PatientStatement)
        .where(PatientStatement.patient_id == patient_id)
        .order_by(PatientStatement.told_on.desc(), PatientStatement.id.desc())
        .limit(1)
    )


def former(patient_id: int) -> Sequence[PatientStatement]:
    """All statements, latest first."""
    return (
        db.session.scalars(
            select(PatientStatement)
            .where(PatientStatement.patient_id == patient_id)
            .order_by(PatientStatement.told_on.desc(), PatientStatement.id.desc())
        )
        .unique()
        .all()
    )


def record(work: Work, grant: PatientGrant, statement: Statement, today: date) -> PatientStatement:
    """Add a statement; former ones stay. `today` is the clinic's day. Raises InFuture or NotInCareTeam."""
    if statement.told_on > today:
        raise InFuture
    member = select(CareTeamMember.id).where(
        CareTeamMember.patient_id == grant.patient.id,
        CareTeamMember.user_id == statement.told_to_id,
        CareTeamMember.until.is_(None),
    )
    if work.session.scalar(member) is None:
        raise NotInCareTeam
    row = PatientStatement(
        patient_id=grant.patient.id,
        text=statement.text.strip(),
        told_by=statement.told_by.strip(),
        told_to_id=statement.told_to_id,
        told_on=statement.told_on,
        recorded_at=work.now,
        recorded_by_id=work.actor_id,
    )
    work.session.add(row)
    work.session.flush()
    work.record(Permission.STATEMENT_RECORD, f"statement:{row.id}", grant.patient.id)
    work.touched(grant.patient.id)
    work.board_changed(grant.plan.id, "what-matters")
    return row
