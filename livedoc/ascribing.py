"""Works out who wrote a text, who took words away between two states, and what an epoch begins with.

For long histories in a process of its own, because the CRDT holds the interpreter while it works: each job is given
bytes and answers what JSON can hold. Run as `python -m livedoc.ascribing`.
"""

import base64
import gc
import io
import json
import sys
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import Any

from livedoc.authorship import NOBODY, TEMPLATE, UNKNOWN, Authorship, Span
from livedoc.difference import splices
from livedoc.standing import Standing, standing
from livedoc.whole_words import by_words

Pieces = list[tuple[int, int]]
"""Lengths, and whose: a row of the index, or UNKNOWN."""
Job = dict[str, Any]


def who(job: Job, blobs: Sequence[Sequence[bytes]]) -> Job:
    """Blobs: the updates of the state, the index. Answers `text` and `runs`: those of one person next to each other
    are one run unless more than `apart` microseconds lie between them: [characters, user, first at, last at, epoch,
    seq, hand, is template]; the edit is the last of them, the hand that of another that put them there: [user, at,
    epoch, seq].
    With `by_words`, whole words are of one person."""
    stands, index = standing(blobs[0]), Authorship(blobs[1])
    rows = list[tuple[int, int]]()
    lengths: Pieces = []
    for length, first, last in index.spans(stands.runs, job["apart"]):
        lengths.append((length, len(rows)))
        rows.append((first, last))
    spans: list[Span] = [(length, *rows[number]) for length, number in _in_characters(stands.text, lengths)]
    if job["by_words"]:
        spans = by_words(stands.text, spans, index)
    return {"text": stands.text, "runs": _gathered(index, spans, job["apart"])}


def compare(job: Job, blobs: Sequence[Sequence[bytes]]) -> Job:
    """Blobs: the updates of two states of one epoch, the index. Between the edits `since` and `until`: the texts
    `before` and `after`, what was `removed` of the first: [characters, user, at, epoch, seq] or, kept, [characters];
    and whether each passage of the second was `added`: [characters, yes or no]."""
    before, after, index = standing(blobs[0]), standing(blobs[1]), Authorship(blobs[2])
    removed = [
        [length, *_edit(index, row)] if row != UNKNOWN else [length]
        for length, row in _in_characters(before.text, _removals(before, index, job["since"], job["until"]))
    ]
    added: list[list[Any]] = []
    for length, row in _in_characters(after.text, index.of(after.runs)):
        event = index.event(row)
        is_new = event != UNKNOWN and index.rows.epochs[event] == job["epoch"] and index.rows.seqs[event] > job["since"]
        if added and added[-1][1] == is_new:
            added[-1][0] += length
        else:
            added.append([length, is_new])
    return {"before": before.text, "after": after.text, "removed": removed, "added": added}


def begin(job: Job, blobs: Sequence[Sequence[bytes]]) -> Job:
    """Blobs: the updates of the former epoch's last state, its index, the state that `epoch` begins with, at `seq` and
    `at`. Answers the `index` of that: words that are equal keep their authors, the others have none."""
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
    begun: list[tuple[int, int, int]] = []
    letters = iter(zip(first.text, carried, strict=True))
    for client, clock, length in first.runs:
        end = clock + length
        while clock < end:
            letter, row = next(letters)
            clock += 1 if letter <= "\uffff" else 2
            begun.append((client, clock, _copied(old, row, new, known)))
    for client, end, row in sorted(begun):
        new.begin(client, end, row)
    return {"index": base64.b64encode(new.pack()).decode()}


def _copied(old: Authorship, row: int, new: Authorship, known: dict[int, int]) -> int:
    """A row of another index, in this one."""
    if row not in known:
        rows, hand = old.rows, old.rows.hands[row]
        put = hand if hand < 0 else _copied(old, hand, new, known)
        known[row] = new.rows.add(rows.epochs[row], rows.seqs[row], rows.users[row], rows.times[row], put)
    return known[row]


def _removals(before: Standing, index: Authorship, since: int, until: int) -> Pieces:
    """Which edit took away each letter of a text: the first that did."""
    places: dict[int, list[tuple[int, int, int]]] = {}
    at = 0
    for client, clock, length in before.runs:
        places.setdefault(client, []).append((clock, clock + length, at))
        at += length
    for found in places.values():
        found.sort()
    taken, removed = [UNKNOWN] * at, index.removed
    for number in reversed(index.removals(since, until)):
        stood = places.get(removed.clients[number])
        if stood is None:
            continue
        clock, row = removed.clocks[number], removed.rows[number]
        end = clock + removed.lengths[number]
        place = max(0, bisect_right(stood, (clock, sys.maxsize, 0)) - 1)
        while place < len(stood) and stood[place][0] < end:
            begins, ends, at = stood[place]
            first, last = max(clock, begins), min(end, ends)
            if first < last:
                taken[at + first - begins : at + last - begins] = [row] * (last - first)
            place += 1
    return _joined((1, row) for row in taken)


def _joined(pieces: Iterable[tuple[int, int]]) -> Pieces:
    joined: Pieces = []
    last, size = UNKNOWN - 1, 0
    for length, row in pieces:
        if row != last:
            if size:
                joined.append((size, last))
            last, size = row, 0
        size += length
    return [*joined, (size, last)] if size else joined


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


JOBS = {job.__name__: job for job in (who, compare, begin)}


def _main() -> None:
    gc.disable()  # it is over before anything was worth collecting
    told = io.BytesIO(sys.stdin.buffer.read())
    job = json.loads(told.read(int.from_bytes(told.read(4))))
    blobs = [[told.read(size) for size in sizes] for sizes in job["sizes"]]
    sys.stdout.buffer.write(json.dumps(JOBS[job["job"]](job, blobs)).encode())


if __name__ == "__main__":
    _main()
