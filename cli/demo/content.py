"""Reads the demo clinic from `content/`: pages that a clinician can read and correct without knowing Python.

A patient's page begins with facts between two lines `+++` (TOML). Then comes each text of the plan under a heading
`# section · team` or `# section · patient`, in the notation of `stages`.
"""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from cli.demo import stages, teamwork
from cli.demo.stages import Stage
from cli.demo.teamwork import Teamwork

CONTENT = Path(__file__).parent / "content"
DOMAIN = "demo.example"
_HEADING = re.compile(r"(?m)^# ([a-z-]+) · (team|patient)$")
_KINDS = {"team": "clinical", "patient": "plain"}


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who works here. `teams` are names; `leads` of them this person leads."""

    name: str
    roles: Sequence[str]
    discipline: str | None = None
    teams: Sequence[str] = ()
    leads: Sequence[str] = ()

    @property
    def key(self) -> str:
        return self.name.split()[0]

    @property
    def email(self) -> str:
        return f"{self.key.lower()}@{DOMAIN}"


@dataclass(frozen=True, slots=True)
class Said:
    """What matters to the patient, as told to a member of staff, or without `told_to` written on the own page."""

    text: str
    told_by: str
    ago: str
    told_to: str = ""


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who reads the plan at home. `relation` is self, guardian or carer; the patient's own name is known."""

    relation: str
    invited_by: str
    ago: str
    name: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Agreed:
    """What the patient consents to, or no longer does, as told to a member of staff."""

    kind: str
    given: bool
    by: str
    told_to: str
    ago: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class PatientPage:
    """One patient with the whole plan. `texts` is (section key, kind) → its stages; `work`, what the team does."""

    name: str
    born: date
    number: str
    pronouns: str
    team: str
    added_by: str
    added: str
    responsible: str
    about: dict[str, str]
    said: Sequence[Said]
    texts: dict[tuple[str, str], list[Stage]]
    without: Sequence[str] = ()
    not_involved: Sequence[str] = ()
    behind: Sequence[str] = ()
    at_home: Sequence[Reader] = ()
    consents: Sequence[Agreed] = ()
    handed_over: dict[str, str] = field(default_factory=dict)
    work: Teamwork = field(default_factory=Teamwork)


@dataclass(frozen=True, slots=True)
class Clinic:
    """`settings` are what Adam has set, but for the time zone, which is the installation's."""

    settings: dict[str, Any]
    people: Sequence[Person]
    patients: Sequence[PatientPage]

    @property
    def teams(self) -> list[str]:
        return list(dict.fromkeys(team for person in self.people for team in person.teams))


def read() -> Clinic:
    """The whole clinic. Raises ValueError that names the page which cannot be read."""
    house = tomllib.loads((CONTENT / "people.toml").read_text(encoding="utf-8"))
    pages = sorted((CONTENT / "patients").glob("*.md"))
    return Clinic(house["clinic"], [Person(**each) for each in house["person"]], [_patient(page) for page in pages])


def _patient(page: Path) -> PatientPage:
    try:
        _before, facts, plan = page.read_text(encoding="utf-8").split("+++\n", 2)
        work = teamwork.read(CONTENT / "teamwork" / f"{page.stem}.toml", _KINDS)
        return _with_texts(tomllib.loads(facts), plan, work)
    except (ValueError, TypeError, KeyError) as error:
        raise ValueError(f"{page.name}: {error}") from error


def _with_texts(facts: dict[str, Any], plan: str, work: Teamwork) -> PatientPage:
    said = [Said(**each) for each in facts.pop("said")]
    at_home = [Reader(**each) for each in facts.pop("at_home", [])]
    consents = [Agreed(**each) for each in facts.pop("consents", [])]
    pieces = _HEADING.split(plan)[1:]
    texts: dict[tuple[str, str], list[Stage]] = {}
    for section, reader, page in zip(pieces[::3], pieces[1::3], pieces[2::3], strict=True):
        try:
            texts[section, _KINDS[reader]] = stages.read(page)
        except ValueError as error:
            raise ValueError(f"{section}, {reader}: {error}") from error
    return PatientPage(**facts, said=said, at_home=at_home, consents=consents, texts=texts, work=work)
