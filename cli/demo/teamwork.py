"""What the team says and does about a patient, as `content/teamwork/` tells it: threads and tasks, step by step.

A step is one line: who, how long ago, what they did, and their words. `Ravi 5h: Hold the weight?` is a comment;
`Dana 4h resolves`, `Lena 2d declines: Not yet.` and `Cora 3d gives to Noor` are other things that are done. With
`, when "some words" stand` a step waits for words of the text it is about.
"""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_STEP = re.compile(
    r'^(?P<by>\w+) (?P<ago>\d+[wdhm])(?:, when "(?P<once>[^"]+)" stands?)?'
    r"(?: (?P<does>[a-z][a-z ]*?)(?: to (?P<to>\S+))?)?"
    r"(?:: (?P<says>.+))?$",
    re.DOTALL,
)
_DEEDS = {
    "thread": frozenset({"", "resolves", "reopens", "accepts", "declines"}),
    "task": frozenset({"", "takes", "gives", "begins", "ends", "ends undone", "moves"}),
}


@dataclass(frozen=True, slots=True)
class Step:
    """Somebody does something, `says` why, and names `to` whom or which day. Without `does` they comment."""

    by: str
    ago: str
    does: str = ""
    says: str = ""
    to: str = ""
    once: str = ""


@dataclass(frozen=True, slots=True)
class Job:
    """A task; the first step is its making. `whose` is a first name, a discipline or `patient`. `due` are days from
    the day of loading. `often` is how often a patient does it, like `daily` or `weekly:3`; `ticks` are read by ticking,
    and told to `ticks_to` by a patient who has no account."""

    title: str
    whose: str
    steps: Sequence[Step]
    due: int | None = None
    priority: str = "normal"
    details: str = ""
    plain: str = ""
    section: str = ""
    often: str = "once"
    ticks: str = ""
    ticks_to: str = ""


@dataclass(frozen=True, slots=True)
class Talk:
    """A thread; the first step opens it. `on` is a section and a kind of text, or None; `asks` the discipline of a
    question, `against` the other section of a conflict, `instead` the words of a suggestion, `task` a task's title."""

    steps: Sequence[Step]
    kind: str = "discussion"
    on: tuple[str, str] | None = None
    words: str = ""
    asks: str = ""
    against: str = ""
    instead: str = ""
    task: str = ""
    jobs: Sequence[Job] = ()


@dataclass(frozen=True, slots=True)
class Teamwork:
    """Of one patient."""

    talks: Sequence[Talk] = ()
    jobs: Sequence[Job] = ()


def read(page: Path, kinds: dict[str, str]) -> Teamwork:
    """One page; `kinds` are the kinds of text by the readers a page names. Raises ValueError."""
    if not page.exists():
        return Teamwork()
    told = tomllib.loads(page.read_text(encoding="utf-8"))
    return Teamwork(
        [_talk(each, kinds) for each in told.get("thread", [])], [_job(each) for each in told.get("task", [])]
    )


def _talk(told: dict[str, Any], kinds: dict[str, str]) -> Talk:
    steps = _steps("thread", told.pop("steps"))
    jobs = [_job(each) for each in told.pop("task_from", [])]
    on = None
    if "on" in told:
        section, reader = told.pop("on").split(" · ")
        on = section, kinds[reader]
    return Talk(steps=steps, on=on, jobs=jobs, **told)


def _job(told: dict[str, Any]) -> Job:
    steps = _steps("task", told.pop("steps"))
    return Job(steps=steps, whose=told.pop("for"), **told)


def _steps(what: str, lines: Sequence[str]) -> list[Step]:
    steps = []
    for line in lines:
        found = _STEP.match(" ".join(line.split()) if "\n\n" not in line else line)
        if found is None or (found["does"] or "") not in _DEEDS[what]:
            raise ValueError(f"{line!r} does not say who did what, and when, to a {what}")
        steps.append(Step(**{name: found[name] or "" for name in ("by", "ago", "does", "says", "to", "once")}))
    return steps
