"""How a text came to be, from one page that shows its end and what changed on the way.

The first line names who wrote when: `*Dana 6w · Lena 4w · Dana 2h*`. A line that begins with `+2 ` came with the
second of them, one with `-2 ` was there until then, one with `+2-3 ` both. All others were there from the start.
"""

import re
from dataclasses import dataclass

_WHO = re.compile(r"^\*(.+)\*$")
_ONE = re.compile(r"^(\w+) (\d+[wdhm])$")
_MARK = re.compile(r"^(?:\+(\d))?(?:-(\d))?(?: (.*))?$")


@dataclass(frozen=True, slots=True)
class Stage:
    """A text as somebody left it, so long `ago`."""

    author: str
    ago: str
    text: str


def read(page: str) -> list[Stage]:
    """The stages of a text, the last being its end. Raises ValueError for a page that cannot be read so."""
    first, _, rest = page.strip().partition("\n")
    named = _WHO.match(first.strip())
    if named is None:
        raise ValueError(f"the first line says who wrote when, not {first!r}")
    found = [_ONE.match(each.strip()) for each in named[1].split("·")]
    if not all(found):
        raise ValueError(f"{first!r} names no times ago such as 6w, 3d, 2h")
    who = [(each[1], each[2]) for each in found if each]
    lines = [_span(line, len(who)) for line in rest.strip("\n").split("\n")]
    return [
        Stage(author, ago, _tidy("\n".join(text for begins, ends, text in lines if begins <= number < ends)))
        for number, (author, ago) in enumerate(who, start=1)
    ]


def _span(line: str, stages: int) -> tuple[int, int, str]:
    """The first stage that has the line, the first that no longer has it, and the line."""
    mark = _MARK.match(line) if line[:1] in ("+", "-") else None
    if mark is None or not (mark[1] or mark[2]):
        return 1, stages + 1, line
    begins, ends = int(mark[1] or 1), int(mark[2] or stages + 1)
    if not 1 <= begins < ends <= stages + 1 or (mark[1] and begins == 1):
        raise ValueError(f"{line!r} names a stage that is not there")
    return begins, ends, mark[3] or ""


def _tidy(text: str) -> str:
    return re.sub(r"\n{3,}", "\n\n", text).strip("\n") + "\n"


def steps(before: str, after: str) -> list[str]:
    """What stood there between: somebody who fills an empty or templated text does so part by part."""
    if [line for line in before.split("\n") if line and not line.startswith("## ")]:
        return [after]
    parts = re.split(r"(?m)^(?=## )", after) if "## " in after else _halves(after)
    parts = [part for part in parts if part.strip()]
    headings = [line for line in before.split("\n") if line.startswith("## ")]
    made: list[str] = []
    for number in range(1, len(parts) + 1):
        waiting = "".join(f"{heading}\n\n\n" for heading in headings[number:])
        made.append("".join(parts[:number]).rstrip("\n") + ("\n\n" + waiting if waiting else "\n"))
    return [*made[:-1], after]


def _halves(text: str) -> list[str]:
    lines = text.splitlines(keepends=True)
    middle = (len(lines) + 1) // 2
    return ["".join(lines[:middle]), "".join(lines[middle:])]
