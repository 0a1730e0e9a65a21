"""Forms about tasks."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, IntegerField, SelectField, StringField
from wtforms.widgets import HiddenInput

from actions.task_drafts import MAX_TITLE, Assignee, Draft
from actions.unfit import Fault, Problem, Unfit
from blueprints.forms.fields import DayField, options, paragraph
from models.task import Priority, Rhythm, TaskState
from rendering.rhythms import MOST_A_WEEK, often
from rendering.tasks import PRIORITIES, STATES


class TaskForm(FlaskForm):  # type: ignore[misc]
    """`assignee` is user:3, discipline:2 or patient. `based_on` is the last change that the form shows.

    `dose_seen` is the patient's text whose likeness to a dose was pointed out. `thread` and `section` (a key) say where
    the task comes from.
    """

    title = StringField(_l("What is to be done"), description=_l("One line, at most 200 characters."))
    assignee = SelectField(_l("For"), validate_choice=False)
    plain_text = paragraph(
        _l("What the patient reads"),
        length=20_000,
        description=_l("For a task of the patient: plain words, as you would say it. Never a dose."),
    )
    often = SelectField(
        _l("How often"), default=Rhythm.ONCE.value, description=_l("The patient ticks it at home, for each day.")
    )
    due = DayField(
        _l("Due"),
        description=_l("Like 1 Dec 2026 or 1.12.2026. May stay empty; of a task that comes back, its last day."),
    )
    priority = SelectField(_l("Priority"), default=Priority.NORMAL.value)
    details = paragraph(_l("Details"), length=20_000, description=_l("**bold**, *italic*, - list. May stay empty."))
    dose_seen = HiddenField(default="")
    based_on = IntegerField(widget=HiddenInput(), default=0)
    thread = HiddenField(default="")
    section = HiddenField(default="")

    def offer(self, people: list[tuple[str, str]]) -> None:
        self.assignee.choices = options([("", _("Choose…")), *people])
        self.often.choices = options(
            (how_often(rhythm, times), often(rhythm, times).capitalize())
            for rhythm in Rhythm
            for times in (range(1, MOST_A_WEEK + 1) if rhythm is Rhythm.WEEKLY else (None,))
        )
        self.priority.choices = options((key.value, words) for key, words in PRIORITIES.items())

    def draft(self) -> Draft:
        rhythm, _colon, times = self.often.data.partition(":")
        return Draft(
            title=" ".join((self.title.data or "").replace("\0", "").split()),
            assignee=assignee_of(self.assignee.data or ""),
            details=self.details.data or "",
            plain_text=self.plain_text.data or "",
            priority=Priority(self.priority.data),
            due=self.due.data,
            rhythm=Rhythm(rhythm),
            times_a_week=int(times) if times else None,
            dose_seen=(self.dose_seen.data or "").replace("\r\n", "\n"),
        )


def how_often(rhythm: str, times_a_week: int | None) -> str:
    """What the form sends of a rhythm: once, daily, every other day, weekly:3."""
    return f"{rhythm}:{times_a_week}" if rhythm == Rhythm.WEEKLY else rhythm


def assignee_of(words: str) -> Assignee | None:
    """Whom user:3, discipline:2 or patient names; None for anything else."""
    kind, _colon, number = words.partition(":")
    if words == "patient":
        return Assignee(is_patient=True)
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        return None
    return {"user": Assignee(user_id=int(number)), "discipline": Assignee(discipline_id=int(number))}.get(kind)


def explain(form: TaskForm, error: Unfit) -> None:
    """Put what is wrong beside its field."""
    for field, fault in error.faults.items():
        target = form[field]
        target.errors = [*target.errors, words_for(field, fault)]


def words_for(field: str, fault: Fault) -> str:
    """One sentence that says what is wrong and what to do."""
    if field == "title":
        return str(
            _("Write what is to be done.")
            if fault.problem is Problem.EMPTY
            else _("At most %(max)d characters. Move the rest to the details.", max=MAX_TITLE)
        )
    if field == "plain_text" and fault.problem is Problem.EMPTY:
        return str(_("Write what the patient reads, in plain words."))
    if field == "reason":
        return str(
            _("Say why it was not done.")
            if fault.problem is Problem.EMPTY
            else _("The reason is too long. A sentence is enough.")
        )
    if field == "state":
        state = STATES[TaskState(fault.about)]
        return str(_("Meanwhile somebody moved the task to %(state)s; nothing was changed.", state=state))
    if field == "undo":
        return str(
            _("Somebody changed the task since; nothing was taken back.")
            if fault.problem is Problem.CHANGED
            else _("It is too late to take this back. Change the task instead.")
        )
    if field == "assignee":
        return _about_assignee(fault)
    return {
        Problem.TOO_LONG: str(_("Too long: at most 20 kB.")),
        Problem.IN_THE_PAST: str(_("This day has passed. Choose today or a later day.")),
        Problem.LIKE_A_DOSE: str(
            _(
                "“%(words)s” reads like a medicine dose. A dose is never a task: it belongs on the prescription and in"
                " the plan. Change the words, or save again if it is none.",
                words=fault.about,
            )
        ),
        Problem.CHANGED: str(
            _("Somebody changed this task while you wrote. What it is now stands above; save again to put yours in.")
        ),
    }[fault.problem]


def _about_assignee(fault: Fault) -> str:
    if fault.problem is Problem.EMPTY:
        return str(_("Choose who is to do it."))
    if fault.problem is Problem.NOT_IN_CARE_TEAM:
        return str(_("This person is not in the care team. Choose somebody who is."))
    if fault.problem is Problem.NOT_INVOLVED:
        return str(
            _("%(name)s is not involved with this patient. Choose somebody else.", name=fault.about or _("This"))
        )
    who = fault.about or _("the patient")
    return str(_("Meanwhile the task went to %(name)s; nothing was changed.", name=who))
