"""My work as a person sees it: the page that staff begin with."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Generic, TypeVar

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from access import directory
from access.directory import Entry
from access.grants import Actor
from actions.my_work import changes, clinic, sections, talk, tasks
from actions.my_work.changes import Change, Changed, What
from actions.my_work.sections import Due, Need
from actions.my_work.talk import Waiting, Why
from actions.my_work.tasks import Group, Kind
from models.team import Team
from models.user import Role, User
from rendering import threads
from rendering.snippets import beginning
from rendering.tasks import TaskPicture, picture
from rendering.threads import pieces

Row = TypeVar("Row")

MOST = 6
"""Lines of a card; a link leads to all where there are more."""
RECENT = 6
"""Patients one click away."""


@dataclass(frozen=True, slots=True)
class TaskCard:
    tasks: Sequence[TaskPicture]
    total: int
    late: int


@dataclass(frozen=True, slots=True)
class WaitingRow:
    """`pieces` are a suggestion's, from the present words to the proposed ones; else `words` is what was said last."""

    url: str
    title: str
    patient: str
    author: str
    tone: str
    words: str
    pieces: Sequence[tuple[str, str]]
    at: datetime


@dataclass(frozen=True, slots=True)
class SectionRow:
    """`ask_url` begins a question to the section's discipline."""

    url: str
    ask_url: str
    title: str
    patient: str
    icon: str
    tone: str
    why: str
    is_empty: bool


@dataclass(frozen=True, slots=True)
class ChangedRow:
    """`by` did the last of it; `deeds` say who did what."""

    url: str
    patient: str
    by: str
    deeds: str
    at: datetime
    is_seen: bool


@dataclass(frozen=True, slots=True)
class Card(Generic[Row]):
    """The first rows of `total`."""

    rows: Sequence[Row]
    total: int


@dataclass(frozen=True, slots=True)
class Page:
    """What stands on the page. `shown` are the patients of whose records something does."""

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
    accounts: Sequence[User]
    teams: Sequence[Team]
    is_clinician: bool
    is_coordinator: bool
    is_admin: bool
    shown: frozenset[int]

    @property
    def summary(self) -> str:
        """What presses most, in one line."""
        late, waiting, sections = self.mine.late, self.waiting.total, self.sections.total
        words = (
            (late, ngettext("One task is late", "%(num)d tasks are late", late)),
            (waiting, ngettext("One waits for your answer", "%(num)d wait for your answer", waiting)),
            (sections, ngettext("One section needs you", "%(num)d sections need you", sections)),
        )
        return " · ".join(str(said) for number, said in words if number)


def page(actor: Actor, now: datetime, today: date) -> Page:
    """Everything at once, in a handful of statements however many patients there are."""
    reads = bool(actor.roles & {Role.CLINICIAN, Role.COORDINATOR})
    recent = directory.recent(actor, RECENT) if reads else []
    groups = tasks.groups(actor, today, MOST) if recent else dict.fromkeys(Kind, Group())
    waiting, unanswered = talk.waiting(actor, MOST) if recent else ([], [])
    own, missing = sections.due(actor, now, MOST) if recent else ([], [])
    found, total = changes.changed(actor, now, MOST) if recent else ([], 0)
    shown = {patient.id for group in groups.values() for _task, patient in group.tasks}
    shown |= {each.patient_id for rows in (waiting, unanswered, own, missing, found) for each in rows}
    return Page(
        first_name=actor.name.split()[0],
        recent=recent,
        **{kind.value: _tasks(groups[kind], actor, today) for kind in Kind},
        waiting=Card([_waiting(each) for each in waiting], waiting[0].total if waiting else 0),
        unanswered=Card([_waiting(each) for each in unanswered], unanswered[0].total if unanswered else 0),
        sections=Card([_section(each, now) for each in own], own[0].total if own else 0),
        missing=Card([_section(each, now) for each in missing], missing[0].total if missing else 0),
        changed=Card([_changed(each) for each in found], total),
        accounts=clinic.not_begun(actor, MOST),
        teams=clinic.without_lead(actor, MOST),
        is_clinician=Role.CLINICIAN in actor.roles,
        is_coordinator=Role.COORDINATOR in actor.roles,
        is_admin=Role.ADMIN in actor.roles,
        shown=frozenset(shown),
    )


