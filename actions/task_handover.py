"""Nobody leaves a care team with open tasks: each passes to somebody who stays."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from actions.colleagues import Colleague, colleagues
from actions.task_changes import put, tell_assignee
from actions.task_drafts import Assignee, unfit
from actions.task_lists import IS_OPEN
from actions.unit_of_work import Work
from models.base import db
from models.discipline import Discipline
from models.patient import Patient, ResponsibleClinician
from models.plan import Plan
from models.task import Task

RESPONSIBLE = 0
"""Instead of a person's id: whoever is the patient's responsible clinician then."""


class HeirNeeded(ValueError):
    """Nobody, or nobody who can have tasks of that patient, was named to take over those of `patients`."""

    def __init__(self, patients: Sequence[Patient]) -> None:
        super().__init__("somebody has to take over open tasks")
        self.patients = patients


@dataclass(frozen=True, slots=True)
class Left:
    """Open tasks a person has of one patient, and who could take them over."""

    patient: Patient
    count: int
    heirs: Sequence[Colleague]


def of(user_id: int, team_id: int | None = None, patient_id: int | None = None) -> list[Left]:
    """What a person would leave behind: of one team's patients, of one patient, or of all."""
    query = (
        select(Patient, func.count())
        .join(Plan, Plan.patient_id == Patient.id)
        .join(Task, Task.plan_id == Plan.id)
        .where(Task.assignee_id == user_id, IS_OPEN)
        .group_by(Patient.id)
        .order_by(Patient.name_key, Patient.id)
    )
    if team_id is not None:
        query = query.where(Patient.team_id == team_id)
    if patient_id is not None:
        query = query.where(Patient.id == patient_id)
    return [
        Left(patient, count, [each for each in colleagues(patient.id) if each.id != user_id])
        for patient, count in db.session.execute(query).all()
    ]


def count_of(user_id: int) -> int:
    """How many open tasks a person has."""
    return db.session.scalars(select(func.count()).where(Task.assignee_id == user_id, IS_OPEN)).one()


def of_disciplines(plan_id: int, discipline_ids: frozenset[int]) -> list[str]:
    """The names of those disciplines that have open tasks of a plan."""
    query = (
        select(Discipline.name)
        .join(Task, Task.discipline_id == Discipline.id)
        .where(Task.plan_id == plan_id, IS_OPEN, Discipline.id.in_(discipline_ids))
        .distinct()
    )
    return sorted(db.session.scalars(query))


def hand_over(work: Work, user_id: int, patient_ids: Sequence[int], heirs: Mapping[int, int]) -> None:
    """Pass on the open tasks of somebody who left these care teams. `heirs` are by the patient's id.

    Raises HeirNeeded with every patient for whom nobody fit was named.
    """
    query = (
        select(Task, Plan.patient_id)
        .join(Plan, Plan.id == Task.plan_id)
        .where(Task.assignee_id == user_id, IS_OPEN, Plan.patient_id.in_(patient_ids))
        .order_by(Task.id)
        .with_for_update(of=Task)
    )
    rows = work.session.execute(query).all()
    chosen = {patient_id: _heir(work, user_id, patient_id, heirs) for patient_id in {each for _task, each in rows}}
    lacking = [patient_id for patient_id, heir in chosen.items() if heir is None]
    if lacking:
        found = work.session.scalars(select(Patient).where(Patient.id.in_(lacking)).order_by(Patient.name_key))
        raise HeirNeeded(found.all())
    for task, patient_id in rows:
        heir = chosen[patient_id]
        assert heir is not None
        put(work, task, patient_id, "assigned", **heir.columns())
        tell_assignee(work, task, patient_id)


def _heir(work: Work, leaving: int, patient_id: int, heirs: Mapping[int, int]) -> Assignee | None:
    named = heirs.get(patient_id)
    if named == RESPONSIBLE:
        named = work.session.scalar(
            select(ResponsibleClinician.user_id).where(
                ResponsibleClinician.patient_id == patient_id, ResponsibleClinician.until.is_(None)
            )
        )
    if named is None or named == leaving:
        return None
    heir = Assignee(user_id=named)
    return heir if unfit(work, patient_id, heir) is None else None
