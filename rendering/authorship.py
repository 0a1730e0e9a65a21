"""Who wrote what in a text, as a person reads it: passages with the names of those who wrote them."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import format_datetime, to_user_timezone
from flask_babel import gettext as _

from access.grants import DocumentGrant
from livedoc.attributed import Run, Written
from rendering import authors
from rendering.authors import Author

MOST_PASSAGES = 3_000
"""Beyond so many passages, paragraphs of several people are shown with their names alone."""
_WORD = re.compile(r"\w+")
_MINUTE = "d MMM y, HH:mm"
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
    """An author and when: `days` in words, `moments` to the minute."""

    author: Author
    days: str
    moments: str


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
    blocks: Sequence[Block]
    shares: Sequence[Share]


@dataclass(frozen=True, slots=True)
class _Piece:
    """Words of one line that are of one run."""

    author: Author
    run: Run
    words: str


def who_wrote_what(own: DocumentGrant, written: Written) -> WhoWroteWhat:
    """A word counts as theirs who typed most of its letters."""
    whose = authors.of_runs(own, written.runs)
    owners = _by_word(written)
    lines = [
        (kind, pieces)
        for kind, start, end in _lines(written.text)
        if (pieces := list(_pieces(written, owners, whose, start, end)))
    ]
    is_long = sum(len(pieces) for _kind, pieces in lines) > MOST_PASSAGES
    return WhoWroteWhat(list(_blocks(lines, is_long=is_long)), _shares(lines))


def _by_word(written: Written) -> list[int]:
    """The run of each character, whole words going to whoever typed most of them."""
    owners = [number for number, run in enumerate(written.runs) for _ in range(run.length)]
    for word in _WORD.finditer(written.text):
        start, end = word.span()
        if owners[start] != owners[end - 1] or (end - start > 2 and len(set(owners[start:end])) > 1):
            runs = Counter(owners[start:end])
            owners[start:end] = [max(runs, key=lambda each: (runs[each], each))] * (end - start)
    return owners


def _lines(text: str) -> Iterator[tuple[str, int, int]]:
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


def _pieces(written: Written, owners: Sequence[int], whose: Sequence[Author], start: int, end: int) -> Iterator[_Piece]:
    """The pieces of a line; spaces and stops go with the word before them, or the first."""
    text, at = written.text, start
    while at < end:
        until = at
        owner: int | None = None
        while until < end and (owner in (None, owners[until]) or not text[until].isalnum()):
            if text[until].isalnum():
                owner = owners[until]
            until += 1
        run = owners[at] if owner is None else owner
        yield _Piece(whose[run], written.runs[run], text[at:until])
        at = until


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
    first, last = to_user_timezone(min(firsts)), to_user_timezone(max(lasts))
    return Credit(
        author, _span(first, last, "d MMM", "d MMM y"), _span(first, last, "d MMM y, HH:mm", "d MMM y, HH:mm")
    )


def _span(first: datetime, last: datetime, begins: str, ends: str) -> str:
    """3 Sep to 24 Nov 2026; one day alone when it is one."""
    since, until = (str(format_datetime(each, ends)) for each in (first, last))
    if since == until:
        return until
    if first.year == last.year:
        since = str(format_datetime(first, begins))
    return str(_("%(first)s to %(last)s", first=since, last=until))


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
