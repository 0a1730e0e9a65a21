"""What patients did of their tasks at home, day by day: ticked on their own pages, or as told to somebody of the team.

A row like `x.x.s.?` tells of the last days, the day of loading being its end: `x` done, `.` nothing said, `s` too sore,
`t` no time, `?` not sure how, `-` not done.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from functools import partial

from access import loaders
from access import ticks as tick_loaders
from access.permissions import Permission
from actions import ticks
from actions.ticks import Said, Told
from cli.demo.content import PatientPage
from cli.demo.jobs import Jobs
from cli.demo.past import Event, Past
from cli.demo.teamwork import Job
from models.tick import TickReason

EVENING = time(20, 0)
"""When patients tick; on the day of loading, right before it."""
_REASONS = {"s": TickReason.TOO_SORE, "t": TickReason.NO_TIME, "?": TickReason.NOT_SURE_HOW}


def events(past: Past, page: PatientPage, jobs: Jobs, job: Job) -> Iterator[Event]:
    for back, mark in enumerate(reversed(job.ticks)):
        if mark == ".":
            continue
        day = past.today - timedelta(days=back)
        at = min(datetime.combine(day, EVENING, past.zone).astimezone(UTC), past.now)
        said = Said(day, is_done=mark == "x", reason=_REASONS.get(mark))
        yield Event(at, partial(_tick, past, page, jobs, job, said))


def _tick(past: Past, page: PatientPage, jobs: Jobs, job: Job, said: Said) -> None:
    patient, task = past.patients[page.number], jobs.id_of(job)
    today = past.units.clock().astimezone(past.zone).date()
    if job.ticks_to:
        by = past.actors[job.ticks_to]
        with past.units.begin(by) as work:
            grant = loaders.task(by, patient, task, Permission.TICK_RECORD)
            ticks.record(work, grant, said, Told(page.name.split()[0], by.user_id), today)
        return
    reader = past.at_home(patient)
    with past.units.begin(reader) as work:
        ticks.say(work, tick_loaders.step(reader, patient, task), said, today)
