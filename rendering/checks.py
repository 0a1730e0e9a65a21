"""What the checker says of a patient's text, in words, with places as browsers count them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from flask_babel import gettext as _
from sqlalchemy import select

from access.grants import PatientGrant
from models.base import db
from models.discipline import Discipline
from models.plan import DocumentKind, Section, SectionDocument
from richtext.checker import HIGHEST_AGE, Finding, Kind, Report, check

MOST_SHOWN = 60
"""Characters of a sentence that stand in the list."""


@dataclass(frozen=True, slots=True)
class Note:
    """`start` to `end` in UTF-16 units; `words` as they stand there, `shown` shortened; `instead` may be empty."""

    kind: str
    start: int
    end: int
    words: str
    shown: str
    message: str
    instead: str


@dataclass(frozen=True, slots=True)
class Check:
    """One text looked through. `age` is None for a short text."""

    document_id: int
    is_empty: bool
    age: int | None
    is_hard: bool
    highest_age: int
    notes: Sequence[Note]


def of_texts(texts: Mapping[int, str], glossary: Mapping[str, str]) -> dict[int, Check]:
    """The checks of some texts, by document, with the clinic's glossary."""
    words = tuple(sorted(glossary.items()))
    return {document_id: _check(document_id, text, words) for document_id, text in texts.items()}


def writable(grant: PatientGrant, document_ids: Collection[int]) -> list[int]:
    """Of these documents those that are patients' texts of this plan, and that the viewer may write."""
    rows = db.session.execute(
        select(SectionDocument.document_id, Discipline.key)
        .join(Section, Section.id == SectionDocument.section_id)
        .outerjoin(Discipline, Discipline.id == Section.discipline_id)
        .where(
            Section.plan_id == grant.plan.id,
            SectionDocument.kind == DocumentKind.PLAIN,
            SectionDocument.document_id.in_(document_ids),
        )
    )
    return [document_id for document_id, owner in rows if grant.may_write_for(owner)]


def _check(document_id: int, text: str, words: tuple[tuple[str, str], ...]) -> Check:
    report = _report(text, words)
    units = _units(text)
    notes = [_note(each, units) for each in report.findings]
    return Check(document_id, not text.strip(), report.reading_age, report.is_hard, HIGHEST_AGE, notes)


@lru_cache(maxsize=512)
def _report(text: str, words: tuple[tuple[str, str], ...]) -> Report:
    return check(text, dict(words))


def _units(text: str) -> Sequence[int]:
    """Character → where browsers count it; one more than there are characters."""
    if not text or max(text) <= "\uffff":
        return range(len(text) + 1)
    places = [0]
    for character in text:
        places.append(places[-1] + (2 if character > "\uffff" else 1))
    return places


def _note(found: Finding, units: Sequence[int]) -> Note:
    shown = " ".join(found.words.split())
    if len(shown) > MOST_SHOWN:
        shown = shown[: MOST_SHOWN - 1].rsplit(" ", 1)[0] + "…"
    return Note(
        kind=found.kind,
        start=units[found.start],
        end=units[found.end],
        words=found.words,
        shown=shown,
        message=_message(found),
        instead=found.suggestion if found.fits else "",
    )


def _message(found: Finding) -> str:
    if found.kind is Kind.LONG_SENTENCE:
        return str(_("a sentence of %(num)d words. Can it be two?", num=found.count))
    if found.suggestion:
        return str(_("you could say “%(words)s”", words=found.suggestion))
    return str(_("a short form: write it out, or explain it in brackets"))
