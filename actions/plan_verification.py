"""Whether what is on record about plans is whole: every row as it was written, where it was written, none missing.

Compared are the records with their seals, the plan's head, the content of versions with their hashes, what signatures
and publications say they were given for, and how many records the audit knows of (the head alone could be put back
together with its tail).
"""

import hashlib
import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from actions import plan_records, version_content
from actions.exports.packing import unpack
from actions.plan_records import KINDS
from models.audit import AuditEvent
from models.plan import Plan, SectionDocument
from models.plan_record import PlanHead, PlanRecord
from models.publication import MissingDiscipline, Publication, Signature
from models.record_release import RecordRelease, RecordReleasePiece
from models.seals import BEGINNING, Seals, UnknownKey
from models.version import Version

_PURPOSES = [kind.PURPOSE for kind in KINDS]


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with a plan's records; `what` names the row, `str()` is one line for an administrator."""

    plan_id: int
    what: str
    why: str

    def __str__(self) -> str:
        return f"Plan {self.plan_id}: {self.what} {self.why}."


def findings(session: Session, seals: Seals, plan_id: int | None = None) -> Iterator[Finding]:
    """What is wrong with one plan's records, or with any plan's, by plan and place."""
    plans = select(Plan.id, Plan.patient_id).order_by(Plan.id)
    which = plans.where(Plan.id == plan_id) if plan_id is not None else plans.where(_has_records())
    for each, patient_id in session.execute(which).all():
        yield from _of_plan(session, seals, each, patient_id)
        session.expire_all()


def _has_records() -> ColumnElement[bool]:
    """Plans with records, with a head, or with an audit that knows of records."""
    known = Plan.patient_id.in_(select(AuditEvent.patient_id).where(AuditEvent.action.in_(_PURPOSES)))
    return or_(known, Plan.id.in_(select(PlanHead.plan_id)), *(Plan.id.in_(select(kind.plan_id)) for kind in KINDS))


def missing_json(rows: list[MissingDiscipline]) -> str:
    """The canonical JSON of a publication's missing disciplines: what its seal covers of them."""
    return json.dumps(
        [
            [row.discipline_id, row.has_declined, row.reason, row.since.isoformat() if row.since else None]
            for row in sorted(rows, key=lambda row: row.discipline_id)
        ],
        separators=(",", ":"),
        ensure_ascii=False,
    )


def _of_plan(session: Session, seals: Seals, plan_id: int, patient_id: int) -> Iterator[Finding]:
    records = plan_records.of_plan(session, plan_id)
    head = session.get(PlanHead, plan_id, populate_existing=True)
    for record, why in _chain(seals, records):
        yield Finding(plan_id, _name(record), why)
    count, last = len(records), records[-1].seal if records else BEGINNING
    if head is None and records:
        yield Finding(plan_id, "the head", "is missing")
    if head is not None and not _is_head(seals, head, plan_id, count, last):
        yield Finding(plan_id, "the head", f"does not fit the {count} records that are there: some are missing or new")
    present = {(record.PURPOSE, record.id) for record in records}
    for purpose, number in _known_to_audit(session, patient_id):
        if (purpose, number) not in present:
            yield Finding(plan_id, f"{purpose} {number}", "is missing: the audit knows of it")
    for record in records:
        fault = _content(session, record)
        if fault is not None:
            yield Finding(plan_id, _name(record), fault)


def _chain(seals: Seals, records: list[PlanRecord]) -> Iterator[tuple[PlanRecord, str]]:
    """Records that do not follow the one before."""
    last, expected = BEGINNING, 1
    for record in records:
        if record.place != expected:
            yield record, f"does not follow record {expected - 1}: another is missing, or it was moved"
        else:
            try:
                if not seals.is_link(record.seal, record.PURPOSE, last, *record.sealed_fields()):
                    yield record, "was changed, or another was put in its place"
            except UnknownKey as unknown:
                yield record, f"is sealed with key {unknown}, which is not among the integrity keys"
        last, expected = record.seal, record.place + 1


def _is_head(seals: Seals, head: PlanHead, plan_id: int, count: int, last: bytes) -> bool:
    try:
        is_sealed = seals.is_link(head.seal, PlanHead.PURPOSE, head.last, plan_id, head.count)
    except UnknownKey:
        return False
    return is_sealed and (head.count, head.last) == (count, last)


def _known_to_audit(session: Session, patient_id: int) -> list[tuple[str, int]]:
    """What the audit says was put on record: its purpose and id, in that order of time."""
    of = AuditEvent
    events = session.execute(
        select(of.action, of.thing).where(of.patient_id == patient_id, of.action.in_(_PURPOSES)).order_by(of.id)
    )
    return [(action, int(thing.rpartition(":")[2])) for action, thing in events]


def _content(session: Session, record: PlanRecord) -> str | None:
    """What is wrong with that which hangs on a record."""
    if isinstance(record, Version):
        content = version_content.sha256(record.plan_id, record.statement, record.texts, record.tasks)
        if content != record.sha256:
            return "holds other words than those its hash was made of"
        return None if _is_in_place(session, record) else "holds a text under another section than it was written in"
    if isinstance(record, Signature | Publication):
        version = session.get(Version, record.version_id)
        if version is None or record.sha256 != version.sha256:
            return "was given for other words than its version holds"
    if isinstance(record, Publication) and missing_json(record.missing_disciplines) != record.missing:
        return "says something else of who did not sign than was published"
    if isinstance(record, RecordRelease) and not _is_kept(session, record):
        return "is not kept as it was given away"
    return None


def _is_in_place(session: Session, version: Version) -> bool:
    """Whether each text stands under the section that its document belongs to, for good."""
    of = SectionDocument
    own = select(of.document_id, of.section_id).where(of.document_id.in_([text.document_id for text in version.texts]))
    places = {tuple(row) for row in session.execute(own)}
    return all((text.document_id, text.section_id) in places for text in version.texts)


def _is_kept(session: Session, release: RecordRelease) -> bool:
    """Whether the file of a released record still is what it was."""
    of, digest = RecordReleasePiece, hashlib.sha256()
    pieces = session.scalars(select(of.packed).where(of.release_id == release.id).order_by(of.place))
    try:
        for piece in unpack(pieces):
            digest.update(piece)
    except zlib.error:
        return False
    return digest.hexdigest() == release.sha256


def _name(record: PlanRecord) -> str:
    return f"{record.PURPOSE} {record.id}"
