"""What differs between what the patient reads and what they read last time, word by word."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Literal

from flask_babel import gettext as _

from actions import published
from actions.published import Published
from livedoc.difference import Splice, splices
from rendering.my_plan import heading, task
from richtext.plain import dose_in
from richtext.reading import lines

Kind = Literal["new", "gone", "same"]


@dataclass(frozen=True, slots=True)
class Piece:
    """Words of a line that are new, gone, or the same."""

    kind: Kind
    words: str


@dataclass(frozen=True, slots=True)
class Part:
    """A part that changed: only the lines that did. It may be new as a whole, or gone; else `kind` is "same"."""

    heading: str
    kind: Kind
    rows: Sequence[Sequence[Piece]]


@dataclass(frozen=True, slots=True)
class Changes:
    """Between the publication of `at` and that of `former_at`, which is None for the first one."""

    number: int
    at: datetime
    former_at: datetime | None
    reason: str
    has_dose: bool
    parts: Sequence[Part]


def changes(plan_id: int, publication_id: int) -> Changes:
    now = published.content(publication_id)
    former_id = published.before(plan_id, now.number)
    former = published.content(former_id) if former_id is not None else None
    parts = list(_parts(_texts(former), _texts(now))) if former else []
    said = " ".join([now.reason, *(piece.words for part in parts for row in part.rows for piece in row)])
    return Changes(now.number, now.at, former.at if former else None, now.reason, bool(dose_in(said)), parts)


def _texts(read: Published) -> dict[str, tuple[str, str]]:
    """Heading and lines of everything that a patient reads of a publication, by a key that stays."""
    found = {}
    if read.statement:
        found["statement"] = (str(_("What matters")), read.statement.text)
    if read.steps:
        tasks = [task(step) for step in read.steps]
        rows = [f"{each.text} ({each.often})" if each.often else each.text for each in tasks]
        found["steps"] = (str(_("This week")), "\n".join(rows))
    for part in read.parts:
        found[part.key] = (heading(part.key, part.title), "\n".join(lines(part.text)))
    return found


def _parts(before: dict[str, tuple[str, str]], now: dict[str, tuple[str, str]]) -> Iterator[Part]:
    for key, (title, text) in now.items():
        former = before[key][1] if key in before else ""
        if former != text:
            yield Part(title, "same" if former else "new", _rows(former, text))
    for key, (title, text) in before.items():
        if key not in now:
            yield Part(title, "gone", _rows(text, ""))


def _rows(before: str, now: str) -> list[list[Piece]]:
    """The lines in which something is new or gone."""
    rows: list[list[Piece]] = [[]]
    for kind, text in _pieces(before, now):
        for at, words in enumerate(text.split("\n")):
            if at:
                rows.append([])
            if words:
                rows[-1].append(Piece(kind, words))
    return [_joined(row) for row in rows if any(piece.kind != "same" and piece.words.strip() for piece in row)]


def _pieces(before: str, now: str) -> Iterator[tuple[Kind, str]]:
    done = 0
    for at, end, inserted in (_whole_words(before, splice) for splice in splices(before, now)):
        yield "same", before[done:at]
        yield "gone", before[at:end]
        yield "new", inserted
        done = end
    yield "same", before[done:]


def _whole_words(before: str, splice: Splice) -> tuple[int, int, str]:
    """(begin, end, inserted) of a change that cuts no word in two: a reader sees "ten" go and "twenty" come."""
    at, end, inserted = splice.at, splice.at + splice.removed, splice.inserted
    removed = before[at:end]
    if removed[:1].isalnum() or inserted[:1].isalnum():
        while at > 0 and before[at - 1].isalnum():
            at -= 1
    if removed[-1:].isalnum() or inserted[-1:].isalnum():
        while end < len(before) and before[end].isalnum():
            end += 1
    return at, end, before[at : splice.at] + inserted + before[splice.at + splice.removed : end]


def _joined(row: Sequence[Piece]) -> list[Piece]:
    runs = groupby(row, key=lambda piece: piece.kind)
    return [Piece(kind, "".join(piece.words for piece in pieces)) for kind, pieces in runs]
