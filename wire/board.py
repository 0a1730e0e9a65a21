"""Finding one's way by the pages alone: which plan a board shows, and which live documents."""

import urllib.request
from dataclasses import dataclass
from html.parser import HTMLParser


@dataclass(frozen=True, slots=True)
class Listed:
    """A live document as the board's first HTML names it. `kind` is clinical or plain."""

    id: str
    section: str
    kind: str
    can_edit: bool


@dataclass(frozen=True, slots=True)
class Board:
    plan: str
    revision: int
    documents: list[Listed]

    def document(self, section: str, kind: str) -> Listed:
        """Raises StopIteration when the board does not show it."""
        return next(each for each in self.documents if (each.section, each.kind) == (section, kind))


def read(base_url: str, cookie: str, patient: str) -> Board:
    """Fetch a patient's board. Raises urllib.error.HTTPError, 404 for whom it is hidden from."""
    request = urllib.request.Request(f"{base_url}/patients/{patient}/plan", headers={"Cookie": cookie})  # noqa: S310
    with urllib.request.urlopen(request, timeout=30) as page:  # noqa: S310
        return parse(page.read().decode())


def parse(html: str) -> Board:
    found = _Finder()
    found.feed(html)
    return Board(found.plan, found.revision, found.documents)


class _Finder(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.plan = ""
        self.revision = 0
        self.documents: list[Listed] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if "data-plan" in given and "data-revision" in given:
            self.plan, self.revision = given["data-plan"], int(given["data-revision"])
        if "data-doc" in given and "data-section" in given:
            can_edit = given.get("data-can-edit") == "true"
            listed = Listed(given["data-doc"], given["data-section"], given.get("data-kind", ""), can_edit)
            self.documents.append(listed)
