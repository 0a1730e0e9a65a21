"""Where open threads stand in the texts, for editors to mark."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup
from sqlalchemy import Text, cast, select

from access.grants import PatientGrant
from models.base import db
from models.discipline import Discipline
from models.plan import Section
from models.thread import Suggestion, Thread


@dataclass(frozen=True, slots=True)
class Mark:
    """An open thread on words. `replacement` is a suggestion's; `may_accept` says that the viewer answers it."""

    thread_id: int
    kind: str
    anchor: Markup
    quote: str
    before: str
    after: str
    replacement: str | None
    may_accept: bool


def quoted(json: str) -> Markup:
    """JSON for an attribute in single quotes: its own double quotes stay as they are, half as long."""
    return Markup(json.replace("&", "&amp;").replace("'", "&#39;").replace("<", "&lt;"))  # noqa: S704


def of_plan(grant: PatientGrant, document_id: int | None = None) -> Mapping[int, Sequence[Mark]]:
    """By document id: of the whole plan, or of one document; one statement."""
    query = (
        select(
            Thread.document_id,
            Thread.id,
            Thread.kind,
            cast(Thread.anchor, Text),
            Thread.quote,
            Thread.before,
            Thread.after,
            Suggestion.replacement,
            Discipline.key,
        )
        .join(Section, Section.id == Thread.section_id)
        .outerjoin(Discipline, Discipline.id == Section.discipline_id)
        .outerjoin(Suggestion, Suggestion.thread_id == Thread.id)
        .where(
            Thread.plan_id == grant.plan.id,
            Thread.resolved_at.is_(None),
            Thread.document_id.is_not(None),
            Thread.quote != "",
            Suggestion.answered_at.is_(None),
        )
        .order_by(Thread.id)
    )
    if document_id is not None:
        query = query.where(Thread.document_id == document_id)
    found: dict[int, list[Mark]] = {}
    for document, thread_id, kind, anchor, quote, before, after, replacement, owner in db.session.execute(query):
        assert document is not None
        may_accept = replacement is not None and grant.may_write_for(owner)
        mark = Mark(thread_id, kind, quoted(anchor or ""), quote, before, after, replacement, may_accept)
        found.setdefault(document, []).append(mark)
    return found
