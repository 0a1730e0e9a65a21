"""Discussions of a plan: opened on words, on a task or on the whole plan, answered, resolved and opened again."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from access.grants import CommentGrant, Forbidden, PatientGrant, ThreadGrant
from access.permissions import Permission
from actions import comments, notices
from actions.colleagues import Colleague, colleagues
from actions.mentions import named
from actions.openings import Opening, Place, place_of
from actions.unfit import Problem, Unfit
from actions.unit_of_work import Work
from models.notification import NoticeKind
from models.plan import Section
from models.thread import Suggestion, Thread, ThreadKind


@dataclass(frozen=True, slots=True)
class Opened:
    thread_id: int
    comment_id: int


def open_thread(work: Work, grant: PatientGrant, opening: Opening) -> Opened:
    """Begin a discussion with its first comment. Raises Unfit, or Forbidden for a suggestion by who may make none."""
    if opening.kind is ThreadKind.SUGGESTION and not grant.may(Permission.SUGGESTION_MAKE):
        raise Forbidden(grant.actor, Permission.SUGGESTION_MAKE, f"plan:{grant.plan.id}", grant.patient.id)
    team = colleagues(grant.patient.id)
    place = place_of(grant, opening, team)
    mentioned = named(opening.body, opening.mentions, team)
    thread = Thread(
        plan_id=grant.plan.id,
        kind=opening.kind,
        section_id=place.section.id if place.section else None,
        document_id=opening.document_id,
        task_id=opening.task_id,
        discipline_id=opening.discipline_id if opening.kind is ThreadKind.QUESTION else None,
        other_section_id=place.other.id if place.other else None,
        anchor=_anchor(opening),
        quote=opening.quote,
        before=opening.before,
        after=opening.after,
        opened_at=work.now,
        opened_by_id=work.actor_id,
        changed_at=work.now,
    )
    work.session.add(thread)
    work.session.flush()
    if opening.kind is ThreadKind.SUGGESTION:
        work.session.add(Suggestion(thread_id=thread.id, replacement=opening.replacement, words=""))
    first = comments.put(work, thread, opening.body, mentioned)
    notices.tell(work, mentioned, NoticeKind.MENTION, grant.patient.id, thread_id=thread.id, comment_id=first.id)
    for kind, people in _concerned(place, opening, team):
        ids = frozenset(person.id for person in people) - mentioned
        notices.tell(work, ids, kind, grant.patient.id, thread_id=thread.id, comment_id=first.id)
    work.record(
        Permission.THREAD_WRITE, f"thread:{thread.id}", grant.patient.id, done="opened", kind=opening.kind.value
    )
    _listed(work, grant, thread)
    return Opened(thread.id, first.id)


def _anchor(opening: Opening) -> dict[str, Any] | None:
    return dict(opening.anchor) if opening.anchor is not None else None


def _concerned(
    place: Place, opening: Opening, team: Iterable[Colleague]
) -> Iterable[tuple[NoticeKind, list[Colleague]]]:
    """Who hears of a new thread for what it is."""
    sections = [section for section in (place.section, place.other) if section is not None]
    writers = [person for person in team if any(person.writes(section) for section in sections)]
    if opening.kind is ThreadKind.QUESTION:
        yield NoticeKind.QUESTION, [person for person in team if person.discipline_id == opening.discipline_id]
    elif opening.kind is ThreadKind.CONFLICT:
        yield NoticeKind.CONFLICT, writers
    elif opening.kind is ThreadKind.SUGGESTION:
        yield NoticeKind.SUGGESTION, writers


def reply(work: Work, grant: ThreadGrant, body: str, chosen: frozenset[int]) -> int:
    """Answer in a thread, which opens again if it was resolved; the new comment's id. Raises Unfit."""
    patient_id, thread = grant.plan.patient.id, grant.thread
    team = colleagues(patient_id)
    body = comments.checked(body)
    mentioned = named(body, chosen, team)
    others = comments.participants(thread) & frozenset(person.id for person in team)
    comment = comments.put(work, thread, body, mentioned)
    about = {"thread_id": thread.id, "comment_id": comment.id}
    notices.tell(work, mentioned, NoticeKind.MENTION, patient_id, **about)
    notices.tell(work, others - mentioned, NoticeKind.REPLY, patient_id, **about)
    work.record(Permission.THREAD_WRITE, f"thread:{thread.id}", patient_id, done="commented", comment=comment.id)
    if thread.resolved_at is not None:
        reopen(work, grant)
    else:
        work.touched(patient_id)
        work.board_changed(thread.plan_id, f"thread-{thread.id}")
    return comment.id


