"""Where open threads stand in the texts, for editors to mark."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup
from sqlalchemy import Text, cast, select
from sqlalchemy.orm import aliased

from access.grants import PatientGrant
from models.base import db
from models.discipline import Discipline
from models.plan import Section
from models.thread import Suggestion, Thread
from rendering.talk import OpenThreads


@dataclass(frozen=True, slots=True)
class Mark:
    """An open thread on words. `anchor` is JSON, for an attribute in single quotes. `replacement` is a suggestion's;
    `may_accept` says that the viewer answers it."""

    thread_id: int
    kind: str
    anchor: Markup
    quote: str
    before: str
    after: str
    replacement: str | None
    may_accept: bool


@dataclass(frozen=True, slots=True)
class OpenTalk:
    """All open threads of a plan: what the heads of its sections count, and what its texts mark, by document id."""

    threads: Sequence[OpenThreads]
    marks: Mapping[int, Sequence[Mark]]


def quoted(json: str) -> Markup:
    """JSON for an attribute in single quotes: its own double quotes stay as they are, which is half as long."""
    return Markup(json.replace("&", "&amp;").replace("'", "&#39;").replace("<", "&lt;"))  # noqa: S704


_SIDES = (aliased(Section), aliased(Discipline), aliased(Discipline))
"""Made once: what SQLAlchemy works out about an alias it keeps with it."""


def of_plan(grant: PatientGrant, document_id: int | None = None) -> OpenTalk:
    """Of the whole plan, or of one document; one statement."""
    other, asked, owner = _SIDES
    query = (
        select(
            Thread.id,
            Thread.kind,
            Thread.document_id,
            cast(Thread.anchor, Text).label("anchor"),
            Thread.quote,
            Thread.before,
            Thread.after,
            Suggestion.replacement,
            owner.key.label("owner"),
            Thread.section_id,
            Section.title.label("section"),
            Thread.other_section_id.label("other_id"),
            other.title.label("other"),
            Thread.discipline_id,
            asked.name.label("discipline"),
        )
        .outerjoin(Section, Section.id == Thread.section_id)
        .outerjoin(owner, owner.id == Section.discipline_id)
        .outerjoin(other, other.id == Thread.other_section_id)
        .outerjoin(asked, asked.id == Thread.discipline_id)
        .outerjoin(Suggestion, Suggestion.thread_id == Thread.id)
        .where(Thread.plan_id == grant.plan.id, Thread.resolved_at.is_(None))
        .order_by(Thread.id)
    )
    if document_id is not None:
        query = query.where(Thread.document_id == document_id)
    threads: list[OpenThreads] = []
    marks: dict[int, list[Mark]] = {}
    for row in db.session.execute(query):
        about = (row.section_id, row.section, row.other_id, row.other, row.discipline_id, row.discipline)
        threads.append(OpenThreads(row.kind, *about, count=1, newest=row.id))
        if row.document_id is not None and row.quote:
            may_accept = row.replacement is not None and grant.may_write_for(row.owner)
            words = (row.quote, row.before, row.after, row.replacement)
            mark = Mark(row.id, row.kind, quoted(row.anchor or ""), *words, may_accept=may_accept)
            marks.setdefault(row.document_id, []).append(mark)
    return OpenTalk(threads, marks)
