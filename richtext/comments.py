"""The words of a comment, for those who read: Markdown, with the people it mentions marked."""

import re
from collections.abc import Collection
from functools import lru_cache

from markupsafe import Markup, escape

from richtext.render import to_html

_PROSE = re.compile(r"[^*_`\[\]<>&\\#~|\n\r\t]*")
_BEGINS_A_BLOCK = re.compile(r"\s|[-+] |\d{1,9}[.)] |-{3}|={3}|:")
_PARTS = re.compile(r"""(<(?:[^"'>]|"[^"]*"|'[^']*')*>)""")
"""Tags, however their attributes are quoted: names are marked between them alone."""


@lru_cache(maxsize=2048)
def comment_html(body: str, names: tuple[str, ...] = ()) -> Markup:
    """Harmless HTML of a comment's Markdown; `names` are those it mentions, written after an @."""
    html = _one_line(body) or to_html(body)
    return _marked(html, names) if names else html


def _one_line(body: str) -> Markup | None:
    """A line of prose is a paragraph: most comments are, and need no parser."""
    if not body or not _PROSE.fullmatch(body) or _BEGINS_A_BLOCK.match(body) or "  " in body:
        return None
    return Markup("<p>{}</p>").format(body)


def _marked(html: Markup, names: Collection[str]) -> Markup:
    spelled = sorted({each for name in names for each in (name, name.split()[0])}, key=len, reverse=True)
    found = re.compile("@(?:" + "|".join(re.escape(str(escape(each))) for each in spelled) + r")(?!\w)", re.IGNORECASE)
    parts = _PARTS.split(html)
    parts[::2] = [found.sub(lambda match: f'<b class="mention">{match[0]}</b>', part) for part in parts[::2]]
    return Markup("".join(parts))  # noqa: S704  (parts of clean HTML, and a tag of ours around words of theirs)
