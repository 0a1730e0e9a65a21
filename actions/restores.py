"""Former words come back: of one change, of a section, or of the whole plan.

Each is one edit a document by whoever brings them back, that merges with what others type; the words stay those of
who wrote them first. Taking a restore back is a restore, too.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import func, select

from access.grants import DocumentGrant, PatientGrant
from access.permissions import Permission
from actions import plain_readings, sides
from actions.sides import Side, Text
from actions.unfit import Fault, Problem, Unfit
from actions.unit_of_work import Units, Work
from livedoc import edits
from livedoc.attributed import Point, Run, between
from livedoc.attribution import Attribution, NoSuchPoint
from livedoc.comparison import Part
from livedoc.difference import splices
from livedoc.hub import Hub
from livedoc.origins import Source
from livedoc.passages import Passage, carried
from livedoc.records import Share
from livedoc.refusals import Refused
from models.edit_origin import EditOrigin, OriginKind

MAX_REASON = 200
"""Letters of a reason: one line."""


class NotRestored(Exception):
    """Nothing came back. `code` as on the wire, or: changed (the words were changed since), gone (there is no such
    change or version), passed (something else came back since), nothing (all is as it was)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Step:
    """A document is to hold another text: what is changed from its text at `base` to `text`. `whose` covers that."""

    document_id: int
    section_key: str
    base: Point
    text: str
    whose: Sequence[Share]


@dataclass(frozen=True, slots=True)
class Restored:
    """`kept` are the titles of sections that the person may not write, which stayed as they were."""

    edits: Mapping[int, Point]
    kept: Sequence[str] = ()


class HouseLike(Protocol):
    """What a restore needs of the house."""

    @property
    def units(self) -> Units: ...
    @property
    def hub(self) -> Hub: ...
    @property
    def attribution(self) -> Attribution: ...


def undo_change(
    house: HouseLike, grant: DocumentGrant, since: Point, until: Point, number: int, reason: str = ""
) -> Restored:
    """Take back the change with this number of a comparison of two points; the words it concerns must stand there
    still as they were left. Raises Unfit, NotRestored."""
    reason = _reason(reason, needed=False)
    document_id = grant.document_id
    try:
        compared = house.attribution.compare(document_id, since, until)
        former = house.attribution.who_wrote(document_id, since)
    except NoSuchPoint:
        raise NotRestored("gone") from None
    every = compared.hunks
    if not 0 <= number < len(every):
        raise NotRestored("gone")
    moves = {part.piece.move for part in every[number]} - {0}
    concerned = [hunk for hunk in every if hunk is every[number] or moves & {part.piece.move for part in hunk}]

    def steps(_work: Work) -> list[Step]:
        document = house.hub.held(document_id)
        house.hub.catch_up(document)
        present, after = document.text(), compared.written.text
        text, whose, at = "", list[Share](), 0
        for hunk in concerned:
            place = _place(hunk, after, present)
            first, last = hunk[0].former[0], hunk[-1].former[1]
            text += present[at : place.start] + former.text[first:last]
            whose += [Share(place.start - at), *_shares(between(former.runs, first, last))]
            at = place.end
        whose.append(Share(len(present) - at))
        return [Step(document_id, grant.section_key, (document.epoch, document.seq), text + present[at:], whose)]

    return _act(house, grant, [document_id], steps, reason)


def restore(
    house: HouseLike, grant: PatientGrant, version_id: int, section: str | None, seen: Mapping[int, Point], reason: str
) -> Restored:
    """Bring a section, or the whole plan, back to a version, as far as the person may write. `seen` says where each
    document stood when they decided so: what others typed since stays. Raises Unfit, NotRestored."""
    reason = _reason(reason, needed=True)
    version = sides.version(grant, version_id)
    of = [text for text in sides.texts(grant.plan.id) if section in (None, text.section_key)]
    if version is None or not of:
        raise NotRestored("gone")
    differing = [each for each in of if _differs(house.hub, each, version)]
    writable = [each for each in differing if grant.may_write_for(each.owner)]
    kept = list(dict.fromkeys(each.title for each in differing if each not in writable))
    if not writable:
        raise NotRestored("forbidden" if differing else "nothing")
    made = [_to_version(house.attribution, each, version, seen.get(each.document_id, each.now)) for each in writable]
    found = _act(house, grant, [step.document_id for step in made], lambda _work: made, reason)
    return Restored(found.edits, kept)


