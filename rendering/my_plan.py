"""The patient's plan as its pages show it: made of a publication and the clinic's settings alone."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from markupsafe import Markup

from actions import published
from actions.published import Part, Published, Step
from models.task import Rhythm
from rendering.filters import long_day
from rendering.rhythms import often
from richtext.plain import dose_in
from richtext.reading import for_patient

FLARE_UP = "flare-up"
"""The key of the section that has a page of its own."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A part under the heading the patient reads."""

    key: str
    heading: str
    html: Markup


@dataclass(frozen=True, slots=True)
class Task:
    """One line of *This week*. `often` says how often and until when, or is empty."""

    text: str
    often: str
    is_dose: bool


@dataclass(frozen=True, slots=True)
class Page:
    """`signed_by` are first names, as a sentence has them; `parts` are all but `flare_up`, which may be missing."""

    publication: Published
    signed_by: str
    signed_on: str
    has_dose_in_reason: bool
    tasks: Sequence[Task]
    parts: Sequence[Shown]
    flare_up: Shown | None
    has_former: bool


def page(publication_id: int) -> Page:
    found = published.content(publication_id)
    parts = [shown(part) for part in found.parts]
    return Page(
        publication=found,
        signed_by=listed([name.split()[0] for name in found.signed_by]),
        signed_on=long_day(found.signed_at or found.at),
        has_dose_in_reason=bool(dose_in(found.reason)),
        tasks=[task(step) for step in found.steps],
        parts=[part for part in parts if part.key != FLARE_UP],
        flare_up=next((part for part in parts if part.key == FLARE_UP), None),
        has_former=found.number > 1,
    )


def beside_a_dose() -> str:
    """What stands beside every dose that a patient reads."""
    return str(_("If this differs from your label, change nothing and call us."))


def heading(key: str, title: str) -> str:
    """What a section is called to the patient; one that the clinic added keeps the name it has."""
    said = {
        "understanding": _("What keeps the pain going"),
        "physiotherapy": _("Moving"),
        "psychology": _("Mood and sleep"),
        "pain-management": _("Medicines and pain relief"),
        "nutrition": _("Eating"),
        "review": _("When we look at it again"),
        FLARE_UP: _("If the pain flares up"),
    }
    return str(said.get(key, title))


def listed(names: Sequence[str]) -> str:
    """Dana, Lena and Ravi."""
    if len(names) < 2:
        return "".join(names)
    return str(_("%(first)s and %(last)s", first=", ".join(names[:-1]), last=names[-1]))


def shown(part: Part) -> Shown:
    return Shown(part.key, heading(part.key, part.title), for_patient(part.text, beside_a_dose()))


def task(step: Step) -> Task:
    return Task(step.text.strip(), " · ".join(_often(step)), step.is_dose)


def _often(step: Step) -> Iterator[str]:
    if step.is_dose:
        return
    if step.rhythm != Rhythm.ONCE:
        yield often(step.rhythm, step.times_a_week)
    if step.due:
        yield str(_("until %(day)s", day=long_day(step.due)))
