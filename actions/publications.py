"""What the patient reads: a signed-off version is published, can be withdrawn, and is answered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import func, select

from access.grants import PatientGrant
from actions import notices, plan_records
from actions.colleagues import colleagues
from actions.plan_verification import missing_json
from actions.sign_off import MAX_REASON, Round, current
from actions.unfit import Fault, Problem, Unfit
from actions.unit_of_work import Work
from models.base import db
from models.notification import NoticeKind
from models.plan import DocumentKind, Plan
from models.publication import (
    AnswerKind,
    AnswerWay,
    MissingDiscipline,
    PatientAnswer,
    Publication,
    Signature,
    Withdrawal,
)
from models.version import Version, VersionText

MAX_WORDS = 2000
"""Letters of an answer."""


class Obstacle(StrEnum):
    """Why a version cannot be published as it is."""

    EMERGENCY_BLOCK = "the clinic has not set its emergency block"
    NOBODY_SIGNED = "no discipline signed"
    EMPTY = "the patient's text is empty"
    BEHIND = "the patient's text is behind"
    """Can be confirmed."""


@dataclass(frozen=True, slots=True)
class Hindrance:
    """An obstacle; `section` is the key and `title` the name of the section that it is about, or both are empty."""

    obstacle: Obstacle
    section: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class Conditions:
    """What must be known beside the version: whether the clinic's emergency block is set, and the keys of sections
    whose patient's text is behind."""

    has_emergency_block: bool
    behind: frozenset[str]


class NotReady(ValueError):
    """Nothing was published."""

    def __init__(self, hindrances: Sequence[Hindrance]) -> None:
        super().__init__(", ".join(each.obstacle for each in hindrances))
        self.hindrances = hindrances


@dataclass(frozen=True, slots=True)
class Wish:
    """What its publisher gives with a publication: one line that the patient reads, a reason for each discipline that
    did not sign (by id), and the keys of sections whose text is behind and may stay so."""

    reason: str
    missing: Mapping[int, str]
    still_right: frozenset[str] = frozenset()


def latest(plan_id: int) -> Publication | None:
    """The plan's newest publication, withdrawn or not: what the patient's page is made of."""
    return db.session.scalar(
        select(Publication).where(Publication.plan_id == plan_id).order_by(Publication.number.desc()).limit(1)
    )


def hindrances(going: Round, conditions: Conditions) -> list[Hindrance]:
    """What stands between a version and its publication."""
    found = [] if conditions.has_emergency_block else [Hindrance(Obstacle.EMERGENCY_BLOCK)]
    if going.signed == 0:
        found.append(Hindrance(Obstacle.NOBODY_SIGNED))
    written = {text.section_key: text for text in going.version.texts if text.kind == DocumentKind.CLINICAL}
    involved = {hand.discipline.id for hand in going.hands}
    for text in going.version.texts:
        if text.kind != DocumentKind.PLAIN:
            continue
        if not text.text.strip():
            if _is_expected(text, written.get(text.section_key), involved):
                found.append(Hindrance(Obstacle.EMPTY, text.section_key, text.title))
        elif text.section_key in conditions.behind:
            found.append(Hindrance(Obstacle.BEHIND, text.section_key, text.title))
    return found


def _is_expected(plain: VersionText, clinical: VersionText | None, involved: set[int]) -> bool:
    """The patient is to read something of each involved discipline, of what to do in a flare-up, and of every shared
    section that the team wrote in."""
    if plain.discipline_id is not None:
        return plain.discipline_id in involved
    return clinical is None or bool(clinical.text.strip())


def publish(work: Work, grant: PatientGrant, version_id: int, wish: Wish, conditions: Conditions) -> Publication:
    """Let the patient read a version. Raises Unfit by field (`reason`, `missing-<discipline id>`, `version`), or
    NotReady with what stands in the way."""
    going = current(grant.plan.id)
    if going is None or going.version.id != version_id:
        raise Unfit({"version": Problem.CHANGED})
    absent = [hand for hand in going.hands if not hand.has_signed]
    reason = " ".join(wish.reason.split())
    faults = _line_faults("reason", reason)
    reasons = {hand.discipline.id: " ".join(wish.missing.get(hand.discipline.id, "").split()) for hand in absent}
    for discipline_id, words in reasons.items():
        faults |= _line_faults(f"missing-{discipline_id}", words)
    if faults:
        raise Unfit(faults)
    in_the_way = [
        each
        for each in hindrances(going, conditions)
        if each.obstacle is not Obstacle.BEHIND or each.section not in wish.still_right
    ]
    if in_the_way:
        raise NotReady(in_the_way)
    missing = [
        MissingDiscipline(
            discipline_id=hand.discipline.id,
            has_declined=hand.declined is not None,
            reason=reasons[hand.discipline.id],
            since=_last_review(work, grant.plan.id, hand.discipline.id),
        )
        for hand in absent
    ]
    publication = Publication(
        version_id=version_id,
        number=_next_number(work, grant.plan.id),
        by_id=work.actor_id,
        at=work.now,
        reason=reason,
        sha256=going.version.sha256,
        missing=missing_json(missing),
    )
    plan_records.append(work, grant.plan, publication)
    publication.missing_disciplines.extend(missing)
    _tell_team(work, grant.plan, NoticeKind.PUBLISHED)
    return publication


