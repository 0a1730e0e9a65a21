"""The rows of My work's cards: a discussion that waits, a section that is due, a patient whose plan changed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from actions.my_work.changes import Change, Changed, What
from actions.my_work.sections import Due, Need
from actions.my_work.talk import Waiting, Why
from rendering import threads
from rendering.snippets import beginning
from rendering.threads import pieces

PEOPLE, DEEDS = 2, 3
"""Who did how much is told of a changed plan."""


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
    """`by` did the last of it, `tone` is their colour; `deeds` say who did what, `others` how many more people did."""

    url: str
    patient: str
    by: str
    tone: str
    deeds: Sequence[str]
    others: int
    at: datetime
    is_seen: bool


def waiting_row(row: Waiting) -> WaitingRow:
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


def section_row(row: Due, now: datetime) -> SectionRow:
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


def changed_row(row: Changed) -> ChangedRow:
    by: dict[str, list[Change]] = {}
    for change in row.changes:
        by.setdefault(change.by, []).append(change)
    deeds = [f"{name}: {', '.join(_told(each))}" for name, each in by.items()]
    last = row.changes[0] if row.changes else None
    return ChangedRow(
        url=url_for("board.show", patient_id=row.patient_id),
        patient=row.name,
        by=last.by if last else "",
        tone=(last.tone or "") if last else "",
        deeds=deeds[:PEOPLE],
        others=len(deeds[PEOPLE:]),
        at=row.at,
        is_seen=row.is_seen,
    )


def _told(of_one: Sequence[Change]) -> list[str]:
    """The last of it, and that there is more."""
    deeds = list(_deeds(of_one))
    return deeds if len(deeds) <= DEEDS else [*deeds[: DEEDS - 1], str(_("more"))]


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
