"""A row of every kind in Ines's record, for words to be put into; and Aino, who was told of it and has left since."""

from datetime import date
from typing import Any

from flask import Flask
from sqlalchemy import func, select

from access import loaders
from access.grants import AlertGrant, PatientGrant, QuestionGrant, TaskGrant
from access.permissions import Permission
from actions import (
    about,
    alerts,
    care_team,
    consents,
    desk,
    plan_states,
    portal,
    questions,
    releases,
    statements,
    tasks,
    texts,
    threads,
    ticks,
)
from actions.about import ContactDetails
from actions.openings import Opening
from actions.questions import Asked
from actions.task_drafts import Assignee, Draft
from actions.ticks import Said, Told
from actions.unit_of_work import Work
from models.alert import Alert
from models.base import db
from models.patient import CareTeamMember
from models.plan import Section, SectionDocument
from models.portal import ConsentKind, PortalRelation
from models.publication import AnswerWay
from models.task import Task, TaskState
from models.thread import Comment, CommentEdit, Suggestion, ThreadKind
from models.tick import Tick
from tests import releasing
from tests.personas import AINO, OTTO, actor, patient_id, user

SECTIONS = ("understanding.clinical", "understanding.plain", "pain-management.clinical", "pain-management.plain")
"""What Otto writes."""
DAY = date(2026, 11, 24)


def json_of(column: str, word: str) -> dict[str, Any]:
    """A value as the application itself would keep it."""
    if column == "anchor":
        return {"start": {"tname": word, "assoc": 0}, "end": {"tname": "body", "assoc": -1}}
    return {"title": word}


def fill(app: Flask, words: dict[str, str]) -> int:
    """Write `words`, by section and kind, and make the rows; answers the id of Ines."""
    house = app.extensions["consilium"]
    otto, ines = actor(OTTO), patient_id("Ines Duarte")
    grant = loaders.patient(otto, ines, Permission.ABOUT_EDIT)
    for name in SECTIONS:
        document = loaders.document(otto, document_of(grant, name), Permission.DOCUMENT_VIEW)
        current = house.hub.current(document.document_id)
        texts.replace(house.units, house.hub, document, current.epoch, current.seq, f"## Now\n\n- {words[name]} ends")
    with house.units.begin(otto) as work:
        for phone in ("0", "1"):
            about.change(work, grant, ContactDetails(phone=phone))
        statements.record(work, grant, statements.Statement("-", "-", otto.user_id, DAY), DAY)
        desk.make(work, grant, portal.Invited(PortalRelation.CARER, "-", "-"))
        consents.record(work, grant, consents.Said(ConsentKind.GP, True, "-", otto.user_id, DAY), DAY)
        plan_states.pause(work, grant, "-")
        plan_states.reopen(work, grant, "-", takes_up=False)
        _talk(work, grant)
        _work(work, grant)
        _asked(work, grant)
    _tell_one_who_leaves(app, grant)
    if releases.preparing(grant.plan.id) is None:
        releasing.give_away(house.units, grant)
    return ines


def document_of(grant: PatientGrant, name: str) -> int:
    section, kind = name.split(".")
    return db.session.scalars(
        select(SectionDocument.document_id)
        .join(Section, SectionDocument.section_id == Section.id)
        .where(Section.plan_id == grant.plan.id, Section.key == section, SectionDocument.kind == kind)
    ).one()


def _talk(work: Work, grant: PatientGrant) -> None:
    """A suggestion that was declined, whose comment has a former wording, and one that waits."""
    where = document_of(grant, "pain-management.clinical")
    anchor = {"start": {"tname": "body"}, "end": {"tname": "body"}}
    opening = Opening(ThreadKind.SUGGESTION, where, anchor, "Next", body="Clearer?", replacement="Next steps")
    threads.open_thread(work, grant, opening)
    declined = threads.open_thread(work, grant, opening)
    work.session.get_one(Comment, declined.comment_id).edited_at = work.now
    work.session.add(CommentEdit(comment_id=declined.comment_id, body="-", at=work.now))
    suggestion = work.session.scalars(select(Suggestion).where(Suggestion.thread_id == declined.thread_id)).one()
    suggestion.answered_at, suggestion.answered_by_id, suggestion.is_accepted = work.now, grant.actor.user_id, False


def _work(work: Work, grant: PatientGrant) -> None:
    """A task that waits, one of the patient, and one that was not done."""
    tasks.make(work, grant, Draft("Call", Assignee(user_id=grant.actor.user_id)), DAY)
    walk = tasks.make(work, grant, Draft("Walk", Assignee(is_patient=True), plain_text="Walk a bit."), DAY)
    tick(work, grant, walk.task_id)
    ended = tasks.make(work, grant, Draft("Ask", Assignee(user_id=grant.actor.user_id)), DAY)
    task = work.session.get_one(Task, ended.task_id)
    task.state, task.ended_at, task.ended_by_id = TaskState.NOT_DONE, work.now, grant.actor.user_id


def _asked(work: Work, grant: PatientGrant) -> None:
    """A question that waits with its alert, and one that was answered, whose alert was taken care of."""
    otto = grant.actor.user_id
    for number in range(2):
        asked = Asked(f"May I {number}?", True, AnswerWay.PHONE, "-", DAY, otto)
        question = questions.ask(work, grant, Permission.QUESTION_RECORD, asked, DAY)
        if number:
            questions.answer(work, QuestionGrant(question, grant), "Yes.")
            alert = work.session.scalars(select(Alert).where(Alert.origin_id == question.id)).one()
            alerts.acknowledge(work, AlertGrant(alert, grant), "Called her.")


def tick(work: Work, grant: PatientGrant, task_id: int) -> Tick:
    """Staff write down that something was not done, as told to them."""
    told = Told("-", grant.actor.user_id)
    said = Said(DAY, is_done=False, words="-")
    row = ticks.record(work, TaskGrant(work.session.get_one(Task, task_id), grant), said, told, DAY)
    assert row is not None
    return row


def _tell_one_who_leaves(app: Flask, grant: PatientGrant) -> None:
    """Aino is of the care team, mentioned and given a task; then she is not any more. Her notices stay as rows."""
    units, aino = app.extensions["consilium"].units, user(AINO).id
    with units.begin(grant.actor) as work:
        care_team.add(work, grant, aino)
    with units.begin(grant.actor) as work:
        threads.open_thread(work, grant, Opening(body="What of @Aino?"))
        tasks.make(work, grant, Draft("Send it", Assignee(user_id=aino)), DAY)
    member = select(func.max(CareTeamMember.id)).where(
        CareTeamMember.patient_id == grant.patient.id, CareTeamMember.user_id == aino
    )
    with units.begin(grant.actor) as work:
        care_team.remove(work, grant, db.session.scalars(member).one(), heir_id=grant.actor.user_id)
