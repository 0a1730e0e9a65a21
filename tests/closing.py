"""Plans that are closed, for tests: Dana closes Maria's."""

from flask import Flask

from access import loaders
from access.permissions import Permission
from actions import alerts, plan_states, versions
from actions.plan_states import Closing
from models.plan_state import State
from tests.personas import DANA, Persona, actor, patient_id

CALL = "Dr. Weber, 01 555 0144"


def closing(state: State = State.DISCHARGED, **changed: str) -> Closing:
    words = {
        "outcome": "Walks an hour, pain 2.",
        "plain_words": "You can do this by yourself now.",
        "call": CALL,
        "called": "Plan closed",
        "task_reason": "The plan was closed.",
        "transferred_to": "Practice at the lake" if state is State.TRANSFERRED else "",
    }
    return Closing(state=state, **{**words, **changed})


def close(app: Flask, state: State = State.DISCHARGED, name: str = "Maria Kovač", by: Persona = DANA) -> None:
    """Of alerts that wait it is put on record first what was done. Call it outside of any context."""
    house = app.extensions["consilium"]
    with app.app_context():
        patient = patient_id(name)
        for alert in alerts.of_patient(patient):
            if alert.acknowledged_at is None:
                done = loaders.alert(actor(by), patient, alert.id)
                with house.units.begin(done.actor) as work:
                    alerts.acknowledge(work, done, "Phoned.")
        grant = loaders.patient(actor(by), patient, Permission.PLAN_STATE_CHANGE)
        with house.units.begin(grant.actor, versions.documents_of(grant.plan.id)) as work:
            plan_states.close(work, house.hub, grant, closing(state))


def pause(app: Flask, name: str = "Maria Kovač", by: Persona = DANA) -> None:
    house = app.extensions["consilium"]
    with app.app_context():
        grant = loaders.patient(actor(by), patient_id(name), Permission.PLAN_STATE_CHANGE)
        with house.units.begin(grant.actor) as work:
            plan_states.pause(work, grant, "In hospital until Friday.")


def reopen(app: Flask, name: str = "Maria Kovač", by: Persona = DANA, *, takes_up: bool = True) -> None:
    house = app.extensions["consilium"]
    with app.app_context():
        grant = loaders.patient(actor(by), patient_id(name), Permission.PLAN_STATE_CHANGE)
        with house.units.begin(grant.actor) as work:
            plan_states.reopen(work, grant, "The pain came back.", takes_up=takes_up)
