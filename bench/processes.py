"""What a server's processes use, and which core they may use."""

import os
from collections.abc import Iterator
from pathlib import Path

_TICK = os.sysconf("SC_CLK_TCK")
_PAGE_KB = os.sysconf("SC_PAGE_SIZE") // 1024


def pin(core: int) -> None:
    """Keep this process, and those it starts from now on, on one core, if there are two."""
    cores = sorted(os.sched_getaffinity(os.getppid()))
    os.sched_setaffinity(0, {cores[core % len(cores)]})


def cpu_seconds(group: int, *, with_ended: bool = False) -> float:
    """User and system time of a process group's processes so far; `with_ended` also of those they waited for."""
    last = 15 if with_ended else 13
    return sum(sum(map(int, fields[11:last])) for fields in _stats(group)) / _TICK


def resident_kb(group: int) -> int:
    """Resident memory of a process group's processes, in kB."""
    return sum(int(fields[21]) for fields in _stats(group)) * _PAGE_KB


def _stats(group: int) -> Iterator[list[str]]:
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rsplit(")", 1)[1].split()
            except OSError:
                continue
            if int(fields[2]) == group:
                yield fields
