"""How to reach and speak with a patient."""

from dataclasses import asdict, dataclass, fields

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


def current(grant: PatientGrant) -> Contact | None:
    """The contact as it stands, with its witness."""
    return db.session.scalar(
        select(Contact).where(Contact.patient_id == grant.patient.id, Contact.superseded_at.is_(None))
    )


def change(work: Work, grant: PatientGrant, details: ContactDetails) -> None:
    """Put a new row in place of the present one, which is kept. No change, no row."""
    former = current(grant)
    changed = [
        each.name
        for each in fields(details)
        if getattr(details, each.name) != (getattr(former, each.name) if former else "")
    ]
    if not changed:
        return
    if former is not None:
        former.superseded_at = work.now
        work.session.flush()
    work.session.add(Contact(patient_id=grant.patient.id, at=work.now, by_id=work.actor_id, **asdict(details)))
    work.record(Permission.ABOUT_EDIT, f"patient:{grant.patient.id}", grant.patient.id, fields=changed)
    work.touched(grant.patient.id)
    work.board_changed(grant.plan.id, "banner")
