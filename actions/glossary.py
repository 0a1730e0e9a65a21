"""The clinic's glossary: plain words for words of the trade, which the checker of patients' texts proposes."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from access.grants import ClinicGrant, Hidden
from actions.unfit import Fault, Problem, Unfit
from actions.unit_of_work import Work
from models.base import db
from models.clinic import GlossaryTerm
from models.patient import search_key

MAX_TERM, MAX_PLAIN_WORDS = 60, 160


def terms() -> Sequence[GlossaryTerm]:
    """Those that hold, by name."""
    return db.session.scalars(
        select(GlossaryTerm)
        .options(joinedload(GlossaryTerm.by))
        .where(GlossaryTerm.until.is_(None))
        .order_by(GlossaryTerm.term_key)
    ).all()


def former() -> Sequence[GlossaryTerm]:
    """Those that no longer hold, the last that ended first."""
    return db.session.scalars(
        select(GlossaryTerm)
        .options(joinedload(GlossaryTerm.ended_by))
        .where(GlossaryTerm.until.is_not(None))
        .order_by(GlossaryTerm.until.desc(), GlossaryTerm.id.desc())
    ).all()


def write(work: Work, grant: ClinicGrant, term: str, words: str) -> GlossaryTerm:
    """Let plain words hold for a term; former ones of the same term end. Raises Unfit."""
    term, words = " ".join(term.split()), " ".join(words.split())
    faults: dict[str, Fault | Problem] = {}
    for name, value, longest in (("term", term, MAX_TERM), ("plain_words", words, MAX_PLAIN_WORDS)):
        if not search_key(value):
            faults[name] = Problem.EMPTY
        elif len(value) > longest:
            faults[name] = Fault(Problem.TOO_LONG, str(longest))
    if not faults and search_key(term) == search_key(words):
        faults["plain_words"] = Problem.SAME
    if faults:
        raise Unfit(faults)
    present = work.session.scalar(
        select(GlossaryTerm).where(GlossaryTerm.term_key == search_key(term), GlossaryTerm.until.is_(None))
    )
    if present is not None:
        if (present.term, present.plain_words) == (term, words):
            return present
        present.until, present.ended_by_id = work.now, work.actor_id
        work.session.flush()
    row = GlossaryTerm(
        term=term, term_key=search_key(term), plain_words=words, since=work.now, by_id=grant.actor.user_id
    )
    work.session.add(row)
    work.session.flush()
    work.record(grant.permission, f"glossary-term:{row.id}", change="written")
    work.after_commit(work.clinic.forget)
    return row


def end(work: Work, grant: ClinicGrant, term_id: int) -> GlossaryTerm:
    """Take a term out of the glossary; the row stays. Raises Hidden when there is none."""
    row = work.session.get(GlossaryTerm, term_id)
    if row is None:
        raise Hidden(grant.actor, grant.permission, f"glossary-term:{term_id}")
    if row.until is None:
        row.until, row.ended_by_id = work.now, grant.actor.user_id
        work.record(grant.permission, f"glossary-term:{row.id}", change="ended")
        work.after_commit(work.clinic.forget)
    return row
