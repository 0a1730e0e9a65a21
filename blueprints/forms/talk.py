"""What people fill in for a discussion. The actions check it; here its faults get their words."""

import json
from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    HiddenField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice
from wtforms.widgets import CheckboxInput, ListWidget

from actions.comments import plain
from actions.openings import MAX_AROUND, Opening
from actions.unfit import Fault, Problem, Unfit
from blueprints.forms.fields import options
from models.thread import ThreadKind
from rendering.openings import Offer

MAX_ANCHOR = 2_000
"""Bytes of an anchor's JSON."""


def number(value: Any) -> int | None:
    """An id that the database can hold; 0 and nothing stand for none."""
    found = int(value) if value not in (None, "") else 0
    if not 0 <= found < 2**31:
        raise ValueError("no id")
    return found or None


def message(fault: Fault) -> str:
    """What is wrong, and what to do."""
    about = fault.about
    messages = {
        Problem.EMPTY: _("Please fill this in."),
        Problem.TOO_LONG: _("At most %(most)s characters.", most=about)
        if about
        else _("At most 20 kB. Shorten it, or put it where it can be read in peace."),
        Problem.MALFORMED: _("That could not be understood."),
        Problem.NOT_OF_THIS_PLAN: _("This is not part of the plan. Choose one of the list."),
        Problem.NOT_IN_CARE_TEAM: _("Somebody you mention is not in the care team, and could not read this."),
        Problem.UNKNOWN_NAME: _(
            "Nobody in the care team is called %(name)s. Choose from the list, or write it without @.", name=about
        ),
        Problem.SEVERAL_OF_THIS_NAME: _("There are several people called %(name)s. Write the whole name.", name=about),
        Problem.NOBODY_OF_THIS_DISCIPLINE: _("Nobody of %(discipline)s is in the care team yet.", discipline=about),
        Problem.SAME: _("This is the same as before. Change something."),
        Problem.ANSWERED: _("This suggestion was answered meanwhile."),
        Problem.UNANSWERED: _("Accept or decline the suggestion first."),
        Problem.CHANGED: _("This changed meanwhile. Look at it again, then decide."),
        Problem.WITHDRAWN: _("Its author has withdrawn it."),
        Problem.TOO_LATE: _("That was possible for ten seconds. Write it anew."),
        Problem.OTHER_WORDS: _(
            "The words were changed meanwhile. They read now: %(words)s", words=about or _("nothing")
        ),
        Problem.WORDS_GONE: _("These words no longer stand in the text. Decline, or change the text yourself."),
        Problem.WORDS_REPEATED: _(
            "These words stand in the text more than once. Change the text yourself, or decline."
        ),
    }
    return str(messages[fault.problem])


def messages(unfit: Unfit) -> dict[str, str]:
    """By field."""
    return {name: message(fault) for name, fault in unfit.faults.items()}


class _Checks(SelectMultipleField):  # type: ignore[misc]
    """People to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class ThreadForm(FlaskForm):  # type: ignore[misc]
    """A new thread. Choices of `document`, `discipline`, `other_section` and `mentions` are set by the view."""

    kind = SelectField(
        _l("What is it?"),
        choices=options(
            [
                (ThreadKind.DISCUSSION.value, _l("Comment")),
                (ThreadKind.QUESTION.value, _l("Question for a discipline")),
                (ThreadKind.CONFLICT.value, _l("Conflict between two sections")),
                (ThreadKind.SUGGESTION.value, _l("Suggestion of other words")),
            ]
        ),
    )
    document = SelectField(_l("About"), coerce=number, validate_choice=False)
    quote = TextAreaField(
        _l("On these words"), description=_l("Copied from the text as they stand there. Empty: on the whole.")
    )
    replacement = TextAreaField(_l("Words to put in their place"), description=_l("For a suggestion."))
    discipline = SelectField(_l("Question for"), coerce=number, validate_choice=False)
    other_section = SelectField(_l("In conflict with"), validate_choice=False)
    body = TextAreaField(_l("Comment"), description=_l("**bold**, *italic*, - list. @Name tells a colleague at once."))
    mentions = _Checks(_l("Tell at once"), coerce=int, validate_choice=False)
    anchor = HiddenField()
    before = HiddenField()
    after = HiddenField()
    task = StringField()

    def offer(self, found: Offer) -> None:
        """Set what may be chosen."""
        self.document.choices = options(found.documents, none=_("The whole plan"))
        self.discipline.choices = options(found.disciplines, none="–")
        self.other_section.choices = [SelectChoice("", "–"), *options(found.sections)]
        self.mentions.choices = options(found.people)
        if not found.can_suggest:
            self.kind.choices = [each for each in self.kind.choices if each.value != ThreadKind.SUGGESTION]

    def validate_anchor(self, field: HiddenField) -> None:
        """Two positions of the browser's and the epoch they are of, kept as they are."""
        if not field.data:
            return
        try:
            found = json.loads(field.data) if len(field.data.encode()) <= MAX_ANCHOR else None
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, dict) or not {"start", "end"} <= set(found) <= {"start", "end", "epoch"}:
            raise ValidationError(_("That could not be understood."))

    def validate_task(self, field: StringField) -> None:
        try:
            number(field.data)
        except ValueError:
            raise ValidationError(_("That could not be understood.")) from None

    def opening(self) -> Opening:
        """What a valid form asks for."""
        return Opening(
            kind=ThreadKind(self.kind.data),
            document_id=self.document.data,
            anchor=json.loads(self.anchor.data) if self.anchor.data else None,
            quote=_verbatim(self.quote.data),
            before=_verbatim(self.before.data)[-MAX_AROUND:],
            after=_verbatim(self.after.data)[:MAX_AROUND],
            body=plain(self.body.data or ""),
            mentions=frozenset(self.mentions.data or ()),
            discipline_id=self.discipline.data,
            other_section=self.other_section.data or "",
            replacement=_verbatim(self.replacement.data),
            task_id=number(self.task.data),
        )

    def take(self, unfit: Unfit) -> None:
        """Put what the action found beside its fields."""
        for name, words in messages(unfit).items():
            self[name].errors = [words]


def _verbatim(words: str | None) -> str:
    """Words of a text, with the line ends that it has; forms send others."""
    return (words or "").replace("\0", "").replace("\r\n", "\n")


def first_errors(form: FlaskForm) -> Mapping[str, str]:
    return {name: str(errors[0]) for name, errors in form.errors.items() if errors}
