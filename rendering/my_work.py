"""My work as a person sees it: the page that staff begin with."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Generic, TypeVar

from flask_babel import gettext as _
from flask_babel import ngettext

from access import directory
from access.directory import Entry
from access.grants import Actor
from actions import pressing
from actions.my_work import changes, clinic, sections, signatures, talk, tasks
from actions.my_work.signatures import ToSign
from actions.my_work.tasks import Group, Kind
from actions.pressing import OpenAlert, WaitingQuestion
from models.team import Team
from models.user import Role, User
from rendering.tasks import TaskPicture, picture
from rendering.work_rows import ChangedRow, SectionRow, WaitingRow, changed_row, section_row, waiting_row

Row = TypeVar("Row")

MOST = 6
"""Lines of a card; a link leads to all where there are more."""
MANY = 100
"""Lines of the one card that is shown whole."""
RECENT = 6
"""Patients one click away."""


@dataclass(frozen=True, slots=True)
class TaskCard:
    tasks: Sequence[TaskPicture]
    total: int
    late: int


@dataclass(frozen=True, slots=True)
class Card(Generic[Row]):
    """The first rows of `total`."""

    rows: Sequence[Row]
    total: int


@dataclass(frozen=True, slots=True)
class Page:
    """What stands on the page. `whole` names the card that is shown whole, if any; `shown` are the patients of whose
    records something is."""

    first_name: str
    recent: Sequence[Entry]
    mine: TaskCard
    ours: TaskCard
    late: TaskCard
    waiting: Card[WaitingRow]
    unanswered: Card[WaitingRow]
    sections: Card[SectionRow]
    missing: Card[SectionRow]
    changed: Card[ChangedRow]
    to_sign: Sequence[ToSign]
    alerts: Sequence[OpenAlert]
    asked: Card[WaitingQuestion]
    accounts: Sequence[User]
    teams: Sequence[Team]
    whole: str
    is_clinician: bool
    is_coordinator: bool
    is_admin: bool
    shown: frozenset[int]

    @property
    def most(self) -> int:
        """Rows of a card that is not shown whole."""
        return MOST

    @property
    def summary(self) -> str:
        """What presses most, in one line."""
        late, waiting, sections = self.mine.late, self.waiting.total, self.sections.total
        alerts, asked = len(self.alerts), self.asked.total
        words = (
            (alerts, ngettext("One alert", "%(num)d alerts", alerts)),
            (asked, ngettext("One patient asks", "%(num)d questions of patients", asked)),
            (late, ngettext("One task is late", "%(num)d tasks are late", late)),
            (len(self.to_sign), ngettext("One plan to sign", "%(num)d plans to sign", len(self.to_sign))),
            (waiting, ngettext("One waits for your answer", "%(num)d wait for your answer", waiting)),
            (sections, ngettext("One section needs you", "%(num)d sections need you", sections)),
        )
        return " · ".join(str(said) for number, said in words if number)


def page(actor: Actor, now: datetime, today: date, whole: str = "") -> Page:
    """Everything at once, in a handful of statements however many patients there are."""
    reads = bool(actor.roles & {Role.CLINICIAN, Role.COORDINATOR})
    recent = directory.recent(actor, RECENT) if reads else []
    groups = tasks.groups(actor, today, MOST) if recent else dict.fromkeys(Kind, Group())
    waiting, unanswered = talk.waiting(actor, _most(whole, "waiting", "unanswered")) if recent else ([], [])
    own, missing = sections.due(actor, now, _most(whole, "sections", "missing")) if recent else ([], [])
    found, changed = changes.changed(actor, now, _most(whole, "changed")) if recent else ([], 0)
    waits, asked, due, missed = (rows[0].total if rows else 0 for rows in (waiting, unanswered, own, missing))
    waiting, unanswered = waiting[: _most(whole, "waiting")], unanswered[: _most(whole, "unanswered")]
    own, missing = own[: _most(whole, "sections")], missing[: _most(whole, "missing")]
    shown = {patient.id for group in groups.values() for _task, patient in group.tasks}
    presses = pressing.of_actor(actor)
    signing = signatures.to_sign(actor) if recent and Role.CLINICIAN in actor.roles else []
    shown |= {each.patient_id for rows in (waiting, unanswered, own, missing, found, signing) for each in rows}
    shown |= {each.patient_id for rows in (presses.alerts, presses.questions) for each in rows}
    return Page(
        first_name=actor.name.split()[0],
        recent=recent,
        **{kind.value: _tasks(groups[kind], actor, today) for kind in Kind},
        waiting=Card([waiting_row(each) for each in waiting], waits),
        unanswered=Card([waiting_row(each) for each in unanswered], asked),
        sections=Card([section_row(each, now) for each in own], due),
        missing=Card([section_row(each, now) for each in missing], missed),
        changed=Card([changed_row(each) for each in found], changed),
        to_sign=signing,
        alerts=presses.alerts,
        asked=Card(presses.lines[: _most(whole, "asked")], len(presses.lines)),
        accounts=clinic.not_begun(actor, MOST),
        teams=clinic.without_lead(actor, MOST),
        whole=whole,
        is_clinician=Role.CLINICIAN in actor.roles,
        is_coordinator=Role.COORDINATOR in actor.roles,
        is_admin=Role.ADMIN in actor.roles,
        shown=frozenset(shown),
    )


def _most(whole: str, *names: str) -> int:
    """How many rows to show of cards of these names."""
    return MANY if whole in names else MOST


def greeting(hour: int, name: str) -> str:
    """`hour` is the clinic's, 0–23."""
    if hour < 12:
        return str(_("Good morning, %(name)s", name=name))
    return str(_("Good afternoon, %(name)s", name=name) if hour < 18 else _("Good evening, %(name)s", name=name))


def _tasks(group: Group, actor: Actor, today: date) -> TaskCard:
    return TaskCard([picture(task, patient, actor, today) for task, patient in group.tasks], group.total, group.late)
