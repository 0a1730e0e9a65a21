"""Discussions as a person sees them: the list beside the board, and each thread in it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from markupsafe import Markup

from access.grants import PatientGrant
from access.permissions import Permission
from actions.colleagues import Colleague, colleagues
from actions.comments import UNDO
from livedoc.difference import splices
from models.thread import ThreadKind
from models.user import initials
from rendering.marks import quoted
from rendering.thread_rows import MOST_SHOWN, SHOWN, CommentRow, Filter, Show, ThreadRow, listed, one, titled
from richtext.comments import comment_html


@dataclass(frozen=True, slots=True)
class CommentView:
    """`body` is the Markdown, for who may change it; `can_undo` while a withdrawal may be taken back."""

    id: int
    author: str
    initials: str
    tone: str
    html: Markup
    body: str
    at: datetime
    is_edited: bool
    is_mine: bool
    is_withdrawn: bool
    can_undo: bool
    is_unread: bool
    mentions: Sequence[int]


@dataclass(frozen=True, slots=True)
class SuggestionView:
    """`pieces` are (same | removed | added, words), from the quote to the proposed words."""

    pieces: Sequence[tuple[str, str]]
    replacement: str
    is_waiting: bool
    is_accepted: bool
    answered_by: str
    answered_at: datetime | None
    words: str
    can_answer: bool


@dataclass(frozen=True, slots=True)
class ThreadView:
    """`state` is open, resolved, accepted, declined or withdrawn; `title` says what kind of talk it is, if any."""

    id: int
    url: str
    plan_url: str
    task_url: str
    """Where a task is made of it."""
    kind: str
    title: str
    state: str
    is_resolved: bool
    document_id: int | None
    section: str
    section_title: str
    tone: str
    anchor: Markup
    """JSON, for an attribute in single quotes."""
    quote: str
    before: str
    after: str
    task_id: int | None
    opened_by: str
    opened_at: datetime
    resolved_by: str
    resolved_at: datetime | None
    is_unread: bool
    comments: Sequence[CommentView]
    left_out: int
    """Comments between the first and the last ones shown."""
    suggestion: SuggestionView | None
    can_write: bool


@dataclass(frozen=True, slots=True)
class KnownThread:
    """One that whoever asks has already."""

    id: int


@dataclass(frozen=True, slots=True)
class Panel:
    patient_id: int
    threads: Sequence[ThreadView | KnownThread]
    filter: Filter
    more: int | None
    """How many to show next, when there are more."""
    people: Sequence[Colleague]
    can_write: bool
    section_title: str
    empty: str
    """What stands where no thread does: what to do next."""


def address(patient_id: int, thread_id: int) -> str:
    """The link to the exact thread, whatever the list beside it shows."""
    return url_for("board.show", patient_id=patient_id, thread=thread_id, _anchor=f"thread-{thread_id}")


def panel(grant: PatientGrant, wanted: Filter, now: datetime) -> Panel:
    urls = _Urls.of(grant.patient.id)
    section_title = titled(grant, wanted.section) if wanted.section else ""
    if not section_title:
        wanted = replace(wanted, section="")
    rows, more = listed(grant, wanted)
    return Panel(
        patient_id=grant.patient.id,
        threads=[
            KnownThread(row.thread.id) if row.thread.id in wanted.known else _thread(grant, row, now, urls)
            for row in rows
        ],
        filter=wanted,
        more=min(wanted.shown * 2, MOST_SHOWN) if more and wanted.shown < MOST_SHOWN else None,
        people=colleagues(grant.patient.id),
        can_write=grant.may(Permission.THREAD_WRITE),
        section_title=section_title,
        empty=_empty(wanted),
    )


def _empty(wanted: Filter) -> str:
    words = {
        Show.OPEN: _("No open comments. Select words in a section to comment on them, or begin one on the whole plan."),
        Show.MINE: _("No open comments of yours. Those you write or answer are listed here."),
        Show.MENTIONS: _("No open comment mentions you. When somebody writes @ and your name, it is listed here."),
        Show.RESOLVED: _("Nothing is resolved yet. Resolved comments keep their words, and are listed here."),
    }
    return str(words[wanted.show])


def thread(grant: PatientGrant, thread_id: int, now: datetime, *, whole: bool = False) -> ThreadView | None:
    """One thread as in the list, or `whole` with every comment; None when the plan has no such thread."""
    row = one(grant, thread_id, 10_000) if whole else one(grant, thread_id)
    return _thread(grant, row, now, _Urls.of(grant.patient.id)) if row is not None else None


@dataclass(frozen=True, slots=True)
class _Urls:
    """Addresses of a plan that every thread has a link to."""

    plan: str
    threads: str
    tasks: str

    @classmethod
    def of(cls, patient_id: int) -> "_Urls":
        return cls(
            url_for("board.show", patient_id=patient_id),
            url_for("threads.open_thread", patient_id=patient_id),
            url_for("tasks.new", patient_id=patient_id, back="plan"),
        )


def _thread(grant: PatientGrant, row: ThreadRow, now: datetime, urls: _Urls) -> ThreadView:
    found = row.thread
    comments = [_comment(grant, each, row, now) for each in row.comments]
    return ThreadView(
        id=found.id,
        url=f"{urls.threads}/{found.id}",
        plan_url=urls.plan,
        task_url=f"{urls.tasks}&thread={found.id}",
        kind=found.kind,
        title=_title(row),
        state=_state(row),
        is_resolved=found.resolved_at is not None,
        document_id=found.document_id,
        section=row.section.key if row.section else "",
        section_title=row.section.title if row.section else "",
        tone=(row.owner or "shared") if row.section else "",
        anchor=quoted(json.dumps(found.anchor, separators=(",", ":"))) if found.anchor is not None else Markup(""),
        quote=found.quote,
        before=found.before,
        after=found.after,
        task_id=found.task_id,
        opened_by=row.opened_by,
        opened_at=found.opened_at,
        resolved_by=row.resolved_by or "",
        resolved_at=found.resolved_at,
        is_unread=any(each.is_unread for each in comments),
        comments=comments,
        left_out=row.comments[0].of - len(row.comments) if row.comments else 0,
        suggestion=_suggestion(grant, row),
        can_write=grant.may(Permission.THREAD_WRITE),
    )


def _title(row: ThreadRow) -> str:
    if row.thread.kind == ThreadKind.QUESTION and row.discipline:
        return str(_("Question for %(discipline)s", discipline=row.discipline.name))
    if row.thread.kind == ThreadKind.CONFLICT and row.section and row.other:
        return str(_("Conflict between %(one)s and %(other)s", one=row.section.title, other=row.other.title))
    if row.thread.kind == ThreadKind.SUGGESTION:
        return str(_("%(name)s suggests", name=row.opened_by))
    return ""


def _state(row: ThreadRow) -> str:
    if row.suggestion is not None and row.suggestion.answered_at is not None:
        return "accepted" if row.suggestion.is_accepted else "declined"
    if row.thread.resolved_at is None:
        return "open"
    return "withdrawn" if _is_withdrawn(row) else "resolved"


def _is_withdrawn(row: ThreadRow) -> bool:
    """Nothing stands of it any more."""
    if row.suggestion is not None:
        return bool(row.comments) and row.comments[0].withdrawn_at is not None
    return all(each.withdrawn_at is not None for each in row.comments)


def _comment(grant: PatientGrant, row: CommentRow, of: ThreadRow, now: datetime) -> CommentView:
    is_mine, is_withdrawn = row.author_id == grant.actor.user_id, row.withdrawn_at is not None
    names = tuple(name for _user_id, name in row.mentions)
    return CommentView(
        id=row.id,
        author=row.author,
        initials=initials(row.author),
        tone=row.tone,
        html=Markup("") if is_withdrawn else comment_html(row.body, names),
        body=row.body if is_mine else "",
        at=row.at,
        is_edited=row.edited_at is not None,
        is_mine=is_mine,
        is_withdrawn=is_withdrawn,
        can_undo=is_mine and row.withdrawn_at is not None and now - row.withdrawn_at <= UNDO,
        is_unread=not is_mine and not is_withdrawn and row.id > (of.read_up_to or 0),
        mentions=[user_id for user_id, _name in row.mentions],
    )


def _suggestion(grant: PatientGrant, row: ThreadRow) -> SuggestionView | None:
    found = row.suggestion
    if found is None:
        return None
    is_waiting = found.answered_at is None and row.thread.resolved_at is None
    return SuggestionView(
        pieces=pieces(row.thread.quote, found.replacement),
        replacement=found.replacement,
        is_waiting=is_waiting,
        is_accepted=bool(found.is_accepted),
        answered_by=row.answered_by or "",
        answered_at=found.answered_at,
        words=found.words,
        can_answer=is_waiting and row.section is not None and grant.may_write_for(row.owner),
    )


def pieces(before: str, after: str) -> Sequence[tuple[str, str]]:
    """What stays, goes and comes, in order."""
    found, at = [], 0
    for change in splices(before, after):
        found += [
            ("same", before[at : change.at]),
            ("removed", before[change.at : change.at + change.removed]),
            ("added", change.inserted),
        ]
        at = change.at + change.removed
    return [(kind, words) for kind, words in [*found, ("same", before[at:])] if words]


__all__ = ["MOST_SHOWN", "SHOWN", "Filter", "Panel", "Show", "address", "panel", "thread"]
