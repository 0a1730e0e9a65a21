"""A plan is paused, closed and reopened: what ends, what stays, and what comes back."""

import pytest
from flask import Flask
from sqlalchemy import select

from access import loaders
from access.grants import PatientGrant
from access.permissions import Permission
from actions import automatic_versions, plan_states, versions
from actions.unfit import Problem, Unfit
from models.base import db
from models.plan_state import PlanState, State
from models.task import Task, TaskState
from models.version import Version, VersionKind
from tests.closing import close, closing, pause, reopen
from tests.conftest import MovableClock
from tests.databases.kinds import both
from tests.personas import DANA, LENA, RAVI, actor, patient_id
from tests.publishing import ask_of_maria, write

pytestmark = both


def grant_of(permission: Permission = Permission.PLAN_STATE_CHANGE) -> PatientGrant:
    return loaders.patient(actor(DANA), patient_id("Maria Kovač"), permission)


def task_state(task_id: int) -> tuple[str, str]:
    task = db.session.get_one(Task, task_id)
    return task.state, task.reason


def test_closing_ends_the_open_tasks_and_keeps_the_plan_as_it_stands(app: Flask) -> None:
    write(app, {"understanding": "Sleep first."})
    task = ask_of_maria(app, "Walk a bit.")
    close(app)
    with app.app_context():
        assert task_state(task) == (TaskState.NOT_DONE, "The plan was closed.")
        version = db.session.scalars(select(Version).order_by(Version.id.desc())).first()
        assert version is not None
        assert (version.kind, version.label, version.reason) == (
            VersionKind.NAMED,
            "Plan closed",
            "Walks an hour, pain 2.",
        )
        assert [each.task_id for each in version.tasks] == [task]
        state = grant_of().state
        assert state is not None
        assert (state.state, state.version_id, state.by_id) == (State.DISCHARGED, version.id, actor(DANA).user_id)


def test_what_ended_with_the_plan_is_taken_up_again_in_one_step(app: Flask, clock: MovableClock) -> None:
    task = ask_of_maria(app, "Walk a bit.")
    pause(app)
    clock.advance(days=1)
    close(app)
    clock.advance(days=1)
    with app.app_context():
        assert plan_states.could_take_up(grant_of()) == 1
    close(app, State.DIED)  # nothing ends a second time
    with app.app_context():
        assert plan_states.could_take_up(grant_of()) == 1
    reopen(app)
    with app.app_context():
        assert task_state(task) == (TaskState.OPEN, "")
        assert [each.kind for each in db.session.get_one(Task, task).changes] == ["made", "closed", "taken up"]
        kept = [(row.state, row.until is None) for row in reversed(plan_states.history(grant_of().plan.id))]
        assert kept == [("paused", False), ("discharged", False), ("died", False), ("active", True)]


def test_reopened_without_them_they_stay_ended_for_good(app: Flask, clock: MovableClock) -> None:
    task = ask_of_maria(app, "Walk a bit.")
    close(app)
    clock.advance(days=1)
    reopen(app, takes_up=False)
    with app.app_context():
        assert task_state(task)[0] == TaskState.NOT_DONE
    clock.advance(days=1)
    close(app)
    with app.app_context():
        assert plan_states.could_take_up(grant_of()) == 0


@pytest.mark.parametrize(
    ("state", "empty"),
    [
        (State.DISCHARGED, {"outcome", "plain_words", "call"}),
        (State.TRANSFERRED, {"outcome", "plain_words", "call", "transferred_to"}),
        (State.DIED, {"call"}),
    ],
)
def test_what_has_to_be_said_of_an_end(app: Flask, context: None, state: State, empty: set[str]) -> None:
    house, grant = app.extensions["consilium"], grant_of()
    nothing = closing(state, outcome=" ", plain_words="", call="", transferred_to="")
    with pytest.raises(Unfit) as unfit, house.units.begin(grant.actor, versions.documents_of(grant.plan.id)) as work:
        plan_states.close(work, house.hub, grant, nothing)
    assert set(unfit.value.faults) == empty
    assert db.session.scalar(select(PlanState.id)) is None


def test_a_state_that_is_there_already_is_not_entered_again(app: Flask) -> None:
    pause(app)
    with pytest.raises(Unfit) as unfit:
        pause(app)
    assert unfit.value.faults["state"].problem is Problem.CHANGED
    reopen(app)
    with pytest.raises(Unfit):
        reopen(app)
    close(app)
    with pytest.raises(Unfit):
        close(app)
    with pytest.raises(Unfit):
        pause(app)


def test_reopening_a_closed_plan_needs_a_reason(app: Flask) -> None:
    close(app)
    with app.app_context():
        grant = grant_of()
        with pytest.raises(Unfit) as unfit, app.extensions["consilium"].units.begin(grant.actor) as work:
            plan_states.reopen(work, grant, "  ", takes_up=False)
        assert set(unfit.value.faults) == {"reason"}


def test_only_the_responsible_and_the_lead_change_the_state(app: Flask, context: None) -> None:
    for persona in (LENA, RAVI):
        grant = loaders.patient(actor(persona), patient_id("Maria Kovač"), Permission.BOARD_VIEW)
        assert not grant.may(Permission.PLAN_STATE_CHANGE)


def test_no_version_is_taken_of_a_closed_plan(app: Flask, clock: MovableClock) -> None:
    write(app, {"understanding": "Sleep first."})
    close(app)
    clock.advance(days=2)
    with app.app_context():
        assert automatic_versions.due(clock()) == []
