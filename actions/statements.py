"""What matters to the patient: written by the patient, or recorded by staff as told to them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload, lazyload

from access.grants import PatientGrant, PortalGrant
from access.permissions import Permission
from actions import portal
from actions.unfit import Fault, Problem, Unfit
from actions.unit_of_work import Work
from models.base import db
from models.patient import CareTeamMember, PatientStatement
from models.plan import Plan
from models.user import User

MAX_LENGTH = 2000


class InFuture(ValueError):
    """Nobody was told anything on a day that is still to come."""


class NotInCareTeam(ValueError):
    """A statement is told to somebody of the care team."""


@dataclass(frozen=True, slots=True)
class Statement:
    """`told_by` names the person whose words these are; `told_to_id` is the member of staff who heard them, or None
    when that person wrote them."""

    text: str
    told_by: str
    told_to_id: int | None
    told_on: date


def latest(patient_id: int) -> PatientStatement | None:
    return db.session.scalar(
        select(PatientStatement)
        .where(PatientStatement.patient_id == patient_id)
        .order_by(PatientStatement.told_on.desc(), PatientStatement.id.desc())
        .limit(1)
        .options(joinedload(PatientStatement.told_to).options(lazyload(User.role_rows), lazyload(User.discipline)))
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
    return _add(work, Permission.STATEMENT_RECORD, grant.plan, statement)


def write(work: Work, grant: PortalGrant, text: str, today: date) -> PatientStatement | None:
    """The patient, or who speaks for the patient, writes it themselves; None when it says so already. Raises Unfit."""
    text = text.replace("\0", "").replace("\r\n", "\n").strip()
    if not text:
        raise Unfit({"text": Problem.EMPTY})
    if len(text) > MAX_LENGTH:
        raise Unfit({"text": Fault(Problem.TOO_LONG, str(MAX_LENGTH))})
    now = latest(grant.patient.id)
    if now is not None and now.text == text:
        return None
    return _add(work, Permission.PORTAL_WORDS_WRITE, grant.plan, Statement(text, portal.speaker(grant), None, today))


def _add(work: Work, permission: Permission, plan: Plan, statement: Statement) -> PatientStatement:
    row = PatientStatement(
        patient_id=plan.patient_id,
        text=statement.text.strip(),
        told_by=statement.told_by.strip(),
        told_to_id=statement.told_to_id,
        told_on=statement.told_on,
        recorded_at=work.now,
        recorded_by_id=work.actor_id,
    )
    work.session.add(row)
    work.session.flush()
    work.record(permission, f"statement:{row.id}", plan.patient_id)
    work.touched(plan.patient_id)
    work.board_changed(plan.id, "what-matters")
    return row
