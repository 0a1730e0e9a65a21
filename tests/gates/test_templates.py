"""Templates do not take each other's names: what a frame imports stands for the same in the pages within it."""

import re
from collections.abc import Iterator
from pathlib import Path

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
_IMPORT = re.compile(r"{%-?\s*from\s+\"([^\"]+)\"\s+import\s+([^%]+?)(?:\s+with(?:out)? context)?\s*-?%}")
_EXTENDS = re.compile(r"{%-?\s*extends\s+\"([^\"]+)\"")


def _imports(name: str) -> dict[str, str]:
    """Each imported name, with the file and the name there."""
    found = {}
    for source, names in _IMPORT.findall((TEMPLATES / name).read_text()):
        for each in names.split(","):
            there, _as, here = each.strip().partition(" as ")
            found[here.strip() or there.strip()] = f"{source}: {there.strip()}"
    return found


def _frames(name: str) -> Iterator[str]:
    while found := _EXTENDS.search((TEMPLATES / name).read_text()):
        name = found[1]
        yield name


def test_a_page_and_its_frames_mean_the_same_by_a_name() -> None:
    pages = [str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*.html")]
    taken = [
        f"{page}: {name} is {own[name]}, and in {frame} {theirs[name]}"
        for page in pages
        for own in [_imports(page)]
        for frame in _frames(page)
        for theirs in [_imports(frame)]
        for name in own.keys() & theirs.keys()
        if own[name] != theirs[name]
    ]
    assert not taken
    assert any(_imports(page) and list(_frames(page)) for page in pages)
