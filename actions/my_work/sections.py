"""Sections of My work: those of one's discipline that need its hand, and for a coordinator those that others owe.

A section of an involved discipline needs its hand, for the first of these reasons that holds:

- *empty*: its clinical text still holds what it began with, or nothing;
- *no plain text*: the clinical text is written, and the text for the patient is empty;
- *untouched*: the clinical text has not changed for three weeks (plans have no review date of their own yet);
- *behind*: the clinical text changed after the text for the patient, which nobody has touched for a week.

A coordinator is shown those of every discipline that are empty or untouched. A text that was just typed in, and is not
taken from its log yet, counts as written.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import aliased

from access.grants import Actor
from access.reach import active
from models.base import db
from models.discipline import Discipline
from models.document import Document
from models.patient import Involvement, Patient
from models.plan import DocumentKind, Plan, Section, SectionDocument
from models.user import Role

UNTOUCHED = timedelta(weeks=3)
BEHIND = timedelta(weeks=1)


class Need(StrEnum):
    """In the order in which they press, which is also that of the letters they sort by."""

    EMPTY = "1-empty"
    NO_PLAIN_TEXT = "2-no-plain-text"
    UNTOUCHED = "3-untouched"
    BEHIND = "4-behind"


@dataclass(frozen=True, slots=True)
class Due:
    """A section that needs somebody; `changed_at` is of the text that does, `total` how many there are."""

    section_key: str
    title: str
    icon: str
    patient_id: int
    patient: str
    discipline_id: int
    discipline: str
    tone: str
    document_id: int
    is_own: bool
    need: Need
    changed_at: datetime
    place: int
    total: int


def due(actor: Actor, now: datetime, most: int) -> tuple[Sequence[Due], Sequence[Due]]:
    """Those of the actor's discipline, and those that other disciplines owe: at most so many of each."""
    found = _found(actor, now).subquery()
    order = [found.c.need, found.c.changed_at, found.c.patient_id, found.c.section_key]
    numbered = select(
        *found.c,
        func.row_number().over(partition_by=found.c.is_own, order_by=order).label("place"),
        func.count().over(partition_by=found.c.is_own).label("total"),
    )
    if Role.COORDINATOR not in actor.roles:
        numbered = numbered.where(found.c.is_own == 1)
    else:
        numbered = numbered.where(or_(found.c.is_own == 1, found.c.need.in_([Need.EMPTY, Need.UNTOUCHED])))
    counted = numbered.where(found.c.need.is_not(None)).subquery()
    rows = db.session.execute(select(*counted.c).where(counted.c.place <= most).order_by(counted.c.place))
    every = [Due(**{**row, "is_own": bool(row["is_own"]), "need": Need(row["need"])}) for row in rows.mappings()]
    return [each for each in every if each.is_own], [each for each in every if not each.is_own]


def _found(actor: Actor, now: datetime) -> Any:
    """Every section of an involved discipline in the actor's plans, and what it needs, if anything."""
    clinical, plain = aliased(Document), aliased(Document)
    ties = {each: aliased(SectionDocument) for each in DocumentKind}
    of_clinical, of_plain = ties[DocumentKind.CLINICAL], ties[DocumentKind.PLAIN]
    is_own = Discipline.key == ((Role.CLINICIAN in actor.roles and actor.discipline) or "")
    need = _need(clinical, plain, now)
    return (
        select(
            Section.key.label("section_key"),
            Section.title,
            Section.icon,
            Patient.id.label("patient_id"),
            Patient.name.label("patient"),
            Discipline.id.label("discipline_id"),
            Discipline.name.label("discipline"),
            Discipline.key.label("tone"),
            clinical.id.label("document_id"),
            case((is_own, 1), else_=0).label("is_own"),
            need.label("need"),
            case((need.in_([Need.EMPTY, Need.UNTOUCHED]), clinical.changed_at), else_=plain.changed_at).label(
                "changed_at"
            ),
        )
        .join(Plan, Plan.id == Section.plan_id)
        .join(Patient, Patient.id == Plan.patient_id)
        .join(Discipline, Discipline.id == Section.discipline_id)
        .join(
            Involvement,
            and_(
                Involvement.patient_id == Patient.id,
                Involvement.discipline_id == Discipline.id,
                Involvement.until.is_(None),
            ),
        )
        .join(of_clinical, and_(of_clinical.section_id == Section.id, of_clinical.kind == DocumentKind.CLINICAL))
        .join(clinical, clinical.id == of_clinical.document_id)
        .join(of_plain, and_(of_plain.section_id == Section.id, of_plain.kind == DocumentKind.PLAIN))
        .join(plain, plain.id == of_plain.document_id)
        .where(Plan.patient_id.in_(active(actor)))
    )


def _need(clinical: Any, plain: Any, now: datetime) -> ColumnElement[str]:
    return case(
        (or_(clinical.seq <= 1, _is_blank(clinical)), Need.EMPTY.value),
        (or_(plain.seq == 0, _is_blank(plain)), Need.NO_PLAIN_TEXT.value),
        (clinical.changed_at < now - UNTOUCHED, Need.UNTOUCHED.value),
        (and_(clinical.changed_at > plain.changed_at, plain.changed_at < now - BEHIND), Need.BEHIND.value),
    )


def _is_blank(document: Any) -> ColumnElement[bool]:
    is_taken = document.text_seq == document.seq
    return and_(is_taken, func.trim(func.replace(document.text, "\n", " ")) == "")
