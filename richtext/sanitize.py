"""The one allow-list: whatever HTML leaves this module is harmless.

bleach stands behind it and receives no more fixes; nh3 is the way out, and only this file would change.
"""

import bleach
from markupsafe import Markup

TAGS = frozenset(
    {
        "a",
        "blockquote",
        "br",
        "code",
        "em",
        "h3",
        "h4",
        "h5",
        "hr",
        "input",
        "label",
        "li",
        "ol",
        "p",
        "pre",
        "strong",
        "ul",
    }
)
ATTRIBUTES = {
    "a": ["href", "rel"],
    "input": ["type", "disabled", "checked"],
    "li": ["class"],
    "ul": ["class"],
    "ol": ["start"],
}
PROTOCOLS = frozenset({"http", "https", "mailto", "tel"})


def clean(html: str) -> Markup:
    """HTML with everything removed that is not on the list; never svg, math, style or script."""
    return Markup(bleach.clean(html, tags=TAGS, attributes=ATTRIBUTES, protocols=PROTOCOLS, strip=True))  # noqa: S704  (this is what makes it safe)
