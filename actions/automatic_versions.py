"""Versions that nobody asks for: of plans whose texts changed and then rested, so that there is one to go back to."""

from datetime import datetime, timedelta

from sqlalchemy import and_, exists, func, or_, select

from actions import versions
from actions.unit_of_work import Units
from models.base import db
from models.document import Document
from models.plan import DocumentKind, Plan, Section, SectionDocument
from models.version import Version, VersionKind, VersionText

QUIET = timedelta(minutes=30)
"""So long nobody wrote in a plan before a version of it is taken."""


def due(now: datetime, only: int | None = None) -> list[int]:
    """The plans, or of them the one with an id, that were written in since their last version and have been quiet
    since; one statement. A text counts as far as it is kept beside its log, as in the version itself."""
    latest = select(func.max(Version.id)).where(Version.plan_id == Plan.id).correlate(Plan).scalar_subquery()
    of_plan = and_(
        Section.plan_id == Plan.id,
        SectionDocument.section_id == Section.id,
        Document.id == SectionDocument.document_id,
    )
    as_in_it = exists().where(
        VersionText.version_id == latest,
        VersionText.document_id == Document.id,
        VersionText.epoch == Document.epoch,
        VersionText.seq == Document.text_seq,
    )
    has_words = or_(
        Document.text_seq > 1,
        and_(
            Document.text_seq == 1,
            or_(SectionDocument.kind == DocumentKind.PLAIN, Section.discipline_id.is_(None)),
        ),
    )
    is_written = select(Document.id).where(of_plan, ~as_in_it, or_(latest.is_not(None), has_words)).correlate(Plan)
    is_busy = select(Document.id).where(of_plan, Document.changed_at > now - QUIET).correlate(Plan)
    query = select(Plan.id).where(is_written.exists(), ~is_busy.exists()).order_by(Plan.id)
    return list(db.session.scalars(query if only is None else query.where(Plan.id == only)))


def take(units: Units, plan_id: int) -> bool:
    """Freeze a plan that is due; whether it was. Another process may have been quicker, and a text may have come back
    to what it was: that is no version."""
    with units.begin(None) as work:
        if not due(work.now, plan_id):
            return False
        standing = versions.kept(work, plan_id)
        if _last_texts(plan_id) == {document_id: each.text for document_id, each in standing.items()}:
            return False
        versions.freeze(work, plan_id, VersionKind.AUTOMATIC, standing)
    return True


def _last_texts(plan_id: int) -> dict[int, str]:
    newest = select(func.max(Version.id)).where(Version.plan_id == plan_id).scalar_subquery()
    rows = db.session.execute(select(VersionText.document_id, VersionText.text).where(VersionText.version_id == newest))
    return {row.document_id: row.text for row in rows}
