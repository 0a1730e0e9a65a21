"""Two sides of a difference: where each text of a plan stood in a version, at a moment, at its beginning, or now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import BigInteger, and_, cast, or_, select
from sqlalchemy.orm import aliased

from access.grants import PatientGrant
from actions import visits
from livedoc.attributed import Point
from models.base import db
from models.discipline import Discipline
from models.document import Document, DocumentUpdate
from models.notification import PatientSeen
from models.patient import CareTeamMember, PatientStatement
from models.plan import DocumentKind, Section, SectionDocument
from models.task import ENDED, Task
from models.version import Version, VersionTask, VersionText

_MANY = 2**31
"""More edits than an epoch has."""


class At(StrEnum):
    VERSION = "version"
    NOW = "now"
    LOOK = "look"
    """When the viewer looked at the board last, before this visit."""
    BEGINNING = "beginning"


@dataclass(frozen=True, slots=True)
class Text:
    """A text of the plan as it is now, with the section it is of. `owner`: the key of its section's discipline."""

    document_id: int
    section_key: str
    title: str
    icon: str
    owner: str | None
    kind: str
    now: Point


@dataclass(frozen=True, slots=True)
class PatientTask:
    id: int
    title: str
    plain_text: str
    due: date | None
    rhythm: str
    times_a_week: int | None


@dataclass(frozen=True, slots=True)
class Side:
    """`points`: document → where it stood; one that is not there stood at its beginning. `texts`: those that are kept
    with a version. `said`: what matters to the patient, as told."""

    at: At
    moment: datetime | None
    points: Mapping[int, Point]
    tasks: Sequence[PatientTask]
    said: str
    version: Version | None = None
    texts: Mapping[int, str] = field(default_factory=dict)


def texts(plan_id: int) -> list[Text]:
    """The texts of a plan in their order, the team's before the patient's."""
    rows = db.session.execute(
        select(
            Document.id,
            Section.key,
            Section.title,
            Section.icon,
            Discipline.key,
            SectionDocument.kind,
            Document.epoch,
            Document.seq,
        )
        .join(SectionDocument, SectionDocument.document_id == Document.id)
        .join(Section, Section.id == SectionDocument.section_id)
        .outerjoin(Discipline, Discipline.id == Section.discipline_id)
        .where(Section.plan_id == plan_id)
        .order_by(Section.position, SectionDocument.kind)
    )
    return [Text(*row[:6], now=(row[6], row[7])) for row in rows]


def now(grant: PatientGrant, of: Sequence[Text]) -> Side:
    points = {text.document_id: text.now for text in of}
    return Side(At.NOW, None, points, _tasks(grant.plan.id), _said(grant.patient.id))


def beginning(of: Sequence[Text]) -> Side:
    """Before anybody wrote."""
    return Side(At.BEGINNING, None, {text.document_id: began(text) for text in of}, [], "")


def began(text: Text) -> Point:
    """The team's text of a discipline opens with a template, which is its first edit (actions/plans.py)."""
    return 1, 1 if text.kind == DocumentKind.CLINICAL and text.owner is not None else 0


def version(grant: PatientGrant, version_id: int) -> Side | None:
    """None when the plan has no such version."""
    row = db.session.scalar(select(Version).where(Version.id == version_id, Version.plan_id == grant.plan.id))
    if row is None:
        return None
    kept = db.session.execute(
        select(VersionText.document_id, VersionText.epoch, VersionText.seq, VersionText.text).where(
            VersionText.version_id == version_id
        )
    ).all()
    of = VersionTask
    tasks = db.session.execute(
        select(of.task_id, of.title, of.plain_text, of.due, of.rhythm, of.times_a_week)
        .where(of.version_id == version_id)
        .order_by(of.task_id)
    )
    return Side(
        At.VERSION,
        row.at,
        {each.document_id: (each.epoch, each.seq) for each in kept},
        [PatientTask(*task) for task in tasks],
        row.statement.text if row.statement else "",
        row,
        {each.document_id: each.text for each in kept},
    )


def look(grant: PatientGrant, of: Sequence[Text], at: datetime) -> Side | None:
    """When the actor looked last, before this visit; None for who never was in the care team."""
    seen = and_(PatientSeen.patient_id == CareTeamMember.patient_id, PatientSeen.user_id == CareTeamMember.user_id)
    moment = db.session.scalar(
        select(visits.since(at))
        .select_from(CareTeamMember)
        .outerjoin(PatientSeen, seen)
        .where(
            CareTeamMember.patient_id == grant.patient.id,
            CareTeamMember.user_id == grant.actor.user_id,
            CareTeamMember.until.is_(None),
        )
    )
    if moment is None:
        return None
    return Side(At.LOOK, moment, _points(of, moment), _tasks(grant.plan.id, moment), _said(grant.patient.id, moment))


def _points(of: Sequence[Text], moment: datetime) -> dict[int, Point]:
    """The last edit of each text up to a moment: looked for from the end, which is near."""
    edit = aliased(DocumentUpdate)
    last = (
        select(cast(edit.epoch, BigInteger) * _MANY + edit.seq)
        .where(edit.document_id == Document.id, edit.at <= moment)
        .order_by(edit.epoch.desc(), edit.seq.desc())
        .limit(1)
        .scalar_subquery()
    )
    rows = db.session.execute(select(Document.id, last).where(Document.id.in_([text.document_id for text in of])))
    return {document_id: divmod(packed, _MANY) for document_id, packed in rows if packed is not None}


def _tasks(plan_id: int, moment: datetime | None = None) -> list[PatientTask]:
    """The patient's tasks that have not ended, or had not at a moment."""
    rows = select(Task.id, Task.title, Task.plain_text, Task.due, Task.rhythm, Task.times_a_week)
    rows = rows.where(Task.plan_id == plan_id, Task.for_patient).order_by(Task.id)
    if moment is None:
        rows = rows.where(Task.state.not_in(ENDED))
    else:
        rows = rows.where(Task.created_at <= moment, or_(Task.ended_at.is_(None), Task.ended_at > moment))
    return [PatientTask(*row) for row in db.session.execute(rows)]


def _said(patient_id: int, moment: datetime | None = None) -> str:
    query = select(PatientStatement.text).where(PatientStatement.patient_id == patient_id)
    if moment is not None:
        query = query.where(PatientStatement.recorded_at <= moment)
    newest = query.order_by(PatientStatement.told_on.desc(), PatientStatement.id.desc()).limit(1)
    return db.session.scalar(newest) or ""
