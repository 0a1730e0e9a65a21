"""What the patient was given to read, taken from a publication's own rows and from nothing else: no live text, no
task as it stands now and no discussion is in reach of what stands here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from models.base import db
from models.discipline import Discipline
from models.patient import PatientStatement
from models.plan import DocumentKind
from models.publication import MissingDiscipline, Publication, Signature, Withdrawal
from models.user import User
from models.version import Version, VersionTask, VersionText
from richtext.plain import dose_in


@dataclass(frozen=True, slots=True)
class Part:
    """A section's text for the patient. `key` is the section's, `title` what the team calls it."""

    key: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Step:
    """A task for the patient, in words for the patient. One that reads like a dose is never something to tick."""

    task_id: int
    text: str
    is_dose: bool
    due: date | None
    rhythm: str
    times_a_week: int | None


@dataclass(frozen=True, slots=True)
class NotReviewed:
    """A discipline that did not sign: why, and since when it has not reviewed the plan (None: it never has)."""

    name: str
    reason: str
    since: datetime | None


@dataclass(frozen=True, slots=True)
class Published:
    """A publication as the patient may read it. `signed_by` are people's names in the order of their disciplines;
    `signed_at` is the last signature; `reason` is the line of `by`, who published it."""

    id: int
    number: int
    at: datetime
    by: str
    reason: str
    is_withdrawn: bool
    signed_at: datetime | None
    signed_by: Sequence[str]
    missing: Sequence[NotReviewed]
    statement: PatientStatement | None
    parts: Sequence[Part]
    steps: Sequence[Step]


@dataclass(frozen=True, slots=True)
class Standing:
    """What a plan's latest publication is; of a withdrawn one no more than that is told."""

    id: int
    number: int
    is_withdrawn: bool


def latest(plan_id: int) -> Standing | None:
    """None: nothing was published yet."""
    row = db.session.execute(
        select(Publication.id, Publication.number, Withdrawal.id.label("withdrawal"))
        .outerjoin(Withdrawal, Withdrawal.publication_id == Publication.id)
        .where(Publication.plan_id == plan_id)
        .order_by(Publication.number.desc())
        .limit(1)
    ).one_or_none()
    return Standing(row.id, row.number, row.withdrawal is not None) if row else None


def before(plan_id: int, number: int) -> int | None:
    """The id of the publication before the `number`-th: what the patient read last time."""
    return db.session.scalar(
        select(Publication.id)
        .where(Publication.plan_id == plan_id, Publication.number < number)
        .order_by(Publication.number.desc())
        .limit(1)
    )


def content(publication_id: int) -> Published:
    """All of a publication, in five statements."""
    publication = (
        db.session.scalars(
            select(Publication)
            .where(Publication.id == publication_id)
            .options(
                joinedload(Publication.version).joinedload(Version.statement),
                joinedload(Publication.by),
                joinedload(Publication.withdrawal),
            )
        )
        .unique()
        .one()
    )
    signatures = _signatures(publication.version_id)
    return Published(
        id=publication.id,
        number=publication.number,
        at=publication.at,
        by=publication.by.name,
        reason=publication.reason,
        is_withdrawn=publication.withdrawal is not None,
        signed_at=max((at for _name, at in signatures), default=None),
        signed_by=[name for name, _at in signatures],
        missing=_missing(publication.id),
        statement=publication.version.statement,
        parts=_parts(publication.version_id),
        steps=_steps(publication.version_id),
    )


def _signatures(version_id: int) -> list[tuple[str, datetime]]:
    rows = db.session.execute(
        select(User.name, Signature.at)
        .join(User, User.id == Signature.user_id)
        .join(Discipline, Discipline.id == Signature.discipline_id)
        .where(Signature.version_id == version_id)
        .order_by(Discipline.position)
    )
    return [(name, at) for name, at in rows]


def _missing(publication_id: int) -> list[NotReviewed]:
    rows = db.session.execute(
        select(Discipline.name, MissingDiscipline.reason, MissingDiscipline.since)
        .join(Discipline, Discipline.id == MissingDiscipline.discipline_id)
        .where(MissingDiscipline.publication_id == publication_id)
        .order_by(Discipline.position)
    )
    return [NotReviewed(*row) for row in rows]


def _parts(version_id: int) -> list[Part]:
    """The patient's own texts that say something; the team's are not asked for."""
    rows = db.session.execute(
        select(VersionText.section_key, VersionText.title, VersionText.text)
        .where(VersionText.version_id == version_id, VersionText.kind == DocumentKind.PLAIN)
        .order_by(VersionText.position, func.length(VersionText.text))
    )
    return [Part(*row) for row in rows if row.text.strip()]


def _steps(version_id: int) -> list[Step]:
    rows = db.session.execute(
        select(
            VersionTask.task_id,
            VersionTask.plain_text,
            VersionTask.due,
            VersionTask.rhythm,
            VersionTask.times_a_week,
        )
        .where(VersionTask.version_id == version_id)
        .order_by(VersionTask.due.is_(None), VersionTask.due, VersionTask.task_id)
    )
    return [
        Step(row.task_id, row.plain_text, dose_in(row.plain_text) is not None, row.due, row.rhythm, row.times_a_week)
        for row in rows
        if row.plain_text.strip()
    ]
