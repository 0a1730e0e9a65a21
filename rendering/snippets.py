"""The words around a hit, with the hit marked: escaped text with `<mark>` and nothing else in it."""

import re
import unicodedata
from collections.abc import Iterator, Sequence

from markupsafe import Markup, escape

from access.search import Terms
from models.patient import search_key
from models.search import words_of

BEFORE, AFTER = 50, 130
"""Letters around the first hit."""

_WORD = re.compile(r"[^\W_]+")
_LINK = re.compile(r"!?\[([^\]\n]*)\]\([^)\n]*\)?")
_LINE_BEGINS = re.compile(r"^(?:#{1,6} +|> ?|(?:[-*+]|\d{1,9}[.)]) +(?:\[[ xX]\] +)?)+")
_SIGNS = re.compile(r"[*`~]+|(?<!\w)_+|_+(?!\w)")


def snippet(texts: Sequence[str], terms: Terms) -> Markup:
    """A piece of the first text in which a term is found; the beginning of the first one that says anything when none
    is in any (it changed since it was indexed)."""
    for text in texts:
        composed = unicodedata.normalize("NFC", text)
        at = _first(composed, terms)
        if at is not None:
            return marked(_piece(composed, at), terms)
    return escape(_piece(next((text for text in texts if text.strip()), ""), 0))


def beginning(text: str) -> str:
    """The first words of a text, without the signs of its Markdown."""
    return _piece(text, 0)


def marked(text: str, terms: Terms) -> Markup:
    """The whole text, words that begin with a term marked."""
    return Markup("").join(_parts(text, terms))


def _parts(text: str, terms: Terms) -> Iterator[Markup]:
    end = 0
    for word in _WORD.finditer(text):
        if _is_hit(word[0], terms):
            yield escape(text[end : word.start()])
            yield Markup("<mark>{}</mark>").format(word[0])
            end = word.end()
    yield escape(text[end:])


def _is_hit(word: str, terms: Terms) -> bool:
    return any(part.startswith(terms.beginnings) or part in terms.whole for part in words_of(word))


def _first(text: str, terms: Terms) -> int | None:
    """Where the first hit begins. Most words are spelled as they are folded, which C finds; else line by line."""
    wanted = [*(re.escape(each) for each in terms.beginnings), *(f"{each}(?![^\\W_])" for each in terms.whole)]
    plain = re.compile(f"(?<![^\\W_])(?:{'|'.join(wanted)})", re.IGNORECASE)
    found = plain.search(text)
    if found:
        return found.start()
    at = 0
    for line in text.splitlines(keepends=True):
        if any(each in search_key(line) for each in (*terms.beginnings, *terms.whole)):
            for word in _WORD.finditer(line):
                if _is_hit(word[0], terms):
                    return at + word.start()
        at += len(line)
    return None


def _piece(text: str, at: int) -> str:
    """Whole words around a place, without the signs of Markdown, its lines in one."""
    start, stop = max(0, at - BEFORE), at + AFTER
    if start > 0:
        start = min(at, text.find(" ", start) + 1 or at)
        start = max(start, text.rfind("\n\n", start, at) + 2 if "\n\n" in text[start:at] else start)
    cut = text[start:stop]
    if stop < len(text) and " " in cut:
        cut = cut[: cut.rindex(" ")]
    lines = (_SIGNS.sub("", _LINE_BEGINS.sub("", _LINK.sub(r"\1", line).strip(), count=1)) for line in cut.splitlines())
    said = " · ".join(" ".join(line.split()) for line in lines if line.strip())
    return f"{'… ' if start > 0 else ''}{said}{' …' if stop < len(text) else ''}"
