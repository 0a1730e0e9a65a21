"""A version is put before the involved disciplines, who sign it or decline; the patient reads nothing of it yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select

from access.grants import PatientGrant
from access.permissions import Permission
from actions import notices, plan_records, threads, versions
from actions.colleagues import colleagues
from actions.openings import Opening
from actions.unfit import Fault, Problem, Unfit
from actions.unit_of_work import Work
from livedoc.hub import Hub
from models.base import db
from models.discipline import Discipline
from models.notification import NoticeKind
from models.patient import Involvement
from models.plan import Plan
from models.publication import DeclinedSignature, Publication, Signature
from models.version import Version, VersionKind

MAX_REASON = 200
"""Letters of a reason: one line."""


class Why(StrEnum):
    UNCHANGED = "nothing changed since the version that is before the team"
    NOBODY_INVOLVED = "no discipline is involved"
    PASSED = "another version is before the team by now"
    OTHER_CONTENT = "what was shown is not what the version holds"
    NOT_INVOLVED = "one's discipline is not involved"
    SIGNED = "one's discipline signed already"
    DECLINED = "one's discipline declined already"


class NotSignable(ValueError):
    """Nothing was signed or put before anyone. `why` says for which reason."""

    def __init__(self, why: Why) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Hand:
    """How an involved discipline stands to a version: its signature, else its words of declining, else neither."""

    discipline: Discipline
    signature: Signature | None
    declined: DeclinedSignature | None

    @property
    def has_signed(self) -> bool:
        return self.signature is not None


@dataclass(frozen=True, slots=True)
class Round:
    """A version that is before the team, with the involved disciplines in their order."""

    version: Version
    hands: Sequence[Hand]

    @property
    def signed(self) -> int:
        return sum(hand.has_signed for hand in self.hands)

    def hand_of(self, discipline: str | None) -> Hand | None:
        """That of the discipline with this key, when it is involved."""
        return next((hand for hand in self.hands if hand.discipline.key == discipline), None)


def current(plan_id: int) -> Round | None:
    """The round that goes on: the plan's newest version for sign-off, unless it is published."""
    version = db.session.scalar(
        select(Version)
        .where(Version.plan_id == plan_id, Version.kind == VersionKind.SIGN_OFF)
        .order_by(Version.id.desc())
        .limit(1)
    )
    if version is None or db.session.scalar(select(Publication.id).where(Publication.version_id == version.id)):
        return None
    return Round(version, hands(version, involved(plan_id)))


def involved(plan_id: int) -> Sequence[Discipline]:
    """The disciplines that are expected to sign, in their order."""
    query = (
        select(Discipline)
        .join(Involvement, Involvement.discipline_id == Discipline.id)
        .join(Plan, Plan.patient_id == Involvement.patient_id)
        .where(Plan.id == plan_id, Involvement.until.is_(None))
        .order_by(Discipline.position)
    )
    return db.session.scalars(query).all()


def hands(version: Version, disciplines: Sequence[Discipline]) -> list[Hand]:
    """How these disciplines stand to a version."""
    signed = {
        row.discipline_id: row
        for row in db.session.scalars(select(Signature).where(Signature.version_id == version.id)).unique()
    }
    declined = {
        row.discipline_id: row
        for row in db.session.scalars(
            select(DeclinedSignature).where(DeclinedSignature.version_id == version.id)
        ).unique()
    }
    return [Hand(each, signed.get(each.id), declined.get(each.id)) for each in disciplines]


