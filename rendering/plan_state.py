"""What staff read of the state of a plan: its words, its history, and what closing it would do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from access.closed import READS_ON, reads_until
from access.grants import PatientGrant
from access.permissions import Permission
from actions import plan_states
from models.plan_state import PlanState, State


@dataclass(frozen=True, slots=True)
class Page:
    """`history` is latest first; `open_tasks` would end with the plan, `ended_tasks` could be taken up again.
    `reads_until` is when the patient of a closed plan reads it last; `reads_days` how long in all."""

    present: State
    row: PlanState | None
    history: Sequence[PlanState]
    open_tasks: int
    ended_tasks: int
    reads_until: datetime | None
    reads_days: int


def page(grant: PatientGrant) -> Page:
    row = grant.state
    is_closed = row is not None and row.is_closed
    may = grant.may(Permission.PLAN_STATE_CHANGE)
    return Page(
        present=State(row.state) if row is not None else State.ACTIVE,
        row=row,
        history=plan_states.history(grant.plan.id),
        open_tasks=plan_states.open_tasks(grant.plan.id) if may and not is_closed else 0,
        ended_tasks=plan_states.could_take_up(grant) if may and is_closed else 0,
        reads_until=reads_until(row) if row is not None and is_closed else None,
        reads_days=READS_ON.days,
    )


def name(state: str, first_name: str) -> str:
    """What a state is called, beside a patient's name."""
    names = {
        State.ACTIVE: _("Active"),
        State.PAUSED: _("Paused"),
        State.DISCHARGED: _("Closed: discharged"),
        State.TRANSFERRED: _("Closed: transferred"),
        State.DIED: _("Closed: %(name)s has died", name=first_name),
    }
    return str(names[State(state)])
