"""How to reach and speak with a patient."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from itertools import pairwise

from sqlalchemy import select

from access.grants import PatientGrant
from access.permissions import Permission
from actions.unit_of_work import Work
from models.base import db
from models.patient import Contact


@dataclass(frozen=True, slots=True)
class ContactDetails:
    """What the About page holds; everything may be empty."""

    preferred_name: str = ""
    phone: str = ""
    language: str = ""
    interpreter: str = ""
    communication_needs: str = ""
    gp: str = ""
    emergency_contact: str = ""


class ChangedMeanwhile(ValueError):
    """Somebody else changed the contact after it was shown."""


@dataclass(frozen=True, slots=True)
class Change:
    """Who changed what, and when; `fields` are (name, former, new)."""

    by: str
    at: datetime
    fields: Sequence[tuple[str, str, str]]


def current(grant: PatientGrant) -> Contact | None:
    """The contact as it stands, with its witness."""
    return db.session.scalar(
        select(Contact).where(Contact.patient_id == grant.patient.id, Contact.superseded_at.is_(None))
    )


def changes(grant: PatientGrant) -> Sequence[Change]:
    """What changed after the first entry, latest first."""
    rows = (
        db.session.scalars(
            select(Contact).where(Contact.patient_id == grant.patient.id).order_by(Contact.at, Contact.id)
        )
        .unique()
        .all()
    )
    return [Change(row.by.name, row.at, _differences(former, row)) for former, row in pairwise(rows)][::-1]


def change(work: Work, grant: PatientGrant, details: ContactDetails, based_on: int | None = None) -> None:
    """Put a new row in place of the present one, which is kept. No change, no row.

    `based_on` is the id of the row that was shown, 0 when there was none, None when that does not matter.
    Raises ChangedMeanwhile when another row stands there by now.
    """
    former = current(grant)
    changed = [name for name, _before, _after in _differences(former, details)]
    if not changed:
        return
    if based_on is not None and former is not None and based_on != former.id:
        raise ChangedMeanwhile
    if former is not None:
        former.superseded_at = work.now
        work.session.flush()
    work.session.add(Contact(patient_id=grant.patient.id, at=work.now, by_id=work.actor_id, **asdict(details)))
    work.record(Permission.ABOUT_EDIT, f"patient:{grant.patient.id}", grant.patient.id, fields=changed)
    work.touched(grant.patient.id)
    work.board_changed(grant.plan.id, "banner")


def _differences(former: Contact | None, new: Contact | ContactDetails) -> list[tuple[str, str, str]]:
    pairs = [
        (each.name, getattr(former, each.name) if former is not None else "", getattr(new, each.name))
        for each in fields(ContactDetails)
    ]
    return [(name, before, after) for name, before, after in pairs if before != after]
