"""Who looked at a record, in words: for the care team, and for the patient."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from flask_babel import gettext as _

from access.permissions import Permission
from actions.looks import Look, Page, Who
from models.portal import PortalRelation

KINDS: Mapping[str, Sequence[Permission]] = {
    "history": (Permission.PLAN_HISTORY, Permission.VERSION_NAME, Permission.RESTORE),
    "talk": (Permission.THREAD_VIEW, Permission.THREAD_WRITE, Permission.SUGGESTION_MAKE),
    "tasks": (Permission.TASK_VIEW, Permission.TASK_WRITE, Permission.TASKS_LIST),
    "about": (
        *(Permission.PATIENT_VIEW, Permission.IDENTITY_CORRECT, Permission.ABOUT_VIEW, Permission.ABOUT_EDIT),
        *(Permission.CARE_TEAM_VIEW, Permission.CARE_TEAM_EDIT, Permission.LOOKS_VIEW),
    ),
    "questions": (
        *(Permission.QUESTIONS_VIEW, Permission.QUESTION_RECORD, Permission.QUESTION_ANSWER),
        *(Permission.ALERTS, Permission.ALERT_ACKNOWLEDGE),
    ),
    "lists": (Permission.SEARCH, Permission.WORK, Permission.PATIENTS_LIST, Permission.NOTICES),
    "home": (
        Permission.PORTAL_PLAN_READ,
        Permission.PORTAL_WORDS_WRITE,
        Permission.PORTAL_LOOKS_READ,
        Permission.PORTAL_QUESTIONS_READ,
    ),
    "copy": (Permission.PORTAL_COPY, Permission.RECORD_RELEASE),
}
"""What was looked at, by what the audit calls it; whatever is not named is the plan."""

_KIND_OF = {str(right): kind for kind, rights in KINDS.items() for right in rights}


@dataclass(frozen=True, slots=True)
class Line:
    """One person on one day. `what_they_are` is a profession, or what somebody from outside is to the patient."""

    name: str
    what_they_are: str
    is_reader: bool
    is_outside: bool
    kinds: Sequence[str]
    wrote: bool
    first: datetime
    last: datetime


@dataclass(frozen=True, slots=True)
class Day:
    day: date
    lines: Sequence[Line]


def days(page: Page, reader_id: int) -> list[Day]:
    """The page's days on which anybody looked, latest first."""
    return [
        Day(day, [_line(each, reader_id) for each in looks])
        for day, looks in groupby(page.looks, lambda each: each.day)
    ]


def _line(look: Look, reader_id: int) -> Line:
    return Line(
        name=look.who.name,
        what_they_are=_what(look.who),
        is_reader=look.who.id == reader_id,
        is_outside=look.who.relation is not None,
        kinds=_kinds(look.actions),
        wrote=look.wrote,
        first=look.first,
        last=look.last,
    )


def _what(who: Who) -> str:
    if who.relation == PortalRelation.SELF:
        return str(_("the patient"))
    if who.relation is not None:
        relation = _("guardian") if who.relation == PortalRelation.GUARDIAN else _("reads for the patient")
        return f"{relation}, {who.words}" if who.words else str(relation)
    return who.discipline or (str(_("Coordination")) if who.is_coordinator else str(_("of the clinic")))


def _kinds(actions: frozenset[str]) -> list[str]:
    names = {
        "plan": _("the plan"),
        "history": _("its history"),
        "talk": _("what the team discusses"),
        "tasks": _("tasks"),
        "about": _("who this is and who cares"),
        "questions": _("questions to the team"),
        "lists": _("a list or a search"),
        "home": _("the plan at home"),
        "copy": _("took a copy"),
    }
    found = {_KIND_OF.get(action, "plan") for action in actions}
    return [str(name) for kind, name in names.items() if kind in found]