def restore_moment(house: HouseLike, grant: DocumentGrant, moment: Point, seen: Point, reason: str) -> Restored:
    """Bring a text back to a moment of its history. `seen`: where it stood when they decided so. Raises Unfit,
    NotRestored."""
    reason = _reason(reason, needed=True)
    try:
        former = house.attribution.who_wrote(grant.document_id, moment)
    except NoSuchPoint:
        raise NotRestored("gone") from None
    if former.text == house.hub.text(grant.document_id):
        raise NotRestored("nothing")
    step = Step(grant.document_id, grant.section_key, seen, former.text, _shares(former.runs))
    return _act(house, grant, [grant.document_id], lambda _work: [step], reason)


def take_back(house: HouseLike, grant: PatientGrant, restored: Mapping[int, Point], reason: str = "") -> Restored:
    """Undo a restore: each of these edits, which must be the last that brought something back into its document.
    Raises NotRestored."""
    of = {text.document_id: text for text in sides.texts(grant.plan.id)}
    if not restored or restored.keys() - of.keys():
        raise NotRestored("gone")
    if not all(grant.may_write_for(of[document_id].owner) for document_id in restored):
        raise NotRestored("forbidden")
    made = []
    for document_id, (epoch, seq) in restored.items():
        try:
            former = house.attribution.who_wrote(document_id, (epoch, seq - 1))
        except NoSuchPoint:
            raise NotRestored("gone") from None
        key = of[document_id].section_key
        made.append(Step(document_id, key, (epoch, seq), former.text, _shares(former.runs)))

    def steps(work: Work) -> list[Step]:
        for document_id, (epoch, seq) in restored.items():
            if _last(work, document_id, epoch) != seq:
                raise NotRestored("passed")
        return made

    return _act(house, grant, list(restored), steps, reason)


def _act(
    house: HouseLike,
    grant: DocumentGrant | PatientGrant,
    documents: Sequence[int],
    steps: Callable[[Work], Sequence[Step]],
    reason: str,
) -> Restored:
    """All steps in one unit of work, or none."""
    patient_id, plan_id = (
        (grant.patient.id, grant.plan.id) if isinstance(grant, PatientGrant) else (grant.patient_id, grant.plan_id)
    )
    made: dict[int, Point] = {}
    try:
        with house.units.begin(grant.actor, documents) as work:
            for step in steps(work):
                before = house.hub.held(step.document_id).seq
                source = Source(OriginKind.RESTORE, step.whose, reason)
                seq = edits.replace(
                    work, house.hub, step.document_id, *step.base, step.text, grant.actor.user_id, source
                )
                if seq > before:
                    made[step.document_id] = (step.base[0], seq)
                    thing = f"document:{step.document_id}"
                    work.record(Permission.RESTORE, thing, patient_id, epoch=step.base[0], seq=seq)
                    work.board_changed(plan_id, f"head-{step.section_key}")
            if not made:
                raise NotRestored("nothing")
            work.touched(patient_id)
    except Refused as refusal:
        raise NotRestored(refusal.code) from refusal
    plain_readings.note_edits(house.units, house.hub, documents)
    return Restored(made)


def _place(hunk: Sequence[Part], after: str, present: str) -> Passage:
    """Where a change stands now, when neither it nor what touches it was changed. Raises NotRestored."""
    start, end = hunk[0].later[0], hunk[-1].later[1]
    around = Passage(max(0, start - 1), min(len(after), end + 1))
    now, untouched = carried(around, splices(after, present))
    if not untouched:
        raise NotRestored("changed")
    return Passage(now.start + start - around.start, now.end - (around.end - end))


def _to_version(attribution: Attribution, text: Text, version: Side, base: Point) -> Step:
    try:
        former = attribution.who_wrote(text.document_id, version.points[text.document_id])
    except NoSuchPoint:
        raise NotRestored("gone") from None
    return Step(text.document_id, text.section_key, base, former.text, _shares(former.runs))


def _differs(hub: Hub, text: Text, version: Side) -> bool:
    """Whether a text is another than in a version; one that the version does not know stays."""
    former = version.texts.get(text.document_id)
    return former is not None and former != hub.text(text.document_id)


def _shares(runs: Iterable[Run]) -> list[Share]:
    return [
        Share(run.length, run.user_id, run.first_at, run.epoch, run.seq)
        if run.user_id is not None and run.first_at is not None
        else Share(run.length)
        for run in runs
    ]


def _last(work: Work, document_id: int, epoch: int) -> int | None:
    """The last edit of an epoch that brought something back."""
    of = EditOrigin
    query = select(func.max(of.seq)).where(
        of.document_id == document_id, of.epoch == epoch, of.kind == OriginKind.RESTORE
    )
    return work.session.scalar(query)


def _reason(words: str, *, needed: bool) -> str:
    words = " ".join(words.split())
    if needed and not words:
        raise Unfit({"reason": Problem.EMPTY})
    if len(words) > MAX_REASON:
        raise Unfit({"reason": Fault(Problem.TOO_LONG, str(MAX_REASON))})
    return words
