"""The parts of a board that can be refreshed: a name, its partial, and a function that gathers its data."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from flask import render_template

from access.grants import PatientGrant
from access.permissions import Permission
from actions import pressing, statements
from actions.behind import LiveText
from rendering import checks, marks, sign_off, talk, task_pages, tasks, threads
from rendering.board import banner, cards


@dataclass(frozen=True, slots=True)
class Viewing:
    """Under whose grant, when, on which day of the clinic, where live texts come from, which threads are listed, and
    what else the page's address says."""

    grant: PatientGrant
    now: datetime
    today: date
    live_text: LiveText
    filter: threads.Filter = threads.Filter()
    query: Mapping[str, str] = field(default_factory=dict)
    glossary: Mapping[str, str] = field(default_factory=dict)
    """The clinic's own: term → plain words."""


@dataclass(frozen=True, slots=True)
class Fragment:
    partial: str
    gather: Callable[[Viewing, str], dict[str, Any] | None]


def _banner(viewing: Viewing, _name: str) -> dict[str, Any]:
    return {"banner": banner(viewing.grant, viewing.today)}


def _what_matters(viewing: Viewing, _name: str) -> dict[str, Any]:
    return {
        "statement": statements.latest(viewing.grant.patient.id),
        "banner": banner(viewing.grant, viewing.today),
        "may": viewing.grant.permissions,
    }


def _pressing(viewing: Viewing, _name: str) -> dict[str, Any] | None:
    if not viewing.grant.may(Permission.QUESTIONS_VIEW):
        return None
    return {
        "pressing": pressing.of_patient(viewing.grant.patient.id),
        "banner": banner(viewing.grant, viewing.today),
        "may": viewing.grant.permissions,
    }


def _head(viewing: Viewing, name: str) -> dict[str, Any] | None:
    key = name.removeprefix("head-")
    head = banner(viewing.grant, viewing.today)
    found = cards(viewing.grant, head.first_name, viewing.live_text, only=key)
    return {"card": found[0], "banner": head} if found else None


def _threads(viewing: Viewing, _name: str) -> dict[str, Any] | None:
    if not viewing.grant.may(Permission.THREAD_VIEW):
        return None
    return {"panel": threads.panel(viewing.grant, viewing.filter, viewing.now)}


def _thread(viewing: Viewing, name: str) -> dict[str, Any] | None:
    number = name.removeprefix("thread-")
    if not viewing.grant.may(Permission.THREAD_VIEW) or not _is_id(number):
        return None
    found = threads.thread(viewing.grant, int(number), viewing.now)
    return {"thread": found, "patient_id": viewing.grant.patient.id} if found is not None else None


def _threads_count(viewing: Viewing, _name: str) -> dict[str, Any] | None:
    if not viewing.grant.may(Permission.THREAD_VIEW):
        return None
    return {"open_threads": sum(each.count for each in talk.open_threads(viewing.grant.plan.id))}


def _marks(viewing: Viewing, name: str) -> dict[str, Any] | None:
    number = name.removeprefix("marks-")
    if not viewing.grant.may(Permission.THREAD_VIEW) or not _is_id(number):
        return None
    document_id = int(number)
    return {"document_id": document_id, "marks": marks.of_plan(viewing.grant, document_id).marks.get(document_id, [])}


def _check(viewing: Viewing, name: str) -> dict[str, Any] | None:
    number = name.removeprefix("check-")
    if not _is_id(number) or not (ids := checks.writable(viewing.grant, [int(number)])):
        return None
    return {"check": checks.of_texts({ids[0]: viewing.live_text(ids[0])}, viewing.glossary)[ids[0]]}


def _is_id(number: str) -> bool:
    return number.isascii() and number.isdigit() and len(number) < 10


def _tasks(viewing: Viewing, _name: str) -> dict[str, Any] | None:
    if not viewing.grant.may(Permission.TASK_VIEW):
        return None
    head = banner(viewing.grant, viewing.today)
    return {"banner": head, "desk": tasks.panel(viewing.grant, head, viewing.today)}


def _tasks_count(viewing: Viewing, _name: str) -> dict[str, Any]:
    return {"banner": banner(viewing.grant, viewing.today)}


def _tasks_page(viewing: Viewing, _name: str) -> dict[str, Any] | None:
    if not viewing.grant.may(Permission.TASK_VIEW):
        return None
    head = banner(viewing.grant, viewing.today)
    return {"banner": head, "page": task_pages.page(viewing.grant, head, viewing.query, viewing.today)}


def _sign_off(viewing: Viewing, _name: str) -> dict[str, Any] | None:
    if not viewing.grant.may(Permission.SIGN_OFF_VIEW):
        return None
    return {
        "sign_off": sign_off.status(viewing.grant, viewing.live_text),
        "banner": banner(viewing.grant, viewing.today),
        "may": viewing.grant.permissions,
    }


def _task(viewing: Viewing, name: str) -> dict[str, Any] | None:
    found = task_pages.one_of(viewing.grant, name.removeprefix("task-"))
    if found is None:
        return None
    head = banner(viewing.grant, viewing.today)
    return {"banner": head, "page": task_pages.task_page(found, head, viewing.today)}


FRAGMENTS: dict[str, Fragment] = {
    "banner": Fragment("live/_banner.html", _banner),
    "what-matters": Fragment("live/_what_matters.html", _what_matters),
    "alerts": Fragment("live/_alerts.html", _pressing),
    "questions": Fragment("live/_questions.html", _pressing),
    "head-": Fragment("live/_section_head.html", _head),
    "sign-off": Fragment("live/_sign_off.html", _sign_off),
    "threads": Fragment("live/_threads.html", _threads),
    "threads-count": Fragment("live/_threads_count.html", _threads_count),
    "thread-": Fragment("live/_thread.html", _thread),
    "marks-": Fragment("live/_marks.html", _marks),
    "check-": Fragment("live/_check.html", _check),
    "tasks": Fragment("live/_tasks.html", _tasks),
    "tasks-count": Fragment("live/_tasks_count.html", _tasks_count),
    "tasks-page": Fragment("live/_tasks_page.html", _tasks_page),
    "task-": Fragment("live/_task_page.html", _task),
}
"""By name; a name that ends in a hyphen stands for all that begin with it."""


def render(viewing: Viewing, name: str) -> str | None:
    """The fragment's HTML under the viewer's grant, or None when the plan has no such part."""
    fragment = FRAGMENTS.get(name) or FRAGMENTS.get(name.split("-")[0] + "-")
    if fragment is None:
        return None
    data = fragment.gather(viewing, name)
    return None if data is None else render_template(fragment.partial, **data)
