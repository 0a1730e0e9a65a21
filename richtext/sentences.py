"""The sentences of a Markdown text, with their places in it. Marks of format become blanks, so that places hold."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

WORD = re.compile(r"[^\W\d_]+(?:['’‑-][^\W\d_]+)*")
"""A word; a number is none, as nobody stumbles over it."""

_LINE_START = re.compile(r"^[ \t]*(?:(?:#{1,6}|>|[-*+]|\d{1,9}[.)])[ \t]+)*(?:\[[ xX]\][ \t]+)?", re.MULTILINE)
_ADDRESS = re.compile(r"\]\([^()\s]*\)|https?://\S+|\S+@\S+\.\w+")
_MARKS = re.compile(r"[*_`\[\]~]+")
_NO_END = re.compile(
    r"(?:\b[A-Za-z]|\b(?:e\.g|i\.e|Dr|Mr|Mrs|Ms|Prof|approx|incl|resp|min|max|vs|St|No|etc|ca|a\.m|p\.m))$"
)
_END = re.compile(r"[.!?…]+[\"'”’)]*(?=\s|$)|\n|[;:](?=\s*\n)")


@dataclass(frozen=True, slots=True)
class Sentence:
    """`start` to `end` in characters of the text; `words` are those that are read."""

    start: int
    end: int
    words: tuple[str, ...]


def bare(text: str) -> str:
    """The text with blanks in the place of Markdown's marks and of addresses; as long as before."""
    for pattern in (_LINE_START, _ADDRESS, _MARKS):
        text = pattern.sub(lambda found: " " * len(found[0]), text)
    return text


def sentences(bare_text: str) -> Iterator[Sentence]:
    """Those with words in them; the end of a line, a list's item or a heading ends one, too."""
    start = 0
    for found in _END.finditer(bare_text):
        is_dot = found[0] == "."
        if is_dot and _NO_END.search(bare_text, max(start, found.start() - 8), found.start()):
            continue
        yield from _sentence(bare_text, start, found.end())
        start = found.end()
    yield from _sentence(bare_text, start, len(bare_text))


def _sentence(text: str, start: int, end: int) -> Iterator[Sentence]:
    piece = text[start:end]
    words = tuple(WORD.findall(piece))
    if words:
        begin = start + len(piece) - len(piece.lstrip())
        yield Sentence(begin, start + len(piece.rstrip()), words)
