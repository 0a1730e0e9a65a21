"""When the people of the clinic last read what there was to read: what came later is new to them."""

from collections.abc import Iterator
from functools import partial

from sqlalchemy import select

from access import loaders
from access.grants import Actor
from access.permissions import Permission
from access.reach import readable
from actions import notices, threads, visits
from cli.demo.content import Clinic
from cli.demo.past import Event, Past
from models.base import db
from models.plan import Plan
from models.thread import Thread

LAST = "1d"
"""How long ago everyone was up to date."""


def events(past: Past, clinic: Clinic) -> Iterator[Event]:
    for person in clinic.people:
        yield Event(past.ago(LAST, f"{person.key} reads"), partial(_read, past, person.key), weight=10)


def _read(past: Past, key: str) -> None:
    """Every plan of one's patients with its threads, and every notice."""
    by = past.actors[key]
    with past.units.begin(by) as work:
        for patient_id, thread_id in _threads(by):
            threads.mark_read(work, loaders.thread(by, patient_id, thread_id, Permission.THREAD_VIEW))
        notices.see_all(work)
        visits.look_at_all(work)


def _threads(by: Actor) -> list[tuple[int, int]]:
    query = (
        select(Plan.patient_id, Thread.id)
        .join(Thread, Thread.plan_id == Plan.id)
        .where(Plan.patient_id.in_(readable(by)))
        .order_by(Thread.id)
    )
    return [(patient_id, thread_id) for patient_id, thread_id in db.session.execute(query)]