def greeting(hour: int, name: str) -> str:
    """`hour` is the clinic's, 0–23."""
    if hour < 12:
        return str(_("Good morning, %(name)s", name=name))
    return str(_("Good afternoon, %(name)s", name=name) if hour < 18 else _("Good evening, %(name)s", name=name))


def _tasks(group: Group, actor: Actor, today: date) -> TaskCard:
    return TaskCard([picture(task, patient, actor, today) for task, patient in group.tasks], group.total, group.late)


def _waiting(row: Waiting) -> WaitingRow:
    titles = {
        Why.SUGGESTION: _("%(name)s suggests other words for %(section)s", name=row.author, section=row.section),
        Why.QUESTION: _("%(name)s asks %(discipline)s", name=row.author, discipline=row.asked),
        Why.UNANSWERED: _("%(name)s asks %(discipline)s", name=row.author, discipline=row.asked),
        Why.CONFLICT: _("A conflict with %(section)s, says %(name)s", section=row.section, name=row.author),
        Why.MENTION: _("%(name)s mentioned you", name=row.author),
        Why.REPLY: _("%(name)s answered", name=row.author),
    }
    is_suggestion = row.why is Why.SUGGESTION and row.replacement is not None
    return WaitingRow(
        url=threads.address(row.patient_id, row.thread_id),
        title=str(titles[row.why]),
        patient=row.patient,
        author=row.author,
        tone=row.tone or "",
        words=beginning(row.body),
        pieces=pieces(row.quote, row.replacement or "") if is_suggestion else (),
        at=row.opened_at if row.why is Why.UNANSWERED else row.at,
    )


def _section(row: Due, now: datetime) -> SectionRow:
    weeks = (now - row.changed_at) // timedelta(weeks=1)
    name = row.patient.split()[0]
    words = {
        Need.EMPTY: _("Nothing written yet"),
        Need.NO_PLAIN_TEXT: _("%(name)s’s text is empty", name=name),
        Need.UNTOUCHED: ngettext("Last changed a week ago", "Last changed %(num)d weeks ago", weeks),
        Need.BEHIND: _("%(name)s’s text is behind: the team’s text changed since", name=name),
    }
    return SectionRow(
        url=url_for("board.show", patient_id=row.patient_id, _anchor=f"section-{row.section_key}"),
        ask_url=url_for(
            "threads.new",
            patient_id=row.patient_id,
            kind="question",
            document=row.document_id,
            discipline=row.discipline_id,
        ),
        title=row.title,
        patient=row.patient,
        icon=row.icon,
        tone=row.tone,
        why=str(words[row.need]),
        is_empty=row.need is Need.EMPTY,
    )


def _changed(row: Changed) -> ChangedRow:
    by: dict[str, list[Change]] = {}
    for change in row.changes:
        by.setdefault(change.by, []).append(change)
    deeds = [f"{name}: {', '.join(_deeds(each))}" for name, each in by.items()]
    return ChangedRow(
        url=url_for("board.show", patient_id=row.patient_id),
        patient=row.name,
        by=row.changes[0].by if row.changes else "",
        deeds=" · ".join(deeds),
        at=row.at,
        is_seen=row.is_seen,
    )


def _deeds(of_one: Sequence[Change]) -> Iterator[str]:
    """What one person did: the sections by their titles, the rest by its number."""
    for change in of_one:
        match change.what:
            case What.SECTION:
                yield change.title or ""
            case What.JOINED:
                yield str(_("took you into the care team"))
            case What.STATEMENT:
                yield str(_("what matters"))
            case What.COMMENT:
                yield str(ngettext("a comment", "%(num)d comments", change.count))
            case What.TASK_MADE:
                yield str(ngettext("a new task", "%(num)d new tasks", change.count))
            case What.TASK_CHANGED:
                yield str(ngettext("a task changed", "%(num)d tasks changed", change.count))
