"""Tasks: who may have them, how they move and end, what is kept of it, and who is told."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from access import loaders
from access.grants import Forbidden, Hidden, TaskGrant
from access.permissions import Permission
from actions import task_lists, task_undo, tasks
from actions.task_drafts import Assignee, Draft
from actions.unfit import Fault, Problem, Unfit
from actions.unit_of_work import Units
from models.audit import AuditEvent
from models.base import db
from models.discipline import Discipline
from models.notification import NoticeKind, Notification
from models.task import Priority, TaskState
from tests.conftest import MovableClock
from tests.databases.kinds import both
from tests.personas import AINO, CORA, DANA, LENA, OTTO, RAVI, Persona, actor, patient_id, user

pytestmark = [both, pytest.mark.usefixtures("context")]

TODAY = date(2026, 11, 24)


@pytest.fixture
def units(app: Flask) -> Units:
    found: Units = app.extensions["consilium"].units
    return found


class Desk:
    """Maria's tasks, as one of the cast handles them."""

    def __init__(self, units: Units) -> None:
        self.units = units
        self.maria = patient_id("Maria Kovač")

    def give(self, by: Persona, assignee: Assignee, title: str = "Send pool times", **more: object) -> int:
        grant = loaders.patient(actor(by), self.maria, Permission.TASK_WRITE)
        with self.units.begin(grant.actor) as work:
            return tasks.make(work, grant, Draft(title, assignee, **more), TODAY).task_id  # type: ignore[arg-type]

    def grant(self, by: Persona, task_id: int) -> TaskGrant:
        return loaders.task(actor(by), self.maria, task_id, Permission.TASK_WRITE)

    def move(
        self, by: Persona, task_id: int, to: TaskState, seen: TaskState = TaskState.OPEN, reason: str = ""
    ) -> int | None:
        grant = self.grant(by, task_id)
        with self.units.begin(grant.actor) as work:
            change = tasks.move(work, grant, to, seen, reason)
            return change.id if change else None

    def assign(self, by: Persona, task_id: int, to: Assignee, seen: Assignee | None = None) -> int | None:
        grant = self.grant(by, task_id)
        with self.units.begin(grant.actor) as work:
            change = tasks.assign(work, grant, to, seen)
            return change.id if change else None

    def undo(self, by: Persona, task_id: int, change_id: int | None) -> None:
        grant = self.grant(by, task_id)
        with self.units.begin(grant.actor) as work:
            task_undo.undo(work, grant, change_id or 0)


@pytest.fixture
def desk(units: Units) -> Iterator[Desk]:
    return Desk(units)


def of(persona: Persona) -> Assignee:
    return Assignee(user_id=user(persona).id)


def discipline(key: str) -> Assignee:
    return Assignee(discipline_id=db.session.scalars(select(Discipline.id).where(Discipline.key == key)).one())


def told(task_id: int) -> set[tuple[str, str]]:
    rows = db.session.scalars(select(Notification).where(Notification.task_id == task_id))
    return {(row.user.name, row.kind) for row in rows}


def faults(caught: pytest.ExceptionInfo[Unfit]) -> dict[str, Fault]:
    return caught.value.faults


def test_a_task_is_given_kept_recorded_and_told(desk: Desk) -> None:
    number = desk.give(DANA, of(RAVI), due=date(2026, 12, 1), priority=Priority.HIGH, details="By **Friday**")
    task = desk.grant(RAVI, number).task
    assert (task.state, task.assignee_id, task.due, task.priority) == ("open", user(RAVI).id, date(2026, 12, 1), "high")
    (change,) = task.changes
    assert (change.kind, change.by.name, change.before) == ("made", "Dana Osei", {})
    assert change.after["due"] == "2026-12-01"
    assert told(number) == {("Ravi Thakur", NoticeKind.ASSIGNMENT)}
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.thing == f"task:{number}")).one()
    assert event.detail["change"] == "made"
    assert "pool" not in str(event.detail), "the audit holds no words of the record"


