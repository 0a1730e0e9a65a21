"""What a check says."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    OK = "ok"
    WARNING = "warning"
    FAULT = "fault"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: how grave, about what, what was seen, and, unless all is well, what to do."""

    level: Level
    about: str
    seen: str
    advice: str = ""

    def __str__(self) -> str:
        return f"{self.level:<8} {self.about:<14} {self.seen}" + (f" {self.advice}" if self.advice else "")


def ok(about: str, seen: str) -> Finding:
    return Finding(Level.OK, about, seen)


def warning(about: str, seen: str, advice: str) -> Finding:
    return Finding(Level.WARNING, about, seen, advice)


def fault(about: str, seen: str, advice: str) -> Finding:
    return Finding(Level.FAULT, about, seen, advice)


def has_fault(findings: Iterable[Finding]) -> bool:
    return any(each.level is Level.FAULT for each in findings)