def put_before(work: Work, hub: Hub, grant: PatientGrant, reason: str) -> Version:
    """Freeze the plan and ask every involved discipline to sign it. An earlier version that was not published can no
    longer be signed. `reason` says in one line why now.

    The unit of work must have named the plan's documents. Raises Unfit, or NotSignable.
    """
    reason = _line(reason, "reason")
    plan = grant.plan
    if not involved(plan.id):
        raise NotSignable(Why.NOBODY_INVOLVED)
    going = current(plan.id)
    standing = versions.held(hub, versions.documents_of(plan.id))
    version = versions.freeze(work, plan.id, VersionKind.SIGN_OFF, standing, reason=reason)
    if going is not None and going.version.sha256 == version.sha256:
        raise NotSignable(Why.UNCHANGED)
    _tell_who_signs(work, grant)
    work.touched(grant.patient.id)
    work.board_changed(plan.id, "sign-off")
    return version


def sign(work: Work, grant: PatientGrant, version_id: int, sha256: str) -> Signature:
    """Sign for one's own discipline what was shown: its hash comes back with the signature. Raises NotSignable."""
    found, hand = _own_hand(grant, version_id)
    if sha256 != found.version.sha256:
        raise NotSignable(Why.OTHER_CONTENT)
    signature = Signature(
        version_id=version_id,
        user_id=work.actor_id,
        discipline_id=hand.discipline.id,
        at=work.now,
        sha256=sha256,
    )
    plan_records.append(work, grant.plan, signature)
    notices.see_kind(work, NoticeKind.TO_SIGN, grant.patient.id)
    work.board_changed(grant.plan.id, "sign-off")
    return signature


def decline(work: Work, grant: PatientGrant, version_id: int, words: str) -> DeclinedSignature:
    """Decline for one's own discipline; the words begin a thread on the plan, and the responsible clinician hears of
    it. Raises Unfit, or NotSignable."""
    found, hand = _own_hand(grant, version_id)
    if hand.declined is not None:
        raise NotSignable(Why.DECLINED)
    try:
        opened = threads.open_thread(work, grant, Opening(body=words.strip()))
    except Unfit as unfit:
        raise Unfit({"words": unfit.faults["body"]}) from unfit
    declined = DeclinedSignature(
        version_id=version_id,
        user_id=work.actor_id,
        discipline_id=hand.discipline.id,
        at=work.now,
        words=words.strip(),
        thread_id=opened.thread_id,
    )
    plan_records.append(work, grant.plan, declined)
    told = {row for row in (found.version.author_id, grant.responsible.id if grant.responsible else None) if row}
    notices.tell(work, frozenset(told), NoticeKind.DECLINED, grant.patient.id, thread_id=opened.thread_id)
    work.board_changed(grant.plan.id, "sign-off")
    return declined


def _own_hand(grant: PatientGrant, version_id: int) -> tuple[Round, Hand]:
    found = current(grant.plan.id)
    if found is None or found.version.id != version_id:
        raise NotSignable(Why.PASSED)
    hand = found.hand_of(grant.actor.discipline) if grant.may(Permission.SIGN_OFF_WRITE) else None
    if hand is None:
        raise NotSignable(Why.NOT_INVOLVED)
    if hand.has_signed:
        raise NotSignable(Why.SIGNED)
    return found, hand


def _tell_who_signs(work: Work, grant: PatientGrant) -> None:
    signing = {row.id for row in involved(grant.plan.id)}
    people = frozenset(
        person.id for person in colleagues(grant.patient.id) if person.is_clinician and person.discipline_id in signing
    )
    notices.tell(work, people, NoticeKind.TO_SIGN, grant.patient.id)


def _line(words: str, field: str) -> str:
    words = " ".join(words.split())
    if not words:
        raise Unfit({field: Problem.EMPTY})
    if len(words) > MAX_REASON:
        raise Unfit({field: Fault(Problem.TOO_LONG, str(MAX_REASON))})
    return words


def signers(version_id: int) -> Sequence[Discipline]:
    """The disciplines that signed a version, in their order."""
    query = (
        select(Discipline)
        .join(Signature, Signature.discipline_id == Discipline.id)
        .where(Signature.version_id == version_id)
        .order_by(Discipline.position)
    )
    return db.session.scalars(query).all()
