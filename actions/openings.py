"""What a new thread is about, and whether that is of its plan."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from access.grants import PatientGrant
from actions.colleagues import Colleague
from actions.comments import MAX_BODY
from actions.unfit import Fault, Problem, Unfit
from models.base import db
from models.discipline import Discipline
from models.plan import Section, SectionDocument
from models.task import Task
from models.thread import ThreadKind

MAX_AROUND = 200
"""Letters kept before and after the quote."""


@dataclass(frozen=True, slots=True)
class Opening:
    """A thread as somebody wants to begin it. `other_section` is a key; `mentions` are ids chosen from a list."""

    kind: ThreadKind = ThreadKind.DISCUSSION
    document_id: int | None = None
    anchor: Mapping[str, Any] | None = None
    quote: str = ""
    before: str = ""
    after: str = ""
    body: str = ""
    mentions: frozenset[int] = field(default_factory=frozenset)
    discipline_id: int | None = None
    other_section: str = ""
    replacement: str = ""
    task_id: int | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """The section of the words, and the other side of a conflict."""

    section: Section | None
    other: Section | None


Faults = dict[str, Fault | Problem]


def place_of(grant: PatientGrant, opening: Opening, team: Sequence[Colleague]) -> Place:
    """Where the thread belongs. Raises Unfit with everything that is wrong, but for mentions."""
    faults: Faults = {}
    section = _section(grant, opening, faults)
    other = _other(grant, opening, section, faults)
    _check_words(opening, faults)
    if opening.kind is ThreadKind.QUESTION:
        _check_discipline(opening, team, faults)
    if opening.kind is ThreadKind.SUGGESTION:
        _check_suggestion(opening, faults)
    if opening.task_id is not None and not _is_of_plan(grant, opening.task_id):
        faults["task"] = Problem.NOT_OF_THIS_PLAN
    if faults:
        raise Unfit(faults)
    return Place(section, other)


def _section(grant: PatientGrant, opening: Opening, faults: Faults) -> Section | None:
    if opening.document_id is None:
        if opening.kind in (ThreadKind.CONFLICT, ThreadKind.SUGGESTION):
            faults["document"] = Problem.EMPTY
        return None
    found = db.session.scalar(
        select(Section)
        .join(SectionDocument, SectionDocument.section_id == Section.id)
        .where(SectionDocument.document_id == opening.document_id, Section.plan_id == grant.plan.id)
    )
    if found is None:
        faults["document"] = Problem.NOT_OF_THIS_PLAN
    return found


def _other(grant: PatientGrant, opening: Opening, section: Section | None, faults: Faults) -> Section | None:
    if opening.kind is not ThreadKind.CONFLICT:
        return None
    if not opening.other_section:
        faults["other_section"] = Problem.EMPTY
        return None
    found = db.session.scalar(
        select(Section).where(Section.plan_id == grant.plan.id, Section.key == opening.other_section)
    )
    if found is None:
        faults["other_section"] = Problem.NOT_OF_THIS_PLAN
    elif section is not None and found.id == section.id:
        faults["other_section"] = Problem.SAME
    return found


def _check_words(opening: Opening, faults: Faults) -> None:
    if not opening.body and opening.kind is not ThreadKind.SUGGESTION:
        faults["body"] = Problem.EMPTY
    limits = {"body": MAX_BODY, "quote": MAX_BODY, "replacement": MAX_BODY}
    for name, most in limits.items():
        if len(getattr(opening, name).encode()) > most:
            faults[name] = Problem.TOO_LONG


def _check_discipline(opening: Opening, team: Sequence[Colleague], faults: Faults) -> None:
    if opening.discipline_id is None:
        faults["discipline"] = Problem.EMPTY
        return
    discipline = db.session.get(Discipline, opening.discipline_id)
    if discipline is None:
        faults["discipline"] = Problem.NOT_OF_THIS_PLAN
    elif all(person.discipline_id != discipline.id for person in team):
        faults["discipline"] = Fault(Problem.NOBODY_OF_THIS_DISCIPLINE, discipline.name)


def _check_suggestion(opening: Opening, faults: Faults) -> None:
    if not opening.quote.strip():
        faults["quote"] = Problem.EMPTY
    elif opening.quote == opening.replacement:
        faults["replacement"] = Problem.SAME


def _is_of_plan(grant: PatientGrant, task_id: int) -> bool:
    query = select(Task.id).where(Task.id == task_id, Task.plan_id == grant.plan.id)
    return db.session.scalar(query) is not None
