"""What a piece of the patient's copy is."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from markupsafe import Markup

from actions.exports.sealed import Entry


@dataclass(frozen=True, slots=True)
class About:
    """Whose copy it is. `is_own`: the patient reads it; otherwise a guardian does."""

    patient_id: int
    plan_id: int
    name: str
    is_own: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """An entry on paper: a heading, soft lines that say who and when, and the words. `warning` stands before them."""

    heading: str
    about: Sequence[str] = ()
    html: Markup = Markup("")  # noqa: RUF009  (it cannot change)
    quote: str = ""
    warning: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """`entries` are values for the file (canonical JSON, every one with an `id`), `show` says the same on paper."""

    name: str
    title: Callable[[About], str]
    empty: Callable[[About], str]
    entries: Callable[[About], Iterable[Entry]]
    show: Callable[[Entry], Shown]


def as_day(value: str) -> date:
    """A day or moment as an entry has it."""
    return datetime.fromisoformat(value) if "T" in value else date.fromisoformat(value)
