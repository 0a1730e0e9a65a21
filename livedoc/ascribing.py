"""Works out who wrote a text, who took words away between two states, and what an epoch begins with.

For long histories in a process of its own (livedoc/ascriber.py), because the CRDT holds the interpreter while it works:
each job is given bytes and answers what JSON can hold. That process keeps the lives of the letters of the documents it
was asked for last, so that who asks for another moment of the same has not to send them again.
"""

import base64
import contextlib
import gc
import os
import socket
from collections.abc import Callable, Sequence
from itertools import groupby
from typing import Any

from livedoc import words
from livedoc.attributed import Edit, Taken
from livedoc.authorship import NOBODY, TEMPLATE, UNKNOWN, Authorship, Span, micros, moment
from livedoc.comparison import Kind, pieces
from livedoc.difference import splices
from livedoc.fates import Fate
from livedoc.frames import receive, send
from livedoc.lives import NEVER, Lives, NotKnown
from livedoc.standing import standing
from livedoc.stops import stops
from livedoc.whole_words import by_words

Pieces = list[tuple[int, int]]
"""Lengths, and whose: a row of the index, or UNKNOWN."""
Job = dict[str, Any]

MOST_KEPT = 6
"""Documents whose letters are kept."""


def who(job: Job, lives: Sequence[Lives]) -> Job:
    """Answers `text` and `runs` at `seq`: those of one person next to each other are one run unless more than `apart`
    microseconds lie between them: [characters, user, first at, last at, epoch, seq, hand, is template]; the edit is the
    last of them, the hand that of another that put them there: [user, at, epoch, seq].
    With `by_words`, whole words are of one person."""
    (of,) = lives
    mask, index = of.at(job["seq"]), of.index
    text = of.text(mask)
    rows = list[tuple[int, int]]()
    lengths: Pieces = []
    for length, first, last in of.spans(mask, job["apart"]):
        lengths.append((length, len(rows)))
        rows.append((first, last))
    spans: list[Span] = [(length, *rows[number]) for length, number in _in_characters(text, lengths)]
    if job["by_words"]:
        spans = by_words(text, spans, index)
    return {"text": text, "runs": _gathered(index, spans, job["apart"])}


def compare(job: Job, lives: Sequence[Lives]) -> Job:
    """`legs`: the way from one point to another by the seqs `since` and `until` of each epoch, and the edit that it
    `began` with, none in the first. Answers the texts `before` and `after`, what was `removed` of the first:
    [characters, user, at, epoch, seq] or, kept, [characters]; the `pieces` of their comparison, how many words came
    and went, `size`; and, as `who` does, whose the `runs` of the later text are."""
    legs = job["legs"]
    first, last = lives[0], lives[-1]
    before, after = first.at(legs[0]["since"]), last.at(legs[-1]["until"])
    texts = first.text(before), last.text(after)
    removed = _removed(first, before, after, texts[0]) if len(legs) == 1 else _over_epochs(legs, lives, texts[0])
    found = pieces(*texts)
    sizes = (
        sum(words.count(each.text) for each in found if each.kind is kind) for kind in (Kind.INSERTED, Kind.REMOVED)
    )
    return {
        "before": texts[0],
        "after": texts[1],
        "removed": [[each.length, *_told(each.by)] for each in removed],
        "pieces": [[each.kind, each.text, each.move] for each in found],
        "size": list(sizes),
        "runs": who({"seq": legs[-1]["until"], "apart": job["apart"], "by_words": False}, [last])["runs"],
    }


def _over_epochs(legs: Sequence[Job], lives: Sequence[Lives], text: str) -> list[Taken]:
    fate = Fate(text)
    for leg, of in zip(legs, lives, strict=True):
        before, after = of.at(leg["since"]), of.at(leg["until"])
        text = of.text(before)
        if leg["began"] is not None:
            user, at, epoch, seq = leg["began"]
            fate.carry(text, Edit(user or None, moment(at), epoch, seq))
        later = of.text(after)
        added = _in_characters(later, [(len(list(same)), new) for new, same in groupby(of.added(before, after))])
        fate.follow(later, _removed(of, before, after, text), [(length, bool(new)) for length, new in added])
    return fate.runs()


def _removed(of: Lives, before: Any, after: Any, text: str) -> list[Taken]:
    """What became of the letters of one state until another of the same epoch."""
    gone = [(len(list(same)), row) for row, same in groupby(of.gone(before, after))]
    edits: dict[int, Edit | None] = {UNKNOWN: None, NEVER: Edit(None, moment(of.index.latest()), of.epoch, of.seq)}
    for _length, row in gone:
        if row not in edits:
            user, at, epoch, seq = _edit(of.index, row)
            edits[row] = Edit(user or None, moment(at), epoch, seq)
    return [Taken(length, edits[row]) for length, row in _in_characters(text, gone)]


def _told(edit: Edit | None) -> list[int]:
    return [edit.user_id or NOBODY, micros(edit.at), edit.epoch, edit.seq] if edit is not None else []


