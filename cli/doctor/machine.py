"""The machine around the server: disk, port, open files, clock."""

import ctypes
import resource
import shutil
import socket
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from cli.doctor.findings import Finding, fault, ok, warning
from rendering.press import missing_packages

NEEDED_MB, WANTED_MB = 200, 2000
SOCKETS = 4096
"""Open files that a full server needs: 4,000 connections and some files."""
_UNSYNCHRONISED = 5
"""What adjtimex(2) answers while nothing keeps the clock."""


def disk(folder: Path) -> Iterator[Finding]:
    """Room for the database and its log, and for temporary files."""
    for about, place in (("INSTANCE_DIR", folder), ("temporary files", Path(tempfile.gettempdir()))):
        free = shutil.disk_usage(place).free // 1_000_000
        seen = f"{free:,} MB are free in {place} ({about})."
        if free < NEEDED_MB:
            yield fault("disk", seen, "Edits are refused when it is full: make room.")
        elif free < WANTED_MB:
            yield warning("disk", seen, "Make room soon.")
        else:
            yield ok("disk", seen)


def press() -> Finding:
    """What makes PDFs of patients' plans."""
    missing = missing_packages()
    if missing:
        return warning("pdf", "No PDF can be made.", f"Run: apt-get install {' '.join(missing)}")
    return ok("pdf", "PDFs can be made.")


def port(number: int, served: bool) -> Finding:
    """Free, or answered by this installation (`served`: its lock is held)."""
    answer = _health(number)
    if answer == "ready" and served:
        return ok("port", f"This installation serves on port {number}.")
    if answer is None and not _is_taken(number):
        seen = f"Port {number} is free."
        if served:
            return warning("port", f"{seen} A server of this database listens elsewhere.", "Is PORT the server's?")
        return ok("port", seen)
    if answer is not None and served:
        return fault("port", f"The server on port {number} answers /readyz with {answer}.", "Look at its log.")
    return fault("port", f"Port {number} is taken by another program.", "Choose another: PORT.")


def open_files() -> Finding:
    soft, _hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < SOCKETS:
        return warning(
            "open files",
            f"{soft} may be open in this shell, and every connection is one.",
            f"The unit in deploy/ sets LimitNOFILE=16384; in a shell: ulimit -n {SOCKETS}",
        )
    return ok("open files", f"{'Any number' if soft == resource.RLIM_INFINITY else soft} may be open.")


def clock_kept() -> Finding:
    """Whether something keeps the machine's clock right, as the kernel knows it."""
    timex = ctypes.create_string_buffer(512)  # struct timex with `modes` 0: asks and sets nothing
    state = ctypes.CDLL(None, use_errno=True).adjtimex(timex)
    if state == _UNSYNCHRONISED:
        return warning("clock", "Nothing keeps it synchronised.", "Run systemd-timesyncd or chrony.")
    if state < 0:
        return warning("clock", "The kernel does not say whether it is synchronised.", "See: timedatectl")
    return ok("clock", "It is synchronised.")


def _health(number: int) -> str | None:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{number}/readyz", timeout=3):
            return "ready"
    except urllib.error.HTTPError as answer:
        return str(answer.code)
    except (OSError, ValueError):
        return None


def _is_taken(number: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", number))
        except OSError:
            return True
    return False
