"""A patient's text that somebody said is still right, for migrations to carry."""

from sqlalchemy import select

from actions.unit_of_work import Work
from models.plain_reading import PlainReading, ReadingKind
from models.plan import Plan, Section
from tests.personas import DANA, user

TABLES = frozenset({"plain_readings"})


def confirm(work: Work, patient_id: int) -> None:
    section = work.session.scalars(
        select(Section.id).join(Plan, Plan.id == Section.plan_id).where(Plan.patient_id == patient_id).limit(1)
    ).one()
    work.session.add(
        PlainReading(
            section_id=section,
            kind=ReadingKind.CONFIRMED,
            plain_epoch=1,
            plain_seq=0,
            clinical_epoch=1,
            clinical_seq=1,
            clinical_text="Walks daily 😀.",
            at=work.now,
            by_id=user(DANA).id,
        )
    )
