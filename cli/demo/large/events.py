"""When the large clinic's patients came, and when its two long documents were written."""

import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import partial

from sqlalchemy import select

from access import loaders
from access.grants import Actor
from access.permissions import Permission
from actions import patients
from actions.patients import Identity
from cli.demo.content import Clinic
from cli.demo.large.crowd import Crowd
from cli.demo.large.histories import History, InRuns, Scattered
from cli.demo.large.telling import AT_ONCE, Telling
from cli.demo.past import Event, Past
from models.base import db
from models.plan import DocumentKind, Plan, Section, SectionDocument
from models.user import Role

PATIENTS = 10_000
AT_A_TIME = 250
RUNS = Identity("Theo Longfield", date(1961, 5, 9), "L-RUNS")
SCATTERED = Identity("Sana Widmer", date(1974, 11, 2), "L-SCATTERED")
"""The two whose shared understanding has a long history."""
BEGAN, ENDED = "50w", "2w"


def events(past: Past, clinic: Clinic, in_runs: int = 200_000, scattered: int = 50_000) -> Iterator[Event]:
    """All of it, at its moments; each weighs what it costs beside an edit of the demo."""
    teams = [_Team(past, clinic, name) for name in clinic.teams]
    first, last = past.ago(BEGAN, "crowd"), past.ago(ENDED, "crowd")
    crowd, batches = Crowd(random.Random(7)), PATIENTS // AT_A_TIME  # noqa: S311
    for number in range(batches):
        team = teams[number % len(teams)]
        yield Event(first + (last - first) * number / batches, partial(team.take_in, crowd, AT_A_TIME), weight=150)
    for identity, history in ((RUNS, InRuns(in_runs, 4)), (SCATTERED, Scattered(scattered, 4))):
        yield from _Long(past, teams[0], identity, history).events(first, last)


class _Team:
    """Takes patients in, its clinicians in turn."""

    def __init__(self, past: Past, clinic: Clinic, name: str) -> None:
        self._past = past
        self.name = name
        self._keys = [person.key for person in clinic.people if name in person.teams]
        self._turn = 0

    def people(self) -> list[Actor]:
        return [self._past.actors[key] for key in self._keys]

    def clinicians(self) -> list[Actor]:
        return [person for person in self.people() if Role.CLINICIAN in person.roles]

    def take_in(self, crowd: Crowd, count: int) -> None:
        clinicians = self.clinicians()
        by = clinicians[self._turn % len(clinicians)]
        self._turn += 1
        with self._past.units.begin(by) as work:
            crowd.take_in(work, by, self._past.teams[self.name], self.people(), count)


class _Long:
    """One patient whose shared understanding is written edit by edit."""

    def __init__(self, past: Past, team: _Team, identity: Identity, history: History) -> None:
        self._past, self._team, self._identity, self._history = past, team, identity, history
        self._telling: Telling | None = None

    def events(self, first: datetime, last: datetime) -> Iterator[Event]:
        parts = -(-self._history.count // AT_ONCE)
        yield Event(first, lambda: self._begin(first, last), weight=5)
        for part in range(1, parts + 1):
            yield Event(first + (last - first) * part / parts, self._go_on, weight=AT_ONCE / 100)
        yield Event(last + timedelta(minutes=1), self._conclude, weight=200)

    def _begin(self, first: datetime, last: datetime) -> None:
        clinicians = self._team.clinicians()
        by = clinicians[0]
        with self._past.units.begin(by) as work:
            grant = loaders.clinic(by, Permission.PATIENT_ADD)
            patient = patients.add(work, grant, self._identity, self._past.teams[self._team.name])
            document_id = _understanding(patient.id)
        pause = (last - first) / self._history.count
        times = (first + pause * number for number in range(1, self._history.count + 1))
        self._telling = Telling(document_id, self._history, [each.user_id for each in clinicians], times)

    def _go_on(self) -> None:
        assert self._telling is not None
        with self._past.units.begin(None) as work:
            self._telling.go_on(work)

    def _conclude(self) -> None:
        assert self._telling is not None
        with self._past.units.begin(None) as work:
            self._telling.conclude(work)


def _understanding(patient_id: int) -> int:
    """The document of a patient's shared understanding, which begins empty."""
    return db.session.scalars(
        select(SectionDocument.document_id)
        .join(Section, Section.id == SectionDocument.section_id)
        .join(Plan, Plan.id == Section.plan_id)
        .where(
            Plan.patient_id == patient_id,
            Section.key == "understanding",
            SectionDocument.kind == DocumentKind.CLINICAL,
        )
    ).one()
