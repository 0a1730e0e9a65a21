"""The threads of a patient's plan: opened on words that stand there, answered, resolved, and turned into tasks."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial

from sqlalchemy import select

from access import loaders
from access.permissions import Permission
from actions import suggestions, threads
from actions.openings import Opening
from cli.demo import ticking
from cli.demo.content import PatientPage
from cli.demo.days import fill_in
from cli.demo.jobs import Jobs
from cli.demo.past import Event, Past
from cli.demo.schedule import Moments, times
from cli.demo.teamwork import Step, Talk
from cli.demo.writing import SETTLING
from livedoc import passages
from models.base import db
from models.discipline import Discipline
from models.thread import ThreadKind

AROUND = 60
"""Letters kept before and after the words, as a browser keeps them."""


def events(past: Past, page: PatientPage, texts: Mapping[tuple[str, str], Moments]) -> Iterator[Event]:
    """Everything the team said and did about a patient, at its moments."""
    jobs = Jobs(past, page)
    came = past.ago(page.added, page.number) + SETTLING
    for job in page.work.jobs:
        yield from jobs.events(job, came)
        yield from ticking.events(past, page, jobs, job)
    for talk in page.work.talks:
        yield from _Thread(past, page, talk, jobs).events(texts)


class _Thread:
    """One thread as it goes on."""

    def __init__(self, past: Past, page: PatientPage, talk: Talk, jobs: Jobs) -> None:
        self._past, self._page, self._talk, self._jobs = past, page, talk, jobs
        self._is_plain = talk.on is not None and talk.on[1] == "plain"
        self._made: dict[str, int] = {}

    def events(self, texts: Mapping[tuple[str, str], Moments]) -> Iterator[Event]:
        talk, text = self._talk, texts[self._talk.on] if self._talk.on else ()
        words = self._filled(talk.words, is_quote=True)
        what = f"{self._page.number} {talk.on} {words or talk.task or talk.steps[0].says}"
        came = self._past.ago(self._page.added, self._page.number) + SETTLING
        opened, *later = times(self._past, what, talk.steps, came, text, words)
        yield Event(opened, partial(self._open, words))
        for at, step in zip(later, talk.steps[1:], strict=True):
            yield Event(at, partial(self._take_step, step))
        for job in talk.jobs:
            yield from self._jobs.events(job, opened, self._made)

    def _open(self, words: str) -> None:
        talk, first = self._talk, self._talk.steps[0]
        by = self._past.actors[first.by]
        opening = Opening(
            kind=ThreadKind(talk.kind),
            body=self._filled(first.says),
            discipline_id=_discipline(talk.asks) if talk.asks else None,
            other_section=talk.against,
            replacement=self._filled(talk.instead, is_quote=True),
            task_id=self._jobs.ids[talk.task] if talk.task else None,
        )
        if talk.on is not None:
            opening = self._placed(opening, self._past.documents[(self._page.number, *talk.on)], words)
        with self._past.units.begin(by) as work:
            grant = loaders.patient(by, self._past.patients[self._page.number], Permission.THREAD_WRITE)
            self._made["id"] = threads.open_thread(work, grant, opening).thread_id

    def _placed(self, opening: Opening, document_id: int, words: str) -> Opening:
        """On words of a text, with those around them. Raises ValueError unless they stand there once."""
        text = self._past.hub.text(document_id)
        found = passages.find(text, words, "", "")
        if len(found) != 1:
            raise ValueError(f"{self._page.name}, {self._talk.on}: {words!r} stands there {len(found)} times")
        start, end = found[0].start, found[0].end
        before, after = text[max(0, start - AROUND) : start], text[end : end + AROUND]
        return replace(opening, document_id=document_id, quote=words, before=before, after=after)

    def _take_step(self, step: Step) -> None:
        by, patient_id, thread_id = self._past.actors[step.by], self._past.patients[self._page.number], self._made["id"]
        if step.does == "accepts":
            suggestions.accept(self._past.units, self._past.hub, loaders.suggestion(by, patient_id, thread_id))
            return
        with self._past.units.begin(by) as work:
            grant = loaders.thread(by, patient_id, thread_id, Permission.THREAD_WRITE)
            if step.does == "declines":
                suggestions.decline(work, loaders.suggestion(by, patient_id, thread_id), self._filled(step.says))
                return
            if step.says:
                threads.reply(work, grant, self._filled(step.says), frozenset())
            if step.does == "resolves":
                threads.resolve(work, grant)
            elif step.does == "reopens":
                threads.reopen(work, grant)

    def _filled(self, text: str, *, is_quote: bool = False) -> str:
        return fill_in(text, self._past.today, long=is_quote and self._is_plain)


def _discipline(key: str) -> int:
    return db.session.scalars(select(Discipline.id).where(Discipline.key == key)).one()