def begin(job: Job, blobs: Sequence[Sequence[bytes]]) -> Job:
    """`blobs`: the updates of the former epoch's last state, its index, the state that `epoch` begins with, at `seq`
    and `at`. Answers the `index` of that: words that are equal keep their authors, the others have none."""
    former, old, first, new = standing(blobs[0]), Authorship(blobs[1]), standing(blobs[2]), Authorship()
    owners = [row for length, row in _in_characters(former.text, old.of(former.runs)) for _ in range(length)]
    at = 0
    carried: list[int] = []
    for change in splices(former.text, first.text):
        carried += owners[at : change.at] + [UNKNOWN] * len(change.inserted)
        at = change.at + change.removed
    carried += owners[at:]
    nobody = new.rows.add(job["epoch"], job["seq"], NOBODY, job["at"])
    known = {UNKNOWN: nobody}
    begun: list[tuple[int, int, str, int]] = []
    letters = iter(zip(first.text, carried, strict=True))
    for client, clock, length in first.runs:
        end = clock + length
        while clock < end:
            letter, row = next(letters)
            begun.append((client, clock, letter, _copied(old, row, new, known)))
            clock += 1 if letter <= "\uffff" else 2
    for each in sorted(begun):
        new.begin(*each)
    return {"index": base64.b64encode(new.pack()).decode()}


def _copied(old: Authorship, row: int, new: Authorship, known: dict[int, int]) -> int:
    """A row of another index, in this one."""
    if row not in known:
        rows, hand = old.rows, old.rows.hands[row]
        put = hand if hand < 0 else _copied(old, hand, new, known)
        known[row] = new.rows.add(rows.epochs[row], rows.seqs[row], rows.users[row], rows.times[row], put)
    return known[row]


def _in_characters(text: str, pieces: Pieces) -> Pieces:
    """Pieces of a text measured in UTF-16 units, in characters."""
    if text.isascii() or all(letter <= "\uffff" for letter in text):
        return pieces
    raw, at, found = text.encode("utf-16-le"), 0, []
    for length, row in pieces:
        end = at + 2 * length
        found.append((len(raw[at:end].decode("utf-16-le")), row))
        at = end
    return found


def _edit(index: Authorship, row: int) -> list[int]:
    rows = index.rows
    return [rows.users[row], rows.times[row], rows.epochs[row], rows.seqs[row]]


def _gathered(index: Authorship, spans: Sequence[Span], apart: int) -> list[list[Any]]:
    rows, runs = index.rows, list[list[Any]]()
    person: tuple[int, int] | None = None
    for length, first, last in spans:
        if first == UNKNOWN:
            runs.append([length, NOBODY, None, None, 0, 0, None, False])
            person = None
            continue
        former, person = person, index.person(first)
        since, until = rows.times[first], rows.times[last]
        run = runs[-1] if former == person else None
        if run is not None and since <= run[3] + apart and until >= run[2] - apart:
            run[0] += length
            run[2], run[3] = min(run[2], since), max(run[3], until)
            run[4:6] = max(run[4:6], [rows.epochs[last], rows.seqs[last]])
            continue
        user, hand = person
        put = None if hand < 0 else _edit(index, hand)
        runs.append([length, user, since, until, rows.epochs[last], rows.seqs[last], put, hand == TEMPLATE])
    return runs


JOBS: dict[str, Callable[[Job, Sequence[Lives]], Job]] = {job.__name__: job for job in (who, compare, stops)}


def answer(job: Job, lives: Sequence[Lives]) -> Job:
    """`is_unknown` when one of them cannot be told at a seq."""
    try:
        return JOBS[job["job"]](job, lives)
    except NotKnown:
        return {"is_unknown": True}


class _Lacking(LookupError):
    """The letters of a document are not here."""


class _Kept:
    """The lives of letters, by document and epoch."""

    def __init__(self) -> None:
        self._lives: dict[tuple[int, int], Lives] = {}

    def of(self, told: Job, blobs: Sequence[Sequence[bytes]]) -> Lives:
        """Of a document, as far as it is wanted: what is kept, or what was sent. Raises _Lacking."""
        key = told["document"], told["epoch"]
        kept = self._lives.pop(key, None)
        if told["sizes"]:
            updates, index = blobs
            kept = Lives(updates, index, told["epoch"], told["first"], told["seq"])
        if kept is None or kept.seq < told["wanted"]:
            raise _Lacking
        self._lives[key] = kept
        while len(self._lives) > MOST_KEPT:
            del self._lives[next(iter(self._lives))]
        return kept


def _answer(kept: _Kept, job: Job, told: bytes) -> Job:
    at = 0

    def take(sizes: Sequence[int]) -> list[bytes]:
        nonlocal at
        found = []
        for size in sizes:
            found.append(told[at : at + size])
            at += size
        return found

    if job["job"] == "begin":
        return begin(job, [take(sizes) for sizes in job["sizes"]])
    try:
        return answer(job, [kept.of(each, [take(sizes) for sizes in each["sizes"]]) for each in job["lives"]])
    except _Lacking:
        return {"lacks": True}


def _main() -> None:
    """Serves the socket it was started with until the other end is closed."""
    with contextlib.suppress(OSError):
        os.nice(5)  # those who type come first
    gc.disable()  # nothing here refers to itself
    kept = _Kept()
    with socket.socket(fileno=0) as line:
        while (asked := receive(line)) is not None:
            send(line, _answer(kept, *asked))


if __name__ == "__main__":
    _main()
