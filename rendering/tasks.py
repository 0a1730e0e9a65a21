"""How a task looks, in every list, column and page."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import format_date, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from access.grants import Actor, PatientGrant
from access.permissions import Permission
from actions import task_lists
from actions.colleagues import Colleague, colleagues
from actions.task_drafts import Assignee
from actions.task_lists import Filter
from models.discipline import Discipline
from models.patient import Patient
from models.task import ENDED, Priority, Rhythm, Task, TaskState
from rendering.board import Banner
from rendering.rhythms import often, this_week

IN_PANEL = 8
STATES = {
    TaskState.OPEN: _l("Open"),
    TaskState.DOING: _l("Doing"),
    TaskState.DONE: _l("Done"),
    TaskState.NOT_DONE: _l("Not done"),
}
PRIORITIES = {Priority.HIGH: _l("High"), Priority.NORMAL: _l("Normal"), Priority.LOW: _l("Low")}


@dataclass(frozen=True, slots=True)
class Who:
    """Whose a task is. `value` is what a form sends: user:3, discipline:2 or patient."""

    value: str
    name: str
    tone: str
    mark: str
    """Initials, or empty for a discipline and the patient, which have an `icon`."""
    icon: str = ""


@dataclass(frozen=True, slots=True)
class TaskPicture:
    """One task as its partial shows it; `timing` is late, today or empty, and `due_words` say it."""

    id: int
    patient_id: int
    patient_name: str
    title: str
    state: TaskState
    is_ended: bool
    priority: Priority
    due: date | None
    due_words: str
    timing: str
    who: Who
    is_mine: bool
    may_take: bool
    reason: str
    ended_by: str
    ended_at: datetime | None
    is_from_thread: bool
    is_from_section: bool
    often: str = ""
    """Of a repeating task for the patient, as the next two."""
    at_home: str = ""
    """How many of this week the patient ticked, or when the patient did what is done once."""
    unsure: str = ""
    """When the patient said that they are not sure how."""


@dataclass(frozen=True, slots=True)
class Panel:
    """What stands beside the board: the tasks due next, how many are open, and who may be given one."""

    due_next: Sequence[TaskPicture]
    total: int
    choices: Sequence[Who]
    may_write: bool


def value_of(assignee: Assignee) -> str:
    if assignee.is_patient:
        return "patient"
    return f"discipline:{assignee.discipline_id}" if assignee.discipline_id else f"user:{assignee.user_id}"


def picture(task: Task, patient: Patient, actor: Actor, today: date, first_name: str | None = None) -> TaskPicture:
    """`first_name` is how the patient wants to be called, where that is known."""
    state = TaskState(task.state)
    ours = task.discipline is not None and task.discipline.key == actor.discipline
    timing = "" if state in ENDED or task.due is None else _timing(task.due, today)
    return TaskPicture(
        id=task.id,
        patient_id=patient.id,
        patient_name=patient.name,
        title=task.title,
        state=state,
        is_ended=state in ENDED,
        priority=Priority(task.priority),
        due=task.due,
        due_words=_due_words(task, today),
        timing=timing,
        who=_who(task, first_name or patient.name.split()[0]),
        is_mine=task.assignee_id == actor.user_id,
        may_take=ours and state not in ENDED,
        reason=task.reason,
        ended_by=task.ended_by.name if task.ended_by else "",
        ended_at=task.ended_at,
        is_from_thread=task.origin is not None and task.origin.thread_id is not None,
        is_from_section=task.origin is not None and task.origin.section_id is not None,
        **(_at_home(task) if task.for_patient and state not in ENDED else {}),
    )


def pictures(grant: PatientGrant, tasks: Iterable[Task], first_name: str, today: date) -> list[TaskPicture]:
    return [picture(task, grant.patient, grant.actor, today, first_name) for task in tasks]


def panel(
    grant: PatientGrant,
    head: Banner,
    today: date,
    people: Sequence[Colleague] | None = None,
    disciplines: Sequence[Discipline] | None = None,
) -> Panel:
    """`people` and `disciplines` are those who can be given a task, where they are known already."""
    tasks = task_lists.of_plan(grant, Filter(shown=IN_PANEL), today)
    return Panel(
        due_next=pictures(grant, tasks[:IN_PANEL], head.first_name, today),
        total=head.open_tasks or 0,
        choices=choices(grant, head.first_name, people, disciplines),
        may_write=grant.may(Permission.TASK_WRITE),
    )


def choices(
    grant: PatientGrant,
    first_name: str,
    people: Sequence[Colleague] | None = None,
    disciplines: Sequence[Discipline] | None = None,
) -> list[Who]:
    """Whom a task of this patient can be given to: oneself first, the care team, involved disciplines, the patient."""
    own = grant.actor.user_id
    if people is None:
        people = colleagues(grant.patient.id)
    if disciplines is None:
        disciplines = task_lists.involved(grant.patient.id)
    found = [
        Who(f"user:{each.id}", _("%(name)s (me)", name=each.name) if each.id == own else each.name, each.tone, "")
        for each in sorted(people, key=lambda each: each.id != own)
    ]
    found += [
        Who(f"discipline:{each.id}", _("Anyone of %(discipline)s", discipline=each.name), each.key, "", each.icon)
        for each in disciplines
    ]
    return [*found, Who("patient", first_name, "patient", "", "heart")]


def due_words(due: date | None, today: date, *, ended: bool = False) -> str:
    """2 days late, Due today, Due Fri 27 Nov."""
    if due is None:
        return ""
    days = (due - today).days
    if not ended and days < 0:
        return str(ngettext("1 day late", "%(num)d days late", -days))
    if not ended and days == 0:
        return str(_("Due today"))
    if not ended and days == 1:
        return str(_("Due tomorrow"))
    pattern = "EEE d MMM" if due.year == today.year else "EEE d MMM y"
    return str(_("Due %(day)s", day=format_date(due, pattern)))


def _due_words(task: Task, today: date) -> str:
    """A task that repeats runs until a day."""
    if task.rhythm == Rhythm.ONCE or task.due is None:
        return due_words(task.due, today, ended=task.state in ENDED)
    pattern = "EEE d MMM" if task.due.year == today.year else "EEE d MMM y"
    day = format_date(task.due, pattern)
    return str(_("ran until %(day)s", day=day) if task.due < today else _("until %(day)s", day=day))


def _at_home(task: Task) -> dict[str, str]:
    """What lists tell of a patient's task."""
    unsure = _("Not sure how, %(day)s", day=format_date(task.unsure_on, "EEE d MMM")) if task.unsure_on else ""
    if task.rhythm == Rhythm.ONCE:
        done = _("ticked %(day)s", day=format_date(task.done_on, "EEE d MMM")) if task.done_on else ""
        return {"at_home": str(done), "unsure": str(unsure)}
    return {
        "often": often(task.rhythm, task.times_a_week),
        "at_home": this_week(task.rhythm, task.times_a_week, task.ticked or 0),
        "unsure": str(unsure),
    }


def _timing(due: date, today: date) -> str:
    return "late" if due < today else "today" if due == today else ""


def _who(task: Task, first_name: str) -> Who:
    value = value_of(Assignee.of(task))
    if task.assignee is not None:
        tone = task.assignee.discipline.key if task.assignee.discipline else ""
        return Who(value, task.assignee.name, tone, task.assignee.initials)
    if task.discipline is not None:
        return Who(value, task.discipline.name, task.discipline.key, "", task.discipline.icon)
    return Who(value, first_name, "patient", "", "heart")
