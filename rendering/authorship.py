"""Who wrote what in a text, as a person reads it: passages with the names of those who wrote them."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from babel import Locale
from flask_babel import format_date, get_locale, get_timezone
from flask_babel import gettext as _

from access.grants import DocumentGrant
from livedoc.attributed import Run, Written
from rendering import authors
from rendering.authors import Author

MOST_LINES = 250
"""Of one page."""
MOST_PASSAGES = 1_000
"""Beyond so many passages on a page, lines of several people are shown with their names alone."""
_WORD = re.compile(r"\w+")
_MARK = re.compile(r"(?P<heading>#{1,6}\s+)|(?P<item>[-*]\s+(?:\[[ xX]\]\s+)?)")


@dataclass(frozen=True, slots=True)
class Passage:
    author: Author
    words: str


@dataclass(frozen=True, slots=True)
class Line:
    """`kind`: heading, item or text."""

    kind: str
    passages: Sequence[Passage]


@dataclass(frozen=True, slots=True)
class Credit:
    """An author and when: `days` in words, and the `times` of day when it is one."""

    author: Author
    days: str
    times: str


@dataclass(frozen=True, slots=True)
class Block:
    """Lines that the same people wrote; of one of them, or, `is_mixed`, of several."""

    credits: Sequence[Credit]
    lines: Sequence[Line]
    is_mixed: bool


@dataclass(frozen=True, slots=True)
class Share:
    """How many of the words are somebody's."""

    author: Author
    words: int


@dataclass(frozen=True, slots=True)
class WhoWroteWhat:
    """A page of a text, from its line `first` (0, …) to before `last`; `lines` is how many there are. `shares` are of
    the whole text."""

    blocks: Sequence[Block]
    shares: Sequence[Share]
    first: int
    last: int
    lines: int


@dataclass(frozen=True, slots=True)
class _Piece:
    """Words of one line that are of one run."""

    author: Author
    run: Run
    words: str


def who_wrote_what(own: DocumentGrant, written: Written, page: int = 1) -> WhoWroteWhat:
    """`written` by words, with one run for what one person wrote side by side; `page` counts from 1."""
    lines = list(_lines(written, authors.of_runs(own, written.runs)))
    first = min(max(0, page - 1) * MOST_LINES, max(0, len(lines) - 1) // MOST_LINES * MOST_LINES)
    shown = lines[first : first + MOST_LINES]
    is_long = sum(len(pieces) for _kind, pieces in shown) > MOST_PASSAGES
    blocks = list(_blocks(shown, is_long=is_long))
    return WhoWroteWhat(blocks, _shares(lines), first, first + len(shown), len(lines))


def _lines(written: Written, whose: Sequence[Author]) -> Iterator[tuple[str, list[_Piece]]]:
    """What each line is, and the pieces of its words, without blank lines."""
    text, number = written.text, 0
    begins, ends = 0, written.runs[0].length if written.runs else 0
    for kind, start, end in _places(text):
        pieces = []
        while start < end:
            while ends <= start:
                number += 1
                begins, ends = ends, ends + written.runs[number].length
            until = min(ends, end)
            pieces.append(_Piece(whose[number], written.runs[number], text[max(begins, start) : until]))
            start = until
        yield kind, pieces


def _places(text: str) -> Iterator[tuple[str, int, int]]:
    """What a line is and where its words are, without blank lines."""
    at = 0
    for line in text.split("\n"):
        stripped = line.lstrip()
        start = at + len(line) - len(stripped)
        mark = _MARK.match(stripped)
        kind = "text"
        if mark:
            kind, start = str(mark.lastgroup), start + mark.end()
        if start < at + len(line):
            yield kind, start, at + len(line)
        at += len(line) + 1


def _blocks(lines: Iterable[tuple[str, list[_Piece]]], *, is_long: bool) -> Iterator[Block]:
    """Lines of one person that follow each other are one block; a line of several is one of its own."""
    pending: list[tuple[str, list[_Piece]]] = []
    for kind, pieces in lines:
        authors = {piece.author for piece in pieces}
        if pending and (len(authors) > 1 or authors != {pending[-1][1][0].author}):
            yield _block(pending)
            pending = []
        if len(authors) > 1:
            yield _block([(kind, pieces)], is_mixed=True, is_long=is_long)
        else:
            pending.append((kind, pieces))
    if pending:
        yield _block(pending)


def _block(lines: Sequence[tuple[str, list[_Piece]]], *, is_mixed: bool = False, is_long: bool = False) -> Block:
    credited: dict[Author, list[Run]] = {}
    for _kind, pieces in lines:
        for piece in pieces:
            credited.setdefault(piece.author, []).append(piece.run)
    shown = [Line(kind, list(_joined(pieces))) for kind, pieces in lines]
    if is_mixed and is_long:
        is_mixed, shown = False, [Line(line.kind, [_plain(line)]) for line in shown]
    return Block([_credit(author, runs) for author, runs in credited.items()], shown, is_mixed)


def _joined(pieces: Sequence[_Piece]) -> Iterator[Passage]:
    """Words of one author, whenever they were written."""
    words, author = "", pieces[0].author
    for piece in pieces:
        if piece.author != author:
            yield Passage(author, words)
            words, author = "", piece.author
        words += piece.words
    yield Passage(author, words)


def _plain(line: Line) -> Passage:
    return Passage(line.passages[0].author, "".join(each.words for each in line.passages))


def _credit(author: Author, runs: Sequence[Run]) -> Credit:
    firsts = [run.first_at for run in runs if run.first_at is not None]
    lasts = [run.last_at for run in runs if run.last_at is not None]
    if not firsts or not lasts:
        return Credit(author, "", "")
    zone = get_timezone()
    first, last = min(firsts).astimezone(zone), max(lasts).astimezone(zone)
    until = _day(last.date(), get_locale(), "d MMM y")
    if first.date() == last.date():
        times = sorted({f"{first:%H:%M}", f"{last:%H:%M}"})
        return Credit(author, until, "–".join(times))
    since = _day(first.date(), get_locale(), "d MMM" if first.year == last.year else "d MMM y")
    return Credit(author, str(_("%(first)s to %(last)s", first=since, last=until)), "")


@lru_cache(maxsize=2048)
def _day(day: date, _locale: Locale, pattern: str) -> str:
    return str(format_date(day, pattern))


def _shares(lines: Iterable[tuple[str, list[_Piece]]]) -> list[Share]:
    """Everybody whose words there are, most words first, whoever put them there."""
    counts: Counter[int | None] = Counter()
    authors: dict[int | None, Author] = {}
    for _kind, pieces in lines:
        for piece in pieces:
            if piece.author.is_template:
                continue
            counts[piece.author.user_id] += len(_WORD.findall(piece.words))
            authors.setdefault(piece.author.user_id, piece.author)
    return [Share(authors[user_id], count) for user_id, count in counts.most_common() if count]