def withdraw(work: Work, grant: PatientGrant, publication: Publication, reason: str) -> Withdrawal:
    """The patient is not to follow the plan any more, and reads whom to call. Raises Unfit."""
    reason = " ".join(reason.split())
    faults = _line_faults("reason", reason)
    if faults:
        raise Unfit(faults)
    now_read = latest(grant.plan.id)
    if publication.withdrawal is not None or now_read is None or now_read.id != publication.id:
        raise Unfit({"publication": Problem.CHANGED})
    withdrawal = Withdrawal(publication_id=publication.id, by_id=work.actor_id, at=work.now, reason=reason)
    plan_records.append(work, grant.plan, withdrawal)
    _tell_team(work, grant.plan, NoticeKind.WITHDRAWN)
    return withdrawal


@dataclass(frozen=True, slots=True)
class Answer:
    """What the patient says, in `words`; `told_by` is the patient, or who speaks for them, on the day `on`."""

    kind: AnswerKind
    words: str
    way: AnswerWay
    told_by: str
    on: date


def answer(work: Work, plan: Plan, publication_id: int, given: Answer, today: date) -> PatientAnswer:
    """Put on record what the patient says to what they read. Raises Unfit: words are needed unless they agree."""
    now_read = latest(plan.id)
    if now_read is None or now_read.id != publication_id or now_read.withdrawal is not None:
        raise Unfit({"publication": Problem.CHANGED})
    words, told_by = given.words.strip(), " ".join(given.told_by.split())
    faults: dict[str, Fault | Problem] = {}
    if not words and given.kind is not AnswerKind.AGREES:
        faults["words"] = Problem.EMPTY
    if len(words) > MAX_WORDS:
        faults["words"] = Fault(Problem.TOO_LONG, str(MAX_WORDS))
    if not told_by:
        faults["told_by"] = Problem.EMPTY
    if given.on > today:
        faults["on"] = Problem.MALFORMED
    if faults:
        raise Unfit(faults)
    row = PatientAnswer(
        publication_id=publication_id,
        kind=given.kind,
        words=words,
        way=given.way,
        told_by=told_by,
        answered_on=given.on,
        by_id=work.actor_id,
        at=work.now,
    )
    plan_records.append(work, plan, row)
    _tell_team(work, plan, NoticeKind.PATIENT_ANSWER)
    return row


def answers(publication_id: int) -> Sequence[PatientAnswer]:
    """All answers to a publication, latest first; the first one counts."""
    return (
        db.session.scalars(
            select(PatientAnswer)
            .where(PatientAnswer.publication_id == publication_id)
            .order_by(PatientAnswer.id.desc())
        )
        .unique()
        .all()
    )


def _tell_team(work: Work, plan: Plan, kind: NoticeKind) -> None:
    people = frozenset(person.id for person in colleagues(plan.patient_id))
    notices.tell(work, people, kind, plan.patient_id)
    work.touched(plan.patient_id)
    work.board_changed(plan.id, "sign-off")


def _line_faults(field: str, words: str) -> dict[str, Fault | Problem]:
    if not words:
        return {field: Problem.EMPTY}
    return {field: Fault(Problem.TOO_LONG, str(MAX_REASON))} if len(words) > MAX_REASON else {}


def _next_number(work: Work, plan_id: int) -> int:
    highest = work.session.scalar(select(func.max(Publication.number)).where(Publication.plan_id == plan_id))
    return (highest or 0) + 1


def _last_review(work: Work, plan_id: int, discipline_id: int) -> datetime | None:
    """When a discipline last signed what was published."""
    return work.session.scalar(
        select(func.max(Signature.at))
        .join(Version, Version.id == Signature.version_id)
        .join(Publication, Publication.version_id == Version.id)
        .where(Publication.plan_id == plan_id, Signature.discipline_id == discipline_id)
    )