def test_what_is_wrong_is_said_by_field_and_nothing_is_made(desk: Desk) -> None:
    with pytest.raises(Unfit) as caught:
        desk.give(DANA, of(OTTO), title="", due=TODAY - timedelta(days=1), details="ä" * 10_001)
    assert {field: fault.problem for field, fault in faults(caught).items()} == {
        "title": Problem.EMPTY,
        "assignee": Problem.NOT_IN_CARE_TEAM,
        "due": Problem.IN_THE_PAST,
        "details": Problem.TOO_LONG,
    }
    with pytest.raises(Unfit) as caught:
        desk.give(DANA, Assignee(discipline_id=987_654), title="x" * 201)
    assert faults(caught) == {"title": Fault(Problem.TOO_LONG), "assignee": Fault(Problem.NOT_INVOLVED)}
    assert task_lists.states(loaders.patient(actor(DANA), desk.maria, Permission.TASK_VIEW))[TaskState.OPEN] == 0


def test_a_task_of_the_patient_needs_plain_words_and_no_dose(desk: Desk) -> None:
    patient = Assignee(is_patient=True)
    with pytest.raises(Unfit) as caught:
        desk.give(DANA, patient)
    assert faults(caught) == {"plain_text": Fault(Problem.EMPTY)}
    dose = "Take two tablets before bed."
    with pytest.raises(Unfit) as caught:
        desk.give(DANA, patient, plain_text=dose)
    assert faults(caught) == {"plain_text": Fault(Problem.LIKE_A_DOSE, "Take two tablets before bed")}
    number = desk.give(DANA, patient, plain_text=dose, dose_seen=dose)
    assert desk.grant(DANA, number).task.for_patient
    assert told(number) == set()
    given = desk.give(DANA, of(RAVI), title="Write 180 mg/day into the letter")
    assert desk.grant(DANA, given).task.title.startswith("Write"), "a dose concerns the patient's tasks alone"


def test_a_strangers_task_is_hidden_as_if_there_were_none(desk: Desk) -> None:
    number = desk.give(DANA, of(RAVI))
    for missing in (number, 987_654):
        with pytest.raises(Hidden):
            loaders.task(actor(OTTO), desk.maria, missing, Permission.TASK_VIEW)
    ines = patient_id("Ines Duarte")
    with pytest.raises(Hidden):
        loaders.task(actor(OTTO), ines, number, Permission.TASK_VIEW)
    with pytest.raises(Forbidden):
        loaders.task(actor(CORA), ines, number, Permission.TASK_VIEW)
    assert loaders.some_tasks(actor(OTTO), [number], Permission.TASK_WRITE) == []
    assert [each.task.id for each in loaders.some_tasks(actor(CORA), [number], Permission.TASK_WRITE)] == [number]


def test_it_ends_done_or_not_done_for_a_reason(desk: Desk, clock: MovableClock) -> None:
    number = desk.give(DANA, of(RAVI))
    with pytest.raises(Unfit) as caught:
        desk.move(RAVI, number, TaskState.NOT_DONE)
    assert faults(caught) == {"reason": Fault(Problem.EMPTY)}
    clock.advance(hours=1)
    desk.move(RAVI, number, TaskState.NOT_DONE, reason="GP was away")
    task = desk.grant(DANA, number).task
    assert (task.state, task.reason, task.ended_by_id, task.ended_at) == (
        "not_done",
        "GP was away",
        user(RAVI).id,
        clock.now,
    )
    assert ("Dana Osei", NoticeKind.TASK_ENDED) in told(number)
    desk.move(DANA, number, TaskState.OPEN, TaskState.NOT_DONE)
    task = desk.grant(DANA, number).task
    assert (task.state, task.reason, task.ended_at) == ("open", "", None)
    assert [change.after["state"] for change in task.changes] == ["open", "not_done", "open"]


def test_who_comes_later_sees_what_is(desk: Desk) -> None:
    number = desk.give(DANA, of(RAVI))
    desk.move(RAVI, number, TaskState.DOING)
    with pytest.raises(Unfit) as caught:
        desk.move(LENA, number, TaskState.DONE, seen=TaskState.OPEN)
    assert faults(caught) == {"state": Fault(Problem.CHANGED, "doing")}
    assert desk.move(LENA, number, TaskState.DOING, seen=TaskState.OPEN) is None, "both wanted the same"
    desk.assign(DANA, number, of(LENA), seen=of(RAVI))
    with pytest.raises(Unfit) as caught:
        desk.assign(AINO, number, of(AINO), seen=of(RAVI))
    assert faults(caught) == {"assignee": Fault(Problem.CHANGED, "Lena Moreau")}


