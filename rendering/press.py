"""HTML to a tagged PDF, by WeasyPrint in a process of its own, so that laying out pages holds up nobody who types."""

import base64
import ctypes
import subprocess
import sys
import threading
from collections.abc import Sequence
from functools import cache
from pathlib import Path

SECONDS = 30
"""How long one document may take."""
AT_ONCE = 2
"""How many are made at a time; whoever is next waits as long as one may take."""

LIBRARIES = {
    "libpango-1.0.so.0": "libpango-1.0-0",
    "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
    "libharfbuzz-subset.so.0": "libharfbuzz-subset0",
}
"""What WeasyPrint loads, and the Debian package that has it."""

_turns = threading.BoundedSemaphore(AT_ONCE)
_ROOT = Path(__file__).resolve().parent.parent


class NoPress(RuntimeError):
    """No PDF can be made: the libraries are missing, or it took too long."""


def missing_packages() -> Sequence[str]:
    """The Debian packages that are wanting; none where PDFs can be made."""
    return [package for library, package in LIBRARIES.items() if not _is_there(library)]


@cache
def fonts() -> Sequence[str]:
    """The typeface as `data:` addresses, the basic letters first."""
    files = ("atkinson-hyperlegible-next-latin.woff2", "atkinson-hyperlegible-next-latin-ext.woff2")
    return [
        "data:font/woff2;base64," + base64.b64encode((_ROOT / "static" / "vendor" / name).read_bytes()).decode()
        for name in files
    ]


def pdf(html: str) -> bytes:
    """A tagged PDF (PDF/UA-1) of a whole HTML document, which names no file and no address: only `data:` is fetched.

    Raises NoPress.
    """
    if missing_packages() or not _turns.acquire(timeout=SECONDS):
        raise NoPress
    try:
        made = subprocess.run(  # noqa: S603  (this very Python, with a module of ours)
            [sys.executable, "-m", "rendering.pressing"],
            cwd=_ROOT,
            input=html.encode(),
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as late:
        raise NoPress from late
    finally:
        _turns.release()
    if made.returncode or not made.stdout.startswith(b"%PDF-"):
        raise NoPress(made.stderr.decode(errors="replace")[-2000:])
    return made.stdout


def _is_there(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True
