"""The tasks of a patient: who gave them, who took them, and how they ended."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from access import loaders
from access.permissions import Permission
from actions import task_lists, task_origins, tasks
from actions.task_drafts import Assignee, Draft
from actions.unit_of_work import Work
from cli.demo.content import PatientPage
from cli.demo.days import fill_in, working_day
from cli.demo.past import Event, Past
from cli.demo.schedule import times
from cli.demo.teamwork import Job, Step
from models.base import db
from models.discipline import Discipline
from models.task import Priority, Rhythm, Task, TaskState

_STATES = {"begins": TaskState.DOING, "ends": TaskState.DONE, "ends undone": TaskState.NOT_DONE}


class Jobs:
    """The tasks of one patient, by their titles."""

    def __init__(self, past: Past, page: PatientPage) -> None:
        self._past, self._page = past, page
        self.ids: dict[str, int] = {}

    def events(self, job: Job, earliest: datetime, thread: dict[str, int] | None = None) -> Iterator[Event]:
        """Every step at its moment; of a task from a thread, `thread` holds its id by then."""
        title = self._filled(job.title)
        made, *later = times(self._past, f"{self._page.number} {title}", job.steps, earliest)
        yield Event(made, lambda: self._make(job, title, thread or {}))
        for at, step in zip(later, job.steps[1:], strict=True):
            yield Event(at, lambda step=step: self._take_step(title, step))  # type: ignore[misc]

    def id_of(self, job: Job) -> int:
        """Of a task that was made by now."""
        return self.ids[self._filled(job.title)]

    def _make(self, job: Job, title: str, thread: dict[str, int]) -> None:
        by = self._past.actors[job.steps[0].by]
        draft = Draft(
            title=title,
            assignee=self._assignee(job.whose),
            details=self._filled(job.details),
            plain_text=fill_in(job.plain, self._past.today, long=True),
            priority=Priority(job.priority),
            **_rhythm(job.often),
            due=None if job.due is None else self._day(job.due),
        )
        with self._past.units.begin(by) as work:
            grant = loaders.patient(by, self._past.patients[self._page.number], Permission.TASK_WRITE)
            origin = task_origins.find(grant, str(thread.get("id", "")), job.section)
            self.ids[title] = tasks.make(work, grant, draft, self._today(work), origin).task_id

    def _take_step(self, title: str, step: Step) -> None:
        by = self._past.actors[step.by]
        with self._past.units.begin(by) as work:
            patient = self._past.patients[self._page.number]
            grant = loaders.task(by, patient, self.ids[title], Permission.TASK_WRITE)
            if step.does == "takes":
                tasks.take(work, grant)
            elif step.does == "gives":
                tasks.assign(work, grant, self._assignee(step.to))
            elif step.does == "moves":
                draft = _as_it_is(grant.task, self._day(int(step.to)))
                tasks.change(work, grant, draft, self._today(work), task_lists.last_change(grant.task.id))
            else:
                seen = TaskState(grant.task.state)
                tasks.move(work, grant, _STATES[step.does], seen, self._filled(step.says))

    def _assignee(self, whose: str) -> Assignee:
        if whose == "patient":
            return Assignee(is_patient=True)
        if whose in self._past.actors:
            return Assignee(user_id=self._past.actors[whose].user_id)
        return Assignee(discipline_id=db.session.scalars(select(Discipline.id).where(Discipline.key == whose)).one())

    def _day(self, days: int) -> date:
        return working_day(self._past.today + timedelta(days=days), forwards=days > 0)

    def _today(self, work: Work) -> date:
        return work.now.astimezone(self._past.zone).date()

    def _filled(self, text: str) -> str:
        return fill_in(text, self._past.today, long=False)


def _as_it_is(task: Task, due: date) -> Draft:
    """The task with another day."""
    priority = Priority(task.priority)
    whose, rhythm = Assignee.of(task), Rhythm(task.rhythm)
    return Draft(task.title, whose, task.details, task.plain_text, priority, due, "", rhythm, task.times_a_week)


def _rhythm(often: str) -> dict[str, Any]:
    """What `daily` or `weekly:3` makes of a draft."""
    rhythm, _colon, times = often.partition(":")
    return {"rhythm": Rhythm(rhythm), "times_a_week": int(times) if times else None}
