"""Releasing a patient's record: asked for, gone through, with what is withheld, and given away. What was given away is
kept as it was."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy import func, select

from access.grants import PatientGrant
from access.permissions import Permission
from actions import plan_records
from actions.exports.packing import Packed, unpack
from actions.exports.record import tables
from actions.exports.withholding import Ground, Withholding, is_enough
from actions.unfit import Fault, Problem, Unfit
from actions.unit_of_work import Work
from models.base import db
from models.record_release import (
    RecordHandover,
    RecordPreparation,
    RecordRelease,
    RecordReleasePiece,
    RecordWithholding,
)

MAX_LINE, MAX_PASSAGE = 200, 2000
"""Letters of a name or a line, and of words that are withheld."""
ENTRIES = frozenset({"comments", "threads", "tasks", "documents", "contacts", "consents", "declined_signatures"})
"""What can be withheld as a whole; what the patient said or was given to read is theirs."""


def preparing(plan_id: int) -> RecordPreparation | None:
    """What is under way."""
    query = select(RecordPreparation).where(RecordPreparation.plan_id == plan_id, RecordPreparation.ended_at.is_(None))
    return db.session.scalars(query).unique().one_or_none()


def standing(preparation: RecordPreparation) -> list[RecordWithholding]:
    """What is withheld, in the order it was said."""
    of = RecordWithholding
    query = select(of).where(of.preparation_id == preparation.id, of.undone_at.is_(None)).order_by(of.id)
    return list(db.session.scalars(query).unique())


def withholding(rows: Collection[RecordWithholding]) -> Withholding:
    return Withholding(
        [(row.words, Ground(row.ground)) for row in rows if row.words],
        {row.entry: Ground(row.ground) for row in rows if row.entry},
    )


def releases(plan_id: int) -> Sequence[RecordRelease]:
    """All of a plan, latest first."""
    query = select(RecordRelease).where(RecordRelease.plan_id == plan_id).order_by(RecordRelease.number.desc())
    return db.session.scalars(query).unique().all()


def release_of(plan_id: int, release_id: int) -> RecordRelease | None:
    query = select(RecordRelease).where(RecordRelease.plan_id == plan_id, RecordRelease.id == release_id)
    return db.session.scalars(query).unique().one_or_none()


def next_number(plan_id: int) -> int:
    return (db.session.scalar(select(func.max(RecordRelease.number)).where(RecordRelease.plan_id == plan_id)) or 0) + 1


def begin(work: Work, grant: PatientGrant, asked_by: str, asked_on: date, today: date) -> RecordPreparation:
    """Somebody asked for the record. Raises Unfit."""
    asked_by = " ".join(asked_by.split())
    faults = _line("asked_by", asked_by)
    if asked_on > today:
        faults["asked_on"] = Problem.MALFORMED
    if preparing(grant.plan.id) is not None:
        faults["page"] = Problem.CHANGED
    if faults:
        raise Unfit(faults)
    row = RecordPreparation(
        plan_id=grant.plan.id, asked_by=asked_by, asked_on=asked_on, begun_at=work.now, begun_by_id=work.actor_id
    )
    work.session.add(row)
    work.session.flush()
    _note(work, grant, f"record-preparation:{row.id}", "begun")
    return row


def give_up(work: Work, grant: PatientGrant) -> None:
    """Nothing is released. Raises Unfit."""
    row = _current(grant)
    row.ended_at, row.ended_by_id = work.now, work.actor_id
    _note(work, grant, f"record-preparation:{row.id}", "given up")


def withhold_words(work: Work, grant: PatientGrant, words: str, ground: str) -> None:
    """These words are withheld wherever they stand. Raises Unfit."""
    preparation = _current(grant)
    words = " ".join(words.split())
    faults = _ground(ground)
    if not is_enough(words):
        faults["words"] = Problem.EMPTY
    elif len(words) > MAX_PASSAGE:
        faults["words"] = Fault(Problem.TOO_LONG, str(MAX_PASSAGE))
    elif any(each.words.casefold() == words.casefold() for each in standing(preparation)):
        faults["words"] = Problem.SAME
    if faults:
        raise Unfit(faults)
    _withhold(work, grant, preparation, ground, words=words)


def withhold_entries(work: Work, grant: PatientGrant, entries: Collection[str], ground: str) -> None:
    """These entries are withheld, with what hangs on them. Raises Unfit."""
    preparation = _current(grant)
    faults = _ground(ground)
    if not entries:
        faults["entry"] = Problem.EMPTY
    elif not all(_is_hers(work, grant, each) for each in entries):
        faults["entry"] = Problem.NOT_OF_THIS_PLAN
    if faults:
        raise Unfit(faults)
    there = {each.entry for each in standing(preparation)}
    for each in sorted(set(entries) - there):
        _withhold(work, grant, preparation, ground, entry=each)


def undo(work: Work, grant: PatientGrant, withholding_id: int) -> None:
    """It is given after all. Raises Unfit."""
    row = next((each for each in standing(_current(grant)) if each.id == withholding_id), None)
    if row is None:
        raise Unfit({"page": Problem.CHANGED})
    row.undone_at, row.undone_by_id = work.now, work.actor_id
    _note(work, grant, f"record-withholding:{row.id}", "undone")


def release(work: Work, grant: PatientGrant, number: int, withheld: Collection[int], packed: Packed) -> RecordRelease:
    """Put on record what is given away: `packed`, made as the `number`-th, with the withholdings of these ids.

    Raises Unfit when something else is withheld meanwhile, or was released.
    """
    preparation = _current(grant)
    if {each.id for each in standing(preparation)} != set(withheld) or number != next_number(grant.plan.id):
        raise Unfit({"page": Problem.CHANGED})
    row = RecordRelease(
        preparation_id=preparation.id,
        number=number,
        by_id=work.actor_id,
        at=work.now,
        sha256=packed.sha256,
        size=packed.size,
    )
    plan_records.append(work, grant.plan, row)
    work.session.add_all(
        RecordReleasePiece(release_id=row.id, place=place, packed=piece)
        for place, piece in enumerate(packed.pieces, start=1)
    )
    preparation.ended_at, preparation.ended_by_id = work.now, work.actor_id
    _note(work, grant, f"record-release:{row.id}", "released")
    return row


def hand_over(work: Work, grant: PatientGrant, release_id: int, to_whom: str, how: str) -> None:
    """Staff gave a released record to somebody. Raises Unfit."""
    to_whom, how = " ".join(to_whom.split()), " ".join(how.split())
    faults = _line("to_whom", to_whom) | _line("how", how)
    if faults:
        raise Unfit(faults)
    work.session.add(RecordHandover(release_id=release_id, to_whom=to_whom, how=how, at=work.now, by_id=work.actor_id))
    _note(work, grant, f"record-release:{release_id}", "handed over")


def pieces(release_id: int) -> Iterator[bytes]:
    """A released file as it was given away."""
    of = RecordReleasePiece
    places = db.session.scalars(select(of.place).where(of.release_id == release_id).order_by(of.place)).all()
    packed = (
        db.session.scalars(select(of.packed).where(of.release_id == release_id, of.place == place)).one()
        for place in places
    )
    return unpack(packed)


def _current(grant: PatientGrant) -> RecordPreparation:
    row = preparing(grant.plan.id)
    if row is None:
        raise Unfit({"page": Problem.CHANGED})
    return row


def _withhold(
    work: Work, grant: PatientGrant, preparation: RecordPreparation, ground: str, *, words: str = "", entry: str = ""
) -> None:
    row = RecordWithholding(
        preparation_id=preparation.id, entry=entry, words=words, ground=ground, at=work.now, by_id=work.actor_id
    )
    work.session.add(row)
    work.session.flush()
    _note(work, grant, f"record-withholding:{row.id}", "withheld", ground=ground)


def _is_hers(work: Work, grant: PatientGrant, entry: str) -> bool:
    name, _colon, number = entry.partition(":")
    if name not in ENTRIES or not number.isdecimal() or int(number) > 2**31 - 1:
        return False
    table = tables.table(name)
    query = select(table.c.id).where(table.c.id == int(number), tables.of(name, grant.patient.id))
    return work.session.scalar(query) is not None


def _ground(ground: str) -> dict[str, Fault | Problem]:
    return {} if ground in list(Ground) else {"ground": Problem.EMPTY}


def _line(field: str, words: str) -> dict[str, Fault | Problem]:
    if not words:
        return {field: Problem.EMPTY}
    return {field: Fault(Problem.TOO_LONG, str(MAX_LINE))} if len(words) > MAX_LINE else {}


def _note(work: Work, grant: PatientGrant, thing: str, change: str, **more: Any) -> None:
    work.record(Permission.RECORD_RELEASE, thing, grant.patient.id, change=change, **more)
