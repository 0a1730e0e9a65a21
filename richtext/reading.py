"""Text as it is given to a patient: doses never stand alone, nothing looks like a box to tick; and its plain lines."""

import re
from collections.abc import Iterator
from functools import lru_cache
from html import unescape
from html.parser import HTMLParser

from markupsafe import Markup

from richtext.plain import dose_in
from richtext.render import to_html

_BOX = re.compile(r"<input\b[^>]*>\s*|</?label>")
_CLASS = re.compile(r'(?<=<[lou][il]) class="[^"]*"')
_TAG = re.compile(r"<[^>]+>")
_END_OF_LINE = re.compile(r"<br ?/?>|</(?:p|li|h3|h4|h5|pre|blockquote)>|<(?:ul|ol)[^>]*>|<hr ?/?>")
_VOID = frozenset({"br", "hr", "input"})


@lru_cache(maxsize=256)
def for_patient(text: str, beside_a_dose: str) -> Markup:
    """Harmless HTML of a Markdown text. After each paragraph or list that reads like a dose of a medicine the sentence
    `beside_a_dose` stands. Checklists are plain lists: there is nothing here to tick."""
    note = Markup('<p class="dose-note">{}</p>').format(beside_a_dose)
    html = _without_boxes(to_html(text))
    found, has_note = Markup(""), False
    for block in _blocks(html):
        found += Markup(block)  # noqa: S704  (a piece of what the allow-list passed)
        if _has_dose(block):
            found += note
            has_note = True
    return found if has_note or not _has_dose(html) else found + note


def lines(text: str) -> list[str]:
    """The words of a Markdown text without its signs, a paragraph, heading or list item a line."""
    return [line for row in _words(_without_boxes(to_html(text))).split("\n") if (line := " ".join(row.split()))]


def _has_dose(html: str) -> bool:
    words = _words(html)
    return dose_in(words) is not None or any(dose_in(line) for line in words.split("\n"))


def _without_boxes(html: str) -> str:
    return _CLASS.sub("", _BOX.sub("", html))


def _words(html: str) -> str:
    return unescape(_TAG.sub("", _END_OF_LINE.sub("\n", html)))


def _blocks(html: str) -> Iterator[str]:
    """The outermost elements, with what stands between them."""
    ends = _Outermost(html).ends
    begin = 0
    for end in ends:
        yield html[begin:end]
        begin = end
    if html[begin:].strip():
        yield html[begin:]


class _Outermost(HTMLParser):
    """Where the outermost elements of well-formed HTML end."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=False)
        self.ends: list[int] = []
        self._depth = 0
        self._starts = [0]
        for row in html.split("\n"):
            self._starts.append(self._starts[-1] + len(row) + 1)
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002  (the parser's)
        if tag not in _VOID:
            self._depth += 1

    def handle_endtag(self, tag: str) -> None:
        self._depth -= 1
        if self._depth == 0:
            line, column = self.getpos()
            self.ends.append(self._starts[line - 1] + column + len(tag) + 3)
