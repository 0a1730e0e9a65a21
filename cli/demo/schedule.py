"""When the steps of a thread or a task were taken: in their order, and not before the words they are about stood."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from cli.demo.past import Past
from cli.demo.teamwork import Step

SOON = timedelta(minutes=2)
"""From one step to the next, or from the words to what is said of them, at least."""

Moments = Sequence[tuple[datetime, str, str]]
"""When who left a text how."""


def standing(text: Moments, words: str) -> tuple[datetime, datetime | None]:
    """From when on words stood in a text, and when they were taken out. Raises ValueError when they never stood."""
    began = None
    for at, _who, state in text:
        if words in state and began is None:
            began = at
        elif words not in state and began is not None:
            return began, at
    if began is None:
        raise ValueError(f"nobody ever wrote {words!r}")
    return began, None


def times(
    past: Past, what: str, steps: Sequence[Step], earliest: datetime, text: Moments = (), words: str = ""
) -> list[datetime]:
    """The moment of each step; the first is taken while `words` stand, none after the day of loading."""
    until = None
    if words:
        began, until = standing(text, words)
        earliest = max(earliest, began + SOON)
    found: list[datetime] = []
    for number, step in enumerate(steps):
        if step.once:
            earliest = max(earliest, standing(text, step.once)[0] + SOON)
        at = max(past.ago(step.ago, f"{what} {number}"), earliest)
        if not found and until is not None:
            at = min(at, max(earliest, until - SOON))
        at = min(at, past.now)
        found.append(at)
        earliest = at + SOON
    return found
