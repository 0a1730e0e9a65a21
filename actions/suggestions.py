"""Other words for a passage: proposed by one who may not write there or would rather ask, answered by one who may."""

from dataclasses import dataclass

from access.grants import SuggestionGrant
from access.permissions import Permission
from actions import notices, threads
from actions.colleagues import colleagues
from actions.comments import checked, stands
from actions.unfit import Fault, Problem, Unfit
from actions.unit_of_work import Units, Work
from livedoc import edits, passages
from livedoc.difference import splices
from livedoc.document import LiveDocument
from livedoc.hub import Hub
from livedoc.origins import Source
from livedoc.passages import Passage
from livedoc.records import Share
from livedoc.refusals import Code, Refused, malformed
from livedoc.replica import Replica
from models.edit_origin import OriginKind
from models.notification import NoticeKind
from models.thread import Thread

SHOWN = 500
"""Letters of the words that stand there now, in a refusal."""


@dataclass(frozen=True, slots=True)
class Spot:
    """Where the accepter sees the words: UTF-16 units of the text at (`epoch`, `base_seq`), as browsers count."""

    epoch: int
    base_seq: int
    start: int
    end: int


class NotTaken(Exception):
    """The document did not take the edit; `code` as on the wire."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def accept(units: Units, hub: Hub, grant: SuggestionGrant, spot: Spot | None = None) -> None:
    """Put the proposed words in place of the quote: one edit of the accepter, committed with the answer.

    Without a `spot` the words are looked for by what surrounded them. Raises Unfit when the suggestion no longer waits
    or other words stand there, and NotTaken.
    """
    document_id, user_id = grant.document.document_id, grant.actor.user_id
    try:
        with units.begin(grant.actor, [document_id]) as work:
            _check_waits(grant)
            document = hub.held(document_id)
            hub.catch_up(document)
            base_seq, base, passage = _place(hub, document, grant.thread.thread, spot)
            words = edits.with_plain_lines(grant.suggestion.replacement)
            text = base[: passage.start] + words + base[passage.end :]
            epoch = document.epoch
            source = _source(grant.thread.thread, passage, len(words), len(text))
            seq = edits.replace(work, hub, document_id, epoch, base_seq, text, user_id, source)
            grant.suggestion.epoch, grant.suggestion.seq = epoch, seq
            _answer(work, grant, "", is_accepted=True)
    except Refused as refusal:
        raise NotTaken(refusal.code) from refusal


def _source(thread: Thread, passage: Passage, suggested: int, length: int) -> Source:
    """The words of a suggestion are those of who suggested them."""
    theirs = Share(suggested, thread.opened_by_id, thread.opened_at)
    whose = [Share(passage.start), theirs, Share(length - passage.start - suggested)]
    return Source(OriginKind.SUGGESTION, whose, thread_id=thread.id)


def decline(work: Work, grant: SuggestionGrant, words: str) -> None:
    """Leave the text as it is, and say why. Raises Unfit."""
    _check_waits(grant)
    try:
        words = checked(words)
    except Unfit as unfit:
        raise Unfit({"words": unfit.faults["body"]}) from unfit
    _answer(work, grant, words, is_accepted=False)


def _check_waits(grant: SuggestionGrant) -> None:
    if grant.suggestion.answered_at is not None:
        raise Unfit({"suggestion": Problem.ANSWERED})
    if not stands(grant.thread.thread):
        raise Unfit({"suggestion": Problem.WITHDRAWN})


def _answer(work: Work, grant: SuggestionGrant, words: str, *, is_accepted: bool) -> None:
    suggestion, thread, patient_id = grant.suggestion, grant.thread.thread, grant.document.patient_id
    suggestion.answered_at, suggestion.answered_by_id = work.now, work.actor_id
    suggestion.is_accepted, suggestion.words = is_accepted, words
    author = frozenset({thread.opened_by_id}) & {person.id for person in colleagues(patient_id)}
    notices.tell(work, author, NoticeKind.ANSWER, patient_id, thread_id=thread.id)
    outcome = "accepted" if is_accepted else "declined"
    thing = f"document:{grant.document.document_id}"
    work.record(Permission.DOCUMENT_EDIT, thing, patient_id, done=outcome, thread=thread.id, seq=suggestion.seq)
    threads.settle(work, grant.thread, outcome)


def _place(hub: Hub, document: LiveDocument, thread: Thread, spot: Spot | None) -> tuple[int, str, Passage]:
    """The seq and text to change, and the passage in it. Raises Unfit, Refused."""
    present = document.text()
    if spot is None or spot.epoch != document.epoch:
        return document.seq, present, _found(present, thread)
    if not 0 <= spot.base_seq <= document.seq:
        raise malformed("a base that never was")
    base = _text_at(hub, document, spot.base_seq, present)
    passage = passages.from_utf16(base, spot.start, spot.end)
    if passage is None:
        raise Refused(Code.MALFORMED, "no place in this text")
    if passage.of(base) != thread.quote:
        raise Unfit({"quote": Fault(Problem.OTHER_WORDS, passage.of(base)[:SHOWN])})
    now, untouched = passages.carried(passage, splices(base, present))
    if not untouched:
        raise Unfit({"quote": Fault(Problem.OTHER_WORDS, now.of(present)[:SHOWN])})
    return spot.base_seq, base, passage


def _found(present: str, thread: Thread) -> Passage:
    places = passages.find(present, thread.quote, thread.before, thread.after)
    if len(places) != 1:
        raise Unfit({"quote": Problem.WORDS_REPEATED if places else Problem.WORDS_GONE})
    return places[0]


def _text_at(hub: Hub, document: LiveDocument, seq: int, present: str) -> str:
    if seq == document.seq:
        return present
    return Replica(hub.log.state(document.id, document.epoch, seq).updates).text()
