"""What a patient reads and what is before the team: the line on the board, and the page where it is signed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy import and_, exists, func, or_, select

from access.grants import PatientGrant
from access.permissions import Permission
from actions import publications, sign_off
from actions.behind import LiveText
from actions.publications import Conditions, Hindrance, Obstacle
from actions.sign_off import Hand, Round, Why
from livedoc.difference import splices
from models.base import db
from models.document import Document
from models.patient import Involvement
from models.plan import DocumentKind, Plan
from models.publication import PatientAnswer, Publication, Signature, Withdrawal
from models.task import Task
from models.version import Version, VersionKind, VersionText
from richtext.render import to_html


@dataclass(frozen=True, slots=True)
class Status:
    """What the patient reads: the publication's `number` (None: nothing yet) and when it was published; how many
    `changes` the patient cannot see; what they answered; and of a version that is before the team, how many of how
    many have signed."""

    number: int | None
    at: datetime | None
    is_withdrawn: bool
    changes: int
    answer: str | None
    signed: int | None
    of: int


def status(grant: PatientGrant, live_text: LiveText) -> Status:
    """In two statements."""
    plan_id = grant.plan.id
    newest = select(Publication.id).where(Publication.plan_id == plan_id).order_by(Publication.number.desc()).limit(1)
    asked = (
        select(Version.id)
        .where(Version.plan_id == plan_id, Version.kind == VersionKind.SIGN_OFF)
        .order_by(Version.id.desc())
        .limit(1)
    )
    involved = Involvement.patient_id == grant.patient.id, Involvement.until.is_(None)
    signed = (
        select(func.count())
        .select_from(Signature)
        .join(Involvement, and_(Involvement.discipline_id == Signature.discipline_id, *involved))
        .where(Signature.version_id == Version.id)
    )
    answer = (
        select(PatientAnswer.kind)
        .where(PatientAnswer.publication_id == Publication.id)
        .order_by(PatientAnswer.id.desc())
        .limit(1)
    )
    tasks = select(func.count()).where(Task.plan_id == plan_id, Task.for_patient, Task.changed_at > Publication.at)
    row = db.session.execute(
        select(
            Publication.number,
            Publication.at,
            Publication.version_id,
            Withdrawal.id.label("withdrawal"),
            Version.id.label("asked"),
            exists().where(Publication.version_id == Version.id).correlate(Version).label("is_published"),
            signed.scalar_subquery().label("signed"),
            select(func.count()).where(*involved).scalar_subquery().label("involved"),
            tasks.scalar_subquery().label("tasks"),
            answer.scalar_subquery().label("answer"),
        )
        .select_from(Plan)
        .outerjoin(Publication, Publication.id == newest.scalar_subquery())
        .outerjoin(Withdrawal, Withdrawal.publication_id == Publication.id)
        .outerjoin(Version, Version.id == asked.scalar_subquery())
        .where(Plan.id == plan_id)
    ).one()
    goes_on = row.asked is not None and row.asked != row.version_id
    changes = row.tasks + _changes_since(row.version_id, live_text) if row.version_id is not None else 0
    return Status(
        number=row.number,
        at=row.at,
        is_withdrawn=row.withdrawal is not None,
        changes=changes,
        answer=row.answer,
        signed=row.signed if goes_on else None,
        of=row.involved,
    )


def _changes_since(version_id: int, live_text: LiveText) -> int:
    """How many passages differ from what a version holds."""
    rows = db.session.execute(
        select(VersionText.text, Document.id, Document.text, Document.text_seq == Document.seq)
        .join(Document, Document.id == VersionText.document_id)
        .where(
            VersionText.version_id == version_id,
            or_(VersionText.text != Document.text, Document.text_seq != Document.seq),
        )
    )
    return sum(
        len(splices(before, kept if is_newest else live_text(document_id)))
        for before, document_id, kept, is_newest in rows
    )


@dataclass(frozen=True, slots=True)
class Part:
    """A section as the version holds it: the team's text and the patient's, rendered. `is_new`: not as published."""

    key: str
    title: str
    tone: str
    clinical: Markup | None
    plain: Markup | None
    is_new: bool


@dataclass(frozen=True, slots=True)
class Page:
    """`mine` is how the viewer's discipline stands to the round, when it may sign; `hindrances` are what keeps the
    round from being published; `reads` is what the patient reads."""

    status: Status
    round: Round | None
    mine: Hand | None
    parts: Sequence[Part]
    hindrances: Sequence[Hindrance]
    reads: Publication | None
    reads_hands: Sequence[Hand]
    answers: Sequence[PatientAnswer]


def page(grant: PatientGrant, conditions: Conditions, live_text: LiveText) -> Page:
    going = sign_off.current(grant.plan.id)
    reads = publications.latest(grant.plan.id)
    return Page(
        status=status(grant, live_text),
        round=going,
        mine=going.hand_of(grant.actor.discipline) if going and grant.may(Permission.SIGN_OFF_WRITE) else None,
        parts=_parts(going.version, reads) if going else [],
        hindrances=publications.hindrances(going, conditions) if going else [],
        reads=reads,
        reads_hands=sign_off.hands(reads.version, sign_off.signers(reads.version_id)) if reads else [],
        answers=publications.answers(reads.id) if reads else [],
    )


def _parts(version: Version, reads: Publication | None) -> list[Part]:
    published = {text.document_id: text.text for text in reads.version.texts} if reads else {}
    by_section: dict[str, list[VersionText]] = {}
    for text in version.texts:
        by_section.setdefault(text.section_key, []).append(text)
    return [
        Part(
            key=key,
            title=texts[0].title,
            tone=texts[0].discipline.key if texts[0].discipline else "shared",
            clinical=_html(texts, DocumentKind.CLINICAL),
            plain=_html(texts, DocumentKind.PLAIN),
            is_new=any(published.get(text.document_id) != text.text for text in texts),
        )
        for key, texts in by_section.items()
    ]


def _html(texts: Sequence[VersionText], kind: DocumentKind) -> Markup | None:
    """None where the section has no such text."""
    found = next((text for text in texts if text.kind == kind), None)
    return to_html(found.text) if found is not None else None


def why(reason: Why) -> str:
    """Why nothing was signed, for whoever tried."""
    said = {
        Why.UNCHANGED: _("Nothing changed since the version that is before the team. It can still be signed."),
        Why.NOBODY_INVOLVED: _("No discipline is involved yet. Choose those on the page Care team."),
        Why.PASSED: _("Another version is before the team by now. Read it below, then sign."),
        Why.OTHER_CONTENT: _("What you were shown is not what this version holds. Read it below, then sign."),
        Why.NOT_INVOLVED: _("Your discipline is not involved with this patient, so it does not sign."),
        Why.SIGNED: _("Your discipline has signed this version already."),
        Why.DECLINED: _("Your discipline has declined this version already."),
    }
    return str(said[reason])


def hindrance(found: Hindrance) -> str:
    """What stands in the way of a publication, and what to do about it."""
    said = {
        Obstacle.EMERGENCY_BLOCK: _(
            "The clinic's emergency number, crisis line, phone and hours are not set. Ask your administrator."
        ),
        Obstacle.NOBODY_SIGNED: _("Nobody has signed yet."),
        Obstacle.EMPTY: _(
            "%(section)s: the patient's text is empty. Write it, then ask for signatures again.", section=found.title
        ),
        Obstacle.BEHIND: _("%(section)s: the team's text changed after the patient's.", section=found.title),
    }
    return str(said[found.obstacle])
