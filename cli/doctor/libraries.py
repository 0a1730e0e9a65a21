"""Library versions with known faults. A row stays while somebody may still have such a version."""

import platform
import re
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as installed_version
from pathlib import Path

from cli.doctor.findings import Finding, Level, ok, warning

Lookup = Callable[[str], str | None]
"""A package's version, or None when it is not installed. "python" and "sqlite" are among the names."""


@dataclass(frozen=True, slots=True)
class Known:
    """`package` below `sound` is faulty; without `sound` it should not be there at all."""

    package: str
    sound: str | None
    level: Level
    why: str
    advice: str


KNOWN = (
    Known("python", "3.11", Level.FAULT, "Consilium needs 3.11.", "Install a newer Python and make .venv anew."),
    Known(
        "sqlite",
        "3.51.3",
        Level.WARNING,
        "Two connections that checkpoint at once can, rarely, damage the database; ours do so in turn.",
        "Prefer a system with 3.51.3 or newer, or PostgreSQL, and keep backups.",
    ),
    Known("pycrdt", "0.14.4", Level.FAULT, "A malformed edit can end the process.", "Install requirements.txt."),
    Known(
        "python-socketio",
        "5.16.2",
        Level.FAULT,
        "Messages between processes can run code (CVE-2025-61765, CVE-2026-48804).",
        "Install requirements.txt.",
    ),
    Known(
        "gevent-websocket",
        None,
        Level.FAULT,
        "WebSockets silently become polling when it is installed.",
        "Remove it: pip uninstall gevent-websocket.",
    ),
    Known(
        "eventlet", None, Level.WARNING, "It is deprecated and in gevent's way.", "Remove it: pip uninstall eventlet."
    ),
    Known(
        "gunicorn",
        "22.0",
        Level.FAULT,
        "Requests can be smuggled past a proxy (CVE-2024-1135).",
        "Install requirements.txt.",
    ),
    Known("bleach", "3.3", Level.FAULT, "It lets some scripts pass (CVE-2021-23980).", "Install requirements.txt."),
    Known(
        "Flask",
        "3.1.3",
        Level.FAULT,
        "A cache between may keep personal pages (CVE-2026-27205).",
        "Install requirements.txt.",
    ),
    Known(
        "bleach",
        None,
        Level.OK,
        "The last release there will be; the content security policy stands behind it.",
        "",
    ),
)


def lookup(package: str) -> str | None:
    if package == "python":
        return platform.python_version()
    if package == "sqlite":
        return sqlite3.sqlite_version
    try:
        return installed_version(package)
    except PackageNotFoundError:
        return None


def check(version_of: Lookup = lookup) -> Iterator[Finding]:
    """One finding for each row that applies, and one that says so when none is a fault."""
    found = [
        Finding(known.level, "library", f"{known.package} {version}: {known.why}", known.advice)
        for known in KNOWN
        if (version := version_of(known.package)) is not None and _is_faulty(version, known.sound)
    ]
    yield from found
    if all(each.level is Level.OK for each in found):
        yield ok("library", "No version with a known fault is installed.")


def check_pins(requirements: Path, version_of: Lookup = lookup) -> Iterator[Finding]:
    """Whether what is installed is what was tested."""
    pins = re.findall(r"^([A-Za-z0-9._-]+)==([^\s;]+)", requirements.read_text(), re.MULTILINE)
    others = [f"{name} {version_of(name) or 'missing'}" for name, pinned in pins if version_of(name) != pinned]
    if others:
        shown = ", ".join(others[:5]) + (f" and {len(others) - 5} more" if len(others) > 5 else "")
        yield warning(
            "library", f"Other than requirements.txt: {shown}.", "Run: .venv/bin/pip install -r requirements.txt"
        )
    else:
        yield ok("library", f"{len(pins)} packages are as requirements.txt pins them.")


def _is_faulty(version: str, sound: str | None) -> bool:
    return sound is None or _numbers(version) < _numbers(sound)


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version.split("+")[0])[:4])