def test_a_form_shown_before_somebody_elses_change_is_not_saved_over_it(desk: Desk, units: Units) -> None:
    number = desk.give(DANA, of(RAVI))
    shown = task_lists.last_change(number)
    draft = Draft("Send pool times and prices", of(RAVI))
    grant = desk.grant(RAVI, number)
    with units.begin(grant.actor) as work:
        assert tasks.change(work, grant, draft, TODAY, shown) is not None
    with pytest.raises(Unfit) as caught, units.begin(actor(DANA)) as work:
        tasks.change(work, desk.grant(DANA, number), Draft("Send times", of(RAVI)), TODAY, shown)
    assert faults(caught) == {"based_on": Fault(Problem.CHANGED)}
    assert desk.grant(DANA, number).task.title == "Send pool times and prices"


def test_a_disciplines_task_is_taken_by_one_of_its_people(desk: Desk, units: Units) -> None:
    number = desk.give(DANA, discipline("psychology"))
    assert told(number) == {("Lena Moreau", NoticeKind.ASSIGNMENT)}
    for persona, problem in ((RAVI, Problem.NOT_INVOLVED), (LENA, None), (LENA, Problem.CHANGED)):
        grant = desk.grant(persona, number)
        if problem is None:
            with units.begin(grant.actor) as work:
                tasks.take(work, grant)
            continue
        with pytest.raises(Unfit) as caught, units.begin(grant.actor) as work:
            tasks.take(work, grant)
        assert faults(caught)["assignee"].problem is problem
    assert desk.grant(DANA, number).task.assignee_id == user(LENA).id


def test_the_last_change_is_taken_back_within_time(desk: Desk, clock: MovableClock) -> None:
    number = desk.give(DANA, of(RAVI))
    done = desk.move(RAVI, number, TaskState.DONE)
    clock.advance(seconds=9)
    desk.undo(RAVI, number, done)
    task = desk.grant(DANA, number).task
    assert (task.state, task.ended_at, task.ended_by_id) == ("open", None, None)
    assert told(number) == {("Ravi Thakur", NoticeKind.ASSIGNMENT)}, "nobody hears of an end that was taken back"
    assert [change.kind for change in task.changes] == ["made", "moved", "undone"]
    assigned = desk.assign(DANA, number, of(LENA))
    assert ("Lena Moreau", NoticeKind.ASSIGNMENT) in told(number)
    desk.undo(DANA, number, assigned)
    assert desk.grant(DANA, number).task.assignee_id == user(RAVI).id
    assert ("Lena Moreau", NoticeKind.ASSIGNMENT) not in told(number)


def test_what_is_not_ones_own_last_change_stays(desk: Desk, clock: MovableClock) -> None:
    number = desk.give(DANA, of(RAVI))
    done = desk.move(RAVI, number, TaskState.DONE)
    with pytest.raises(Unfit) as caught:
        desk.undo(DANA, number, done)
    assert faults(caught) == {"undo": Fault(Problem.TOO_LATE)}
    desk.move(DANA, number, TaskState.OPEN, seen=TaskState.DONE)
    with pytest.raises(Unfit) as caught:
        desk.undo(RAVI, number, done)
    assert faults(caught) == {"undo": Fault(Problem.CHANGED)}
    moved = desk.move(RAVI, number, TaskState.DOING)
    assert task_undo.offered(actor(RAVI), [moved or 0, done or 0], clock.now) == [(desk.maria, number, moved)]
    clock.advance(seconds=61)
    with pytest.raises(Unfit) as caught:
        desk.undo(RAVI, number, moved)
    assert faults(caught) == {"undo": Fault(Problem.TOO_LATE)}
    assert task_undo.offered(actor(RAVI), [moved or 0], clock.now) == []
