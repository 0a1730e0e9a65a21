"""Plans that rest, and plans that have ended."""

import tomllib
from collections.abc import Iterator, Mapping
from functools import partial

from access import loaders
from access.permissions import Permission
from actions import plan_states, versions
from actions.plan_states import Closing
from cli.demo.content import CONTENT
from cli.demo.past import Event, Past
from models.plan_state import State


def events(past: Past) -> Iterator[Event]:
    """Each at its moment; nothing is done with the plans that ended after it."""
    page = tomllib.loads((CONTENT / "endings.toml").read_text(encoding="utf-8"))
    for number, told in enumerate(page["state"]):
        yield Event(past.ago(told["ago"], f"ending {number}"), partial(_enter, past, told), weight=2)


def _enter(past: Past, told: Mapping[str, str]) -> None:
    by = past.actors[told["by"]]
    grant = loaders.patient(by, past.patients[told["patient"]], Permission.PLAN_STATE_CHANGE)
    state = State(told["state"])
    with past.units.begin(by, versions.documents_of(grant.plan.id)) as work:
        if state is State.PAUSED:
            plan_states.pause(work, grant, told["reason"])
            return
        words = (told["outcome"], told["plain_words"], told["call"])
        plan_states.close(work, past.hub, grant, Closing(state, *words, "Plan closed", "The plan was closed."))
