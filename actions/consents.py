"""What a patient consents to: given or withdrawn, in whose words, told to whom on which day. Nothing is overwritten."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from access.grants import PatientGrant
from access.permissions import Permission
from access.reach import membership
from actions.statements import InFuture, NotInCareTeam
from actions.unit_of_work import Work
from models.base import db
from models.portal import Consent, ConsentKind


@dataclass(frozen=True, slots=True)
class Said:
    """`by` names who gave or withdrew it, `told_to_id` the member of staff who heard it; `words` may be empty."""

    kind: ConsentKind
    is_given: bool
    by: str
    told_to_id: int
    told_on: date
    words: str = ""


def history(patient_id: int) -> Sequence[Consent]:
    """All that was said, latest first."""
    query = select(Consent).where(Consent.patient_id == patient_id)
    return db.session.scalars(query.order_by(Consent.told_on.desc(), Consent.id.desc())).unique().all()


def standing(said: Sequence[Consent]) -> dict[ConsentKind, Consent]:
    """What holds of each kind, from a history."""
    return {ConsentKind(each.kind): each for each in reversed(said)}


def record(work: Work, grant: PatientGrant, said: Said, today: date) -> Consent:
    """Add what was said; `today` is the clinic's day. Raises InFuture or NotInCareTeam."""
    if said.told_on > today:
        raise InFuture
    if work.session.scalar(membership(grant.patient.id, said.told_to_id)) is None:
        raise NotInCareTeam
    row = Consent(
        patient_id=grant.patient.id,
        kind=said.kind,
        is_given=said.is_given,
        by=said.by.strip(),
        words=said.words.strip(),
        told_to_id=said.told_to_id,
        told_on=said.told_on,
        recorded_at=work.now,
        recorded_by_id=work.actor_id,
    )
    work.session.add(row)
    work.session.flush()
    change = "given" if said.is_given else "withdrawn"
    work.record(Permission.ABOUT_EDIT, f"consent:{row.id}", grant.patient.id, change=change, kind=said.kind)
    work.touched(grant.patient.id)
    return row