def resolve(work: Work, grant: ThreadGrant) -> None:
    """The discussion is settled. A suggestion is answered instead: raises Unfit while it waits."""
    thread = grant.thread
    if thread.resolved_at is not None:
        return
    if thread.suggestion is not None and thread.suggestion.answered_at is None:
        raise Unfit({"thread": Problem.UNANSWERED})
    settle(work, grant, "resolved")


def settle(work: Work, grant: ThreadGrant, how: str) -> None:
    """Take a thread off the open ones, with its witness."""
    grant.thread.resolved_at, grant.thread.resolved_by_id = work.now, work.actor_id
    work.record(Permission.THREAD_WRITE, f"thread:{grant.thread.id}", grant.plan.patient.id, done=how)
    _listed(work, grant.plan, grant.thread)


def reopen(work: Work, grant: ThreadGrant) -> None:
    """The discussion goes on. Raises Unfit when its author has withdrawn it."""
    thread = grant.thread
    if thread.resolved_at is None:
        return
    if not comments.stands(thread):
        raise Unfit({"thread": Problem.WITHDRAWN})
    thread.resolved_at = thread.resolved_by_id = None
    work.record(Permission.THREAD_WRITE, f"thread:{thread.id}", grant.plan.patient.id, done="reopened")
    _listed(work, grant.plan, thread)


def mark_read(work: Work, grant: ThreadGrant) -> None:
    """The acting person has seen everything there is in a thread."""
    comments.read(work, grant.thread)


def _listed(work: Work, grant: PatientGrant, thread: Thread) -> None:
    """The list of threads changed, and what the heads of its sections say of it."""
    work.touched(grant.patient.id)
    itself = f"thread-{thread.id}"  # a list is answered without what its reader has already
    marks = [f"marks-{thread.document_id}"] if thread.document_id is not None else []
    task = [f"task-{thread.task_id}"] if thread.task_id is not None else []
    work.board_changed(thread.plan_id, itself, "threads", "threads-count", *marks, *task, *heads(work.session, thread))


def heads(session: Session, thread: Thread) -> list[str]:
    """The fragments of the section heads that speak of a thread: where it stands, the other side of a conflict, and
    the section of the discipline that is asked."""
    concerned: list[ColumnElement[bool]] = [
        Section.id.in_([each for each in (thread.section_id, thread.other_section_id) if each is not None])
    ]
    if thread.discipline_id is not None:
        concerned.append(Section.discipline_id == thread.discipline_id)
    query = select(Section.key).where(Section.plan_id == thread.plan_id, or_(*concerned)).order_by(Section.position)
    return [f"head-{key}" for key in session.scalars(query)]


def withdraw(work: Work, grant: CommentGrant) -> None:
    """Take one's own comment back; a thread of which nothing stands any more is resolved with it."""
    if comments.withdraw(work, grant) and grant.thread.thread.resolved_at is None:
        settle(work, grant.thread, "withdrawn")


def put_back(work: Work, grant: CommentGrant) -> None:
    """Undo a withdrawal, and what it resolved. Raises Unfit when it was made too long ago."""
    thread, withdrawn = grant.thread.thread, grant.comment.withdrawn_at
    comments.put_back(work, grant)
    if withdrawn is not None and thread.resolved_at == withdrawn and thread.resolved_by_id == work.actor_id:
        reopen(work, grant.thread)
