"""Notes what the team's text says when somebody sees to the patient's text beside it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import aliased, joinedload

from access.grants import DocumentGrant
from access.permissions import Permission
from actions.unit_of_work import Units, Work
from livedoc.hub import Current, Hub
from livedoc.replica import Replica
from models.base import db
from models.document import Document, DocumentUpdate
from models.plain_reading import PlainReading, ReadingKind
from models.plan import DocumentKind, SectionDocument


class ChangedMeanwhile(ValueError):
    """The team's text went on after it was shown: what was confirmed is not what stands there."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A section's two documents, and where the patient's stands since `plain_at`."""

    section_id: int
    clinical_id: int
    plain_id: int
    plain_epoch: int
    plain_seq: int
    changed_by_id: int
    plain_at: datetime


def note_edits(units: Units, hub: Hub, document_ids: Collection[int]) -> None:
    """Patients' texts among these documents were written in: note what the team's text beside each said then."""
    if not document_ids or not (pairs := _unnoted(document_ids)):
        return
    with units.begin(None, fresh=False) as work:
        for pair in pairs:
            current = _beside(work, hub, pair)
            former = work.session.scalar(
                select(PlainReading)
                .where(PlainReading.section_id == pair.section_id)
                .order_by(PlainReading.id.desc())
                .limit(1)
            )
            if (
                former is not None
                and former.kind == ReadingKind.EDITED
                and former.by_id == pair.changed_by_id
                and (former.clinical_epoch, former.clinical_seq) == (current.epoch, current.seq)
            ):
                former.plain_epoch, former.plain_seq, former.at = pair.plain_epoch, pair.plain_seq, work.now
                continue
            work.session.add(
                PlainReading(
                    section_id=pair.section_id,
                    kind=ReadingKind.EDITED,
                    plain_epoch=pair.plain_epoch,
                    plain_seq=pair.plain_seq,
                    clinical_epoch=current.epoch,
                    clinical_seq=current.seq,
                    clinical_text=current.text,
                    at=work.now,
                    by_id=pair.changed_by_id,
                )
            )


def _beside(work: Work, hub: Hub, pair: Pair) -> Current:
    """What the team's text said when the patient's was written in last: it may have gone on since."""
    current = hub.current(pair.clinical_id)
    of_epoch = DocumentUpdate.document_id == pair.clinical_id, DocumentUpdate.epoch == current.epoch
    later = select(func.min(DocumentUpdate.seq)).where(*of_epoch, DocumentUpdate.at > pair.plain_at)
    first = work.session.scalar(later)
    if first is None or first > current.seq:
        return current
    state = hub.log.state(pair.clinical_id, current.epoch, first - 1)
    return Current(Replica(state.updates).text(), current.epoch, first - 1)


def _unnoted(document_ids: Collection[int]) -> list[Pair]:
    of_plain, of_clinical = aliased(SectionDocument), aliased(SectionDocument)
    any_reading = aliased(PlainReading)
    latest = select(func.max(any_reading.id)).where(any_reading.section_id == of_plain.section_id).scalar_subquery()
    rows = db.session.execute(
        select(
            of_plain.section_id,
            of_clinical.document_id,
            Document.id,
            Document.epoch,
            Document.seq,
            Document.changed_by_id,
            Document.changed_at,
        )
        .join(Document, Document.id == of_plain.document_id)
        .join(
            of_clinical,
            and_(of_clinical.section_id == of_plain.section_id, of_clinical.kind == DocumentKind.CLINICAL),
        )
        .outerjoin(PlainReading, PlainReading.id == latest)
        .where(
            of_plain.kind == DocumentKind.PLAIN,
            Document.id.in_(document_ids),
            Document.seq > 0,
            or_(
                PlainReading.id.is_(None),
                PlainReading.plain_seq != Document.seq,
                PlainReading.plain_epoch != Document.epoch,
            ),
        )
    )
    return [Pair(*row) for row in rows]


def last(section_id: int) -> PlainReading | None:
    """When the patient's text of a section was last seen to, and what the team's text said then."""
    return db.session.scalar(
        select(PlainReading)
        .where(PlainReading.section_id == section_id)
        .options(joinedload(PlainReading.by))
        .order_by(PlainReading.id.desc())
        .limit(1)
    )


def confirm(work: Work, hub: Hub, grant: DocumentGrant, clinical_id: int, clinical_seq: int) -> PlainReading:
    """The patient's text is still right, says whoever writes it, having seen the team's text at `clinical_seq`.

    The unit of work has named both documents. Raises ChangedMeanwhile.
    """
    assert grant.can_edit
    clinical, plain = hub.held(clinical_id), hub.held(grant.document_id)
    hub.catch_up(clinical)
    hub.catch_up(plain)
    if clinical.seq != clinical_seq:
        raise ChangedMeanwhile
    row = PlainReading(
        section_id=grant.section_id,
        kind=ReadingKind.CONFIRMED,
        plain_epoch=plain.epoch,
        plain_seq=plain.seq,
        clinical_epoch=clinical.epoch,
        clinical_seq=clinical.seq,
        clinical_text=clinical.text(),
        at=work.now,
        by_id=work.actor_id,
    )
    work.session.add(row)
    work.record(Permission.DOCUMENT_EDIT, f"document:{grant.document_id}", grant.patient_id, change="still right")
    work.touched(grant.patient_id)
    work.board_changed(grant.plan_id, f"head-{grant.section_key}")
    return row
