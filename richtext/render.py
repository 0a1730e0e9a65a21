"""Markdown as people type it in the editor, to HTML for those who read.

What nobody needs in a care plan is switched off: raw HTML, images, reference links, underlined headings. That
also removes the inline patterns whose cost explodes on hostile text. What remains is bounded below.
"""

import re
from functools import lru_cache
from xml.etree.ElementTree import Element  # noqa: S405  (only the class: nothing is parsed with it)

from markdown import Markdown
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor
from markupsafe import Markup, escape

from richtext.sanitize import clean

MAX_LENGTH = 200_000
"""Bytes of a section's text; longer ones are shown as they are."""
MAX_MARKS = 150
"""Brackets, stars, underscores or backticks in one paragraph or list item: people write fewer, and the patterns'
cost grows with their square."""
MAX_MARKS_IN_ALL = 8_000
MAX_LINE = 20_000
MAX_LINES = 1_500
MAX_DEPTH = 20
"""Quotes or lists inside each other."""

_BLOCK_MARKS = re.compile(r"[>*+-]|\d+")
_MARKS = re.compile(r"[\[\]*_`<&\\]")
_NESTED = re.compile(r"^(?:[ \t]*(?:>|[-*+](?=[ \t])|\d{1,9}[.)](?=[ \t])))+")


@lru_cache(maxsize=512)
def to_html(text: str) -> Markup:
    """Harmless HTML of a Markdown text. Text that no person types is shown as it is, escaped."""
    if not text.strip():
        return Markup("")
    if _is_hostile(text):
        return _as_it_is(text)
    try:
        return _labelled(clean(_converter().convert(_with_line_breaks(text))))
    except RecursionError:
        return _as_it_is(text)


_BOX = re.compile(
    r'(<input type="checkbox"[^>]*>)(.*?)(?=</?(?:li|ul|ol|p|blockquote|pre|h[345])\b|<br|<hr)', re.DOTALL
)


def _labelled(html: Markup) -> Markup:
    """A box of a checklist is called what stands behind it."""
    return Markup(_BOX.sub(r"<label>\1\2</label>", str(html)))  # noqa: S704  (only a label comes to what is clean)


def _is_hostile(text: str) -> bool:
    if len(text) > MAX_LENGTH:
        return True
    if len(_MARKS.findall(text)) > MAX_MARKS_IN_ALL:
        return True
    lines = text.split("\n")
    if len(lines) > MAX_LINES:
        return True
    marks = 0
    for line in lines:
        if not line.strip() or _starts_block(line):
            marks = 0
        marks += len(_MARKS.findall(line))
        if marks > MAX_MARKS or len(line) > MAX_LINE or _depth(line) > MAX_DEPTH:
            return True
    return False


def _depth(line: str) -> int:
    nested = _NESTED.match(line)
    blocks = len(_BLOCK_MARKS.findall(nested[0])) if nested else 0
    return max(blocks, (len(line) - len(line.lstrip(" \t"))) // 2)


def _as_it_is(text: str) -> Markup:
    paragraphs = re.split(r"\n{2,}", text)
    return Markup("\n").join(Markup("<p>{}</p>").format(_with_breaks(each)) for each in paragraphs)


def _with_breaks(text: str) -> Markup:
    return escape(text).replace("\n", Markup("<br>"))


def _with_line_breaks(text: str) -> str:
    """Lists, quotes, headings and rules begin and end without an empty line around them, as they do in the editor."""
    lines: list[str] = []
    for line in text.split("\n"):
        if lines and line.strip() and lines[-1].strip() and _parts(lines[-1], line):
            lines.append("")
        lines.append(_BRACKETED.sub(r"\1. ", line))
    return "\n".join(lines)


def _parts(above: str, line: str) -> bool:
    """Whether two lines belong to different blocks."""
    if _ALONE.match(line) or _ALONE.match(above):
        return True
    return bool(_BLOCK.match(line)) and not _is_block(above)


_BLOCK = re.compile(r"^\s*(?:[-*+] |\d{1,9}[.)] |>)")
_BRACKETED = re.compile(r"^(\s*\d{1,9})\) ")
"""`1) first` counts as a list in the editor."""
_ALONE = re.compile(r"^(?:#{1,6} | {0,3}(?:-[ ]*){3,}$| {0,3}(?:\*[ ]*){3,}$| {0,3}(?:_[ ]*){3,}$)")
"""A heading or a rule: a block of one line."""


def _starts_block(line: str) -> bool:
    return bool(_BLOCK.match(line) or _ALONE.match(line))


def _is_block(line: str) -> bool:
    return bool(_BLOCK.match(line)) or line.startswith(("  ", "\t"))


_UNUSED_PATTERNS = (
    "html",
    "entity",
    "reference",
    "short_reference",
    "image_link",
    "image_reference",
    "short_image_ref",
)


class _Plain(Extension):
    """Switches off what a care plan does not need, and moves headings below those of the card."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802  (the library's name)
        md.preprocessors.deregister("html_block")
        for name in _UNUSED_PATTERNS:
            md.inlinePatterns.deregister(name)
        md.parser.blockprocessors.deregister("setextheader")
        md.parser.blockprocessors.deregister("reference")
        md.parser.blockprocessors.deregister("code")
        md.treeprocessors.register(_Shift(md), "shift", 5)


class _Shift(Treeprocessor):
    """A card's title is the page's h2, so its text begins at h3. Links tell nobody where they were clicked."""

    def run(self, root: Element) -> None:
        for element in root.iter():
            if re.fullmatch(r"h[1-6]", element.tag):
                element.tag = {"h1": "h3", "h2": "h3", "h3": "h4"}.get(element.tag, "h5")
            elif element.tag == "a":
                element.set("rel", "noopener noreferrer nofollow")


def _converter() -> Markdown:
    return Markdown(
        extensions=["nl2br", "sane_lists", "pymdownx.tasklist", _Plain()],
        extension_configs={"pymdownx.tasklist": {"custom_checkbox": False}},
        tab_length=2,
    )
