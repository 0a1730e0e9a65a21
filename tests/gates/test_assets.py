"""How much script a page loads, and that third-party code is what its manifest says."""

import gzip
import hashlib
import json
import re
from pathlib import Path

STATIC = Path(__file__).resolve().parents[2] / "static"
IMPORT = re.compile(r"""(?:from|import)\s*["'](\.[^"']+)["']""")


def loaded_by(*entries: str) -> set[Path]:
    """Every module that these pull in."""
    found: set[Path] = set()
    waiting = [STATIC / "js" / entry for entry in entries]
    while waiting:
        path = waiting.pop()
        if path in found:
            continue
        found.add(path)
        if "vendor" not in path.parts:
            waiting += [(path.parent / target).resolve() for target in IMPORT.findall(path.read_text())]
    return found


def weight(paths: set[Path]) -> int:
    return sum(len(gzip.compress(path.read_bytes(), 9)) for path in paths)


def test_the_board_loads_at_most_200_kb_and_other_pages_60() -> None:
    frame = ("pages/theme.js", "pages/chrome.js", "pages/idle.js", "pages/notices.js")
    board = weight(loaded_by("board.js", *frame))
    other = max(weight(loaded_by(*frame)), weight(loaded_by("pages/tasks.js", *frame)))
    print(f"board {board / 1000:.1f} kB, other pages at most {other / 1000:.1f} kB, gzip")
    assert board <= 200_000
    assert other <= 60_000


def test_vendor_files_are_those_of_the_manifest() -> None:
    vendor = STATIC / "vendor"
    manifest = json.loads((vendor / "manifest.json").read_text())["files"]
    assert {path.name for path in vendor.iterdir()} == {*manifest, "manifest.json"}
    for name, digest in manifest.items():
        assert hashlib.sha256((vendor / name).read_bytes()).hexdigest() == digest, name


def test_no_script_writes_html() -> None:
    for path in (STATIC / "js").rglob("*.js"):
        assert not re.search(r"\.(inner|outer)HTML|insertAdjacentHTML|document\.write|\beval\(", path.read_text()), path


def test_lock_files_carry_no_download_addresses() -> None:
    root = STATIC.parent
    assert '"resolved"' not in (root / "package-lock.json").read_text()
    for name in ("requirements.txt", "requirements-dev.txt"):
        assert "://" not in (root / name).read_text()


def test_every_icon_used_is_in_the_sprite() -> None:
    sprite = set(re.findall(r'<symbol id="([^"]+)"', (STATIC / "vendor" / "icons.svg").read_text()))
    used: set[str] = set()
    for path in (STATIC.parent / "templates").rglob("*.html"):
        used |= set(re.findall(r"""symbol\(["']([\w-]+)["']\)""", path.read_text()))
    assert used <= sprite
