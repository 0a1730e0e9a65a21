"""The clinic's settings, changed by its administrators; every former state is kept with its witness."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from itertools import pairwise
from zoneinfo import available_timezones

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from access.grants import ClinicGrant
from actions.clinic_now import EMERGENCY_BLOCK, Clinic, latest
from actions.unfit import Fault, Problem, Unfit
from actions.unit_of_work import Work
from models.base import db
from models.clinic import ClinicSettings, dialled

LONGEST = {"name": 80, "timezone": 60, "team_hours": 120}
"""Characters of those that are not telephone numbers."""
NUMBERS = ("team_phone", "emergency_number", "crisis_line")
MOST_MINUTES, MOST_WORKING_DAYS = 24 * 60, 10


class ChangedMeanwhile(ValueError):
    """Somebody else changed the settings after they were shown."""


@dataclass(frozen=True, slots=True)
class Change:
    """Who changed what, and when; `fields` are (name, former, new). The first one has the settings it began from."""

    by: str
    at: datetime
    fields: Sequence[tuple[str, str, str]]


def changes(unset: Clinic) -> Sequence[Change]:
    """Every change, latest first."""
    rows = db.session.scalars(select(ClinicSettings).options(joinedload(ClinicSettings.by)).order_by(ClinicSettings.id))
    states: list[tuple[Clinic, ClinicSettings | None]] = [(unset, None)]
    states += [(_values(row), row) for row in rows.unique()]
    found = []
    for (former, _before), (now, row) in pairwise(states):
        assert row is not None
        found.append(Change(row.by.name, row.at, _differences(former, now)))
    return found[::-1]


def change(work: Work, grant: ClinicGrant, wanted: Clinic, based_on: int) -> None:
    """Let other settings hold from now on. The same as before: no row.

    `based_on` is the id of the row that was shown, 0 when there was none. Raises Unfit, or ChangedMeanwhile when
    another row holds by now.
    """
    row = latest(work.session)
    former = _values(row) if row is not None else None
    if former == wanted:
        return
    if (row.id if row is not None else 0) != based_on:
        raise ChangedMeanwhile
    faults = _faults(former, wanted)
    if faults:
        raise Unfit(faults)
    work.session.add(ClinicSettings(at=work.now, by_id=work.actor_id, **asdict(wanted)))
    changed = [name for name, _before, _after in _differences(former or work.clinic.unset, wanted)]
    work.record(grant.permission, "clinic:1", change="settings", fields=changed)
    work.after_commit(work.clinic.forget)


def _faults(former: Clinic | None, wanted: Clinic) -> dict[str, Fault | Problem]:
    found: dict[str, Fault | Problem] = {}
    for name in ("name", "timezone"):
        if not getattr(wanted, name):
            found[name] = Problem.EMPTY
    for name, longest in LONGEST.items():
        if len(getattr(wanted, name)) > longest:
            found[name] = Fault(Problem.TOO_LONG, str(longest))
    if wanted.timezone and wanted.timezone not in available_timezones():
        found["timezone"] = Problem.UNKNOWN_NAME
    for name in NUMBERS:
        if getattr(wanted, name) and not _can_be_dialled(getattr(wanted, name)):
            found[name] = Problem.MALFORMED
    for name in EMERGENCY_BLOCK:  # a number that patients have is mended, never taken away
        if former is not None and getattr(former, name) and not getattr(wanted, name):
            found[name] = Problem.EMPTY
    for name, most in (("escalation_minutes", MOST_MINUTES), ("escalation_working_days", MOST_WORKING_DAYS)):
        if not 1 <= getattr(wanted, name) <= most:
            found[name] = Fault(Problem.MALFORMED, str(most))
    return found


def _can_be_dialled(number: str) -> bool:
    try:
        dialled(number)
    except ValueError:
        return False
    return True


def _values(row: ClinicSettings) -> Clinic:
    return Clinic(**{each.name: getattr(row, each.name) for each in fields(Clinic)})


def _differences(former: Clinic, now: Clinic) -> list[tuple[str, str, str]]:
    pairs = [(each.name, str(getattr(former, each.name)), str(getattr(now, each.name))) for each in fields(Clinic)]
    return [(name, before, after) for name, before, after in pairs if before != after]
