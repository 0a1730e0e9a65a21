"""Whether the patient's text of a section still says what the team's text says.

It is *behind* when the team's text changed in its words after somebody last wrote the patient's text or said that it
is still right; corrections of spelling, punctuation and format do not count (richtext/sameness.py). Where nobody
noted what the team's text said then, as after a crash, every later change counts.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, and_, case, func, select
from sqlalchemy.orm import aliased

from models.base import db
from models.document import Document, DocumentUpdate
from models.plain_reading import PlainReading, ReadingKind
from models.plan import DocumentKind, Section, SectionDocument
from models.user import User
from richtext.sameness import says_the_same

LiveText = Callable[[int], str]
"""The text of a live document by its id, for when the stored text is behind its log."""


_TEXTS = (aliased(Document), aliased(Document))
_TIES = (aliased(SectionDocument), aliased(SectionDocument))
_PEOPLE = (aliased(User), aliased(User), aliased(User))
_ANY_READING = aliased(PlainReading)
"""Made once: what SQLAlchemy works out about an alias it keeps with it."""


class State(StrEnum):
    UNWRITTEN = "unwritten"
    """Neither text has anything of its own."""
    EMPTY = "empty"
    """The team has written, and there is nothing for the patient yet."""
    BEHIND = "behind"
    CURRENT = "current"


@dataclass(frozen=True, slots=True)
class Standing:
    """How the patient's text of a section stands. `by` changed the team's text first, at `since`, when it is behind.
    `confirmed_by` said, at `confirmed_at`, that it is still right, if that was the last thing that happened to it."""

    section: str
    state: State
    clinical_id: int
    plain_id: int
    clinical_seq: int
    by: str = ""
    since: datetime | None = None
    confirmed_by: str = ""
    confirmed_at: datetime | None = None


def of_plan(plan_id: int, live_text: LiveText | None = None, only: str | None = None) -> Mapping[str, Standing]:
    """By section key, for sections with both texts, or for the one with the key `only`; one statement.

    Without `live_text` a team's text whose newest words are not kept yet counts as changed.
    """
    clinical, plain = _TEXTS
    of_clinical, of_plain = _TIES
    changer, mover, reader = _PEOPLE
    any_reading = _ANY_READING
    latest = select(func.max(any_reading.id)).where(any_reading.section_id == Section.id).scalar_subquery()
    is_where_read = and_(
        clinical.epoch == PlainReading.clinical_epoch,
        clinical.seq == PlainReading.clinical_seq,
    )
    query = (
        select(
            Section.key,
            clinical.id.label("clinical_id"),
            clinical.seq.label("clinical_seq"),
            clinical.changed_at.label("clinical_at"),
            changer.name.label("clinical_by"),
            case((is_where_read, ""), else_=clinical.text).label("clinical_text"),
            (clinical.text_seq == clinical.seq).label("is_kept"),
            case((is_where_read, True), else_=False).label("is_where_read"),
            plain.id.label("plain_id"),
            plain.epoch.label("plain_epoch"),
            plain.seq.label("plain_seq"),
            plain.changed_at.label("plain_at"),
            (func.trim(plain.text, " \n\t") == "").label("is_empty"),
            (plain.text_seq == plain.seq).label("plain_is_kept"),
            PlainReading,
            reader.name.label("read_by"),
            DocumentUpdate.at.label("moved_at"),
            mover.name.label("moved_by"),
        )
        .join(of_clinical, and_(of_clinical.section_id == Section.id, of_clinical.kind == DocumentKind.CLINICAL))
        .join(clinical, clinical.id == of_clinical.document_id)
        .join(changer, changer.id == clinical.changed_by_id)
        .join(of_plain, and_(of_plain.section_id == Section.id, of_plain.kind == DocumentKind.PLAIN))
        .join(plain, plain.id == of_plain.document_id)
        .outerjoin(PlainReading, PlainReading.id == latest)
        .outerjoin(reader, reader.id == PlainReading.by_id)
        .outerjoin(
            DocumentUpdate,
            and_(
                DocumentUpdate.document_id == clinical.id,
                DocumentUpdate.epoch == PlainReading.clinical_epoch,
                DocumentUpdate.seq == PlainReading.clinical_seq + 1,
            ),
        )
        .outerjoin(mover, mover.id == DocumentUpdate.user_id)
        .where(Section.plan_id == plan_id)
        .order_by(Section.position)
    )
    if only is not None:
        query = query.where(Section.key == only)
    return {row.key: _standing(row, live_text) for row in db.session.execute(query)}


def sections_behind(plan_id: int) -> frozenset[str]:
    """The keys of the sections whose patient's text is behind; one statement."""
    return frozenset(key for key, standing in of_plan(plan_id).items() if standing.state is State.BEHIND)


def _standing(row: Row[Any], live_text: LiveText | None) -> Standing:
    reading: PlainReading | None = row.PlainReading
    ids = (row.clinical_id, row.plain_id, row.clinical_seq)
    is_empty = row.is_empty if row.plain_is_kept or live_text is None else not live_text(row.plain_id).strip()
    if is_empty:
        return Standing(row.key, State.EMPTY if row.clinical_seq > 1 else State.UNWRITTEN, *ids)
    is_read = reading is not None and (row.plain_epoch, row.plain_seq) == (reading.plain_epoch, reading.plain_seq)
    if not is_read or reading is None:
        is_behind = row.clinical_seq > 1 and row.clinical_at > row.plain_at
        if is_behind:
            return Standing(row.key, State.BEHIND, *ids, row.clinical_by, row.clinical_at)
        return Standing(row.key, State.CURRENT, *ids)
    if not row.is_where_read:
        text = row.clinical_text if row.is_kept else live_text(row.clinical_id) if live_text else None
        if text is None or not says_the_same(reading.clinical_text, text):
            by, since = row.moved_by or row.clinical_by, row.moved_at or row.clinical_at
            return Standing(row.key, State.BEHIND, *ids, by, since)
    if reading.kind == ReadingKind.CONFIRMED:
        return Standing(row.key, State.CURRENT, *ids, confirmed_by=row.read_by, confirmed_at=reading.at)
    return Standing(row.key, State.CURRENT, *ids)
