"""What a task is to be: whose, until when, in which words; and what is wrong with it."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from access.grants import PatientGrant
from access.reach import membership
from actions.colleagues import colleagues
from actions.unfit import Fault, Problem
from actions.unit_of_work import Work
from models.discipline import Discipline
from models.patient import Involvement
from models.task import Priority, Rhythm, Task
from richtext.plain import dose_in

MAX_TITLE = 200
"""Characters."""
MAX_DETAILS = 20_000
"""Bytes of the details, and of what the patient reads."""


@dataclass(frozen=True, slots=True)
class Assignee:
    """A person of the care team, an involved discipline, or the patient: exactly one."""

    user_id: int | None = None
    discipline_id: int | None = None
    is_patient: bool = False

    @classmethod
    def of(cls, task: Task) -> "Assignee":
        return cls(task.assignee_id, task.discipline_id, task.for_patient)

    def columns(self) -> dict[str, Any]:
        return {"assignee_id": self.user_id, "discipline_id": self.discipline_id, "for_patient": self.is_patient}


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody filled in. `plain_text` is what the patient reads, of a task for the patient alone.

    `rhythm` and `times_a_week` (1 to 6, of a weekly one) are of a task for the patient, too. `dose_seen` is the text
    whose likeness to a dose was pointed out and confirmed.
    """

    title: str
    assignee: Assignee | None
    details: str = ""
    plain_text: str = ""
    priority: Priority = Priority.NORMAL
    due: date | None = None
    dose_seen: str = ""
    rhythm: Rhythm = Rhythm.ONCE
    times_a_week: int | None = None

    @property
    def for_patient(self) -> bool:
        return self.assignee is not None and self.assignee.is_patient

    def columns(self) -> dict[str, Any]:
        assert self.assignee is not None
        return {
            "title": self.title,
            "details": self.details,
            "plain_text": self.plain_text if self.for_patient else "",
            "priority": self.priority.value,
            "due": self.due,
            **(rhythm_columns(self.rhythm, self.times_a_week) if self.for_patient else rhythm_columns()),
            **self.assignee.columns(),
        }


def rhythm_columns(rhythm: Rhythm = Rhythm.ONCE, times_a_week: int | None = None) -> dict[str, Any]:
    """Columns of how often the patient does a task."""
    return {"rhythm": rhythm.value, "times_a_week": times_a_week if rhythm is Rhythm.WEEKLY else None}


def faults(work: Work, grant: PatientGrant, draft: Draft, today: date, former: Task | None) -> dict[str, Fault]:
    """What is wrong, by field. A due date may lie in the past only when it did so before."""
    found: dict[str, Fault] = {}
    if not draft.title:
        found["title"] = Fault(Problem.EMPTY)
    elif len(draft.title) > MAX_TITLE:
        found["title"] = Fault(Problem.TOO_LONG)
    for field in ("details", "plain_text"):
        if len(getattr(draft, field).encode()) > MAX_DETAILS:
            found[field] = Fault(Problem.TOO_LONG)
    if draft.due is not None and draft.due < today and (former is None or former.due != draft.due):
        found["due"] = Fault(Problem.IN_THE_PAST)
    if draft.for_patient and not draft.plain_text:
        found["plain_text"] = Fault(Problem.EMPTY)
    if draft.assignee is None:
        found["assignee"] = Fault(Problem.EMPTY)
    elif former is None or draft.assignee != Assignee.of(former):
        fault = unfit(work, grant.patient.id, draft.assignee)
        if fault is not None:
            found["assignee"] = fault
    if not found and (words := _unseen_dose(draft)):
        found["plain_text"] = Fault(Problem.LIKE_A_DOSE, words)
    return found


def unfit(work: Work, patient_id: int, assignee: Assignee) -> Fault | None:
    """Why somebody cannot be given a task of this patient. Holds the membership until the commit."""
    if assignee.is_patient:
        return None
    if assignee.discipline_id is not None:
        involved = select(Involvement.id).where(
            Involvement.patient_id == patient_id,
            Involvement.discipline_id == assignee.discipline_id,
            Involvement.until.is_(None),
        )
        if work.session.scalar(involved.with_for_update(read=True)) is not None:
            return None
        discipline = work.session.get(Discipline, assignee.discipline_id)
        return Fault(Problem.NOT_INVOLVED, discipline.name if discipline else "")
    if work.session.scalar(membership(patient_id, assignee.user_id).with_for_update(read=True)) is None:
        return Fault(Problem.NOT_IN_CARE_TEAM)
    return None


def people_of(patient_id: int, assignee: Assignee) -> frozenset[int]:
    """Those who are told of a task: its person, or everyone of its discipline in the care team."""
    if assignee.user_id is not None:
        return frozenset({assignee.user_id})
    if assignee.discipline_id is None:
        return frozenset()
    return frozenset(each.id for each in colleagues(patient_id) if each.discipline_id == assignee.discipline_id)


def _unseen_dose(draft: Draft) -> str | None:
    """The words that read like a dose in what the patient is told, unless they were confirmed."""
    if not draft.for_patient or draft.dose_seen == draft.plain_text:
        return None
    return dose_in(draft.plain_text) or dose_in(draft.title)
