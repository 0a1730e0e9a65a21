"""What is found, by whom, and in which order; and that what one may not see is answered like what is not there."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from access import loaders, search
from access.grants import Actor
from access.permissions import Permission
from access.search import terms_of
from actions import search_index, texts, threads
from actions.openings import Opening
from models.base import db
from models.patient import CareTeamMember
from models.search import words_of
from models.task import Priority, Task, TaskState
from models.thread import ThreadKind
from tests.databases.kinds import both
from tests.personas import ADAM, AINO, CORA, DANA, LENA, MARIA, OTTO, Persona, actor, documents_of, patient_id, user

pytestmark = [pytest.mark.usefixtures("context"), both]

Write = Callable[..., None]


@pytest.fixture
def write(app: Flask, context: None) -> Write:
    """`write(who, name, section, text)`: a section's clinical text, kept and indexed."""

    def put(who: Persona, name: str, section: str, text: str) -> None:
        house = app.extensions["consilium"]
        grant = _document(who, name, section)
        current = house.hub.current(grant.document_id)
        texts.replace(house.units, house.hub, grant, current.epoch, current.seq, text)
        search_index.catch_up(db.engine)

    return put


def _document(who: Persona, name: str, section: str):  # type: ignore[no-untyped-def]
    for document_id in documents_of(name):
        grant = loaders.document(actor(who), document_id, Permission.DOCUMENT_VIEW)
        if (grant.section_key, grant.kind) == (section, "clinical"):
            return loaders.document(actor(who), document_id, Permission.DOCUMENT_EDIT)
    raise AssertionError(section)


def found(who: Persona | Actor, query: str) -> list[tuple[str, str]]:
    """Name and section of the hits, however SQLite goes about it."""
    actor_ = who if isinstance(who, Actor) else actor(who)
    ways = [
        [
            (hit.patient.name, hit.section_key)
            for hit in search.sections(actor_, terms_of(query), 10, few=few)
            if terms_of(query)
        ]
        for few in (True, False)
    ]
    assert ways[0] == ways[1]
    return ways[0]


def test_words_are_folded_alike_in_texts_and_queries() -> None:
    assert words_of("Kovač: **Straße** 06:30, ×8 Dose-Drop; DOSE") == [
        "kovac",
        "strasse",
        "06",
        "30",
        "8",
        "dose",
        "drop",
    ]
    assert words_of("C-10482\0 ﬁve ²") == ["c", "10482", "five", "2"]
    assert words_of("… — !") == []
    assert max(map(len, words_of("x" * 5000))) == 40


def test_beginnings_of_words_are_found_whatever_their_accents(write: Write) -> None:
    write(
        DANA,
        "Maria Kovač",
        "physiotherapy",
        "## Plan\n\n- Graded exposure: empty crate ×8. Crème brûlée, naïve Müller.",
    )
    hit = [("Maria Kovač", "physiotherapy")]
    for query in ("crate", "CRA", "graded expo", "muller", "MÜLLER", "creme brul", "naive", "crate 8"):
        assert found(DANA, query) == hit, query
    for query in (
        "rate",
        "crate 9",
        "crates",
        "graded muscle",
        "ate",
        "'; DROP TABLE",
        '" OR "',
        "* NEAR(",
        "NOT crate",
    ):
        assert found(DANA, query) == [], query


def test_only_the_care_team_finds_texts(write: Write) -> None:
    write(DANA, "Maria Kovač", "physiotherapy", "Zebracrossing")
    write(OTTO, "Ines Duarte", "pain-management", "Zebracrossing too")
    for who in (DANA, LENA, AINO, CORA):
        assert found(who, "zebracrossing") == [("Maria Kovač", "physiotherapy")], who
    assert found(OTTO, "zebracrossing") == [("Ines Duarte", "pain-management")]
    for who in (ADAM, MARIA):
        assert found(who, "zebracrossing") == []


def test_who_left_the_care_team_finds_nothing_at_once(app: Flask, write: Write) -> None:
    write(DANA, "Maria Kovač", "physiotherapy", "Zebracrossing")
    grant = loaders.patient(actor(CORA), patient_id("Maria Kovač"), Permission.CARE_TEAM_EDIT)
    with app.extensions["consilium"].units.begin(grant.actor) as work:
        member = work.session.scalars(
            select(CareTeamMember).where(
                CareTeamMember.patient_id == grant.patient.id, CareTeamMember.user_id == user(LENA).id
            )
        ).one()
        member.until = work.now
    assert found(LENA, "zebracrossing") == []
    assert found(DANA, "zebracrossing") != []


def test_what_changed_last_comes_first_and_former_words_are_gone(write: Write) -> None:
    write(DANA, "Maria Kovač", "understanding", "Pendulum swings")
    write(DANA, "Maria Kovač", "physiotherapy", "Pendulum rests")
    assert found(DANA, "pendulum") == [("Maria Kovač", "physiotherapy"), ("Maria Kovač", "understanding")]
    write(DANA, "Maria Kovač", "understanding", "Pendulum stops")
    assert found(DANA, "pendulum") == [("Maria Kovač", "understanding"), ("Maria Kovač", "physiotherapy")]
    assert found(DANA, "swings") == []
    assert found(DANA, "stops") == [("Maria Kovač", "understanding")]


def test_threads_and_tasks_are_found_as_soon_as_they_are_committed(app: Flask) -> None:
    house = app.extensions["consilium"]
    grant = loaders.patient(actor(DANA), patient_id("Maria Kovač"), Permission.THREAD_WRITE)
    with house.units.begin(grant.actor) as work:
        opened = threads.open_thread(work, grant, Opening(ThreadKind.DISCUSSION, None, body="Is the hoist booked?"))
        work.session.add(_task(work, grant.plan.id, "Order the wheelbarrow"))
    for few in (True, False):
        hits = search.threads(grant.actor, terms_of("hoist"), 5, few=few)
        assert [hit.id for hit in hits] == [opened.thread_id]
        assert search.comments_of(hits) == {opened.thread_id: ["Is the hoist booked?"]}
        assert [hit.title for hit in search.tasks(grant.actor, terms_of("barrow wheel"), 5, few=few)] == []
        assert [hit.title for hit in search.tasks(grant.actor, terms_of("wheel order"), 5, few=few)] != []
        assert search.threads(actor(OTTO), terms_of("hoist"), 5, few=few) == []
        assert search.tasks(actor(OTTO), terms_of("wheel"), 5, few=few) == []


def test_a_change_that_is_rolled_back_leaves_nothing(app: Flask) -> None:
    house = app.extensions["consilium"]
    grant = loaders.patient(actor(DANA), patient_id("Maria Kovač"), Permission.THREAD_WRITE)
    with pytest.raises(RuntimeError), house.units.begin(grant.actor) as work:
        work.session.add(_task(work, grant.plan.id, "Order the wheelbarrow"))
        work.session.flush()
        raise RuntimeError
    assert search.tasks(grant.actor, terms_of("wheel"), 5, few=True) == []


def _task(work, plan_id: int, title: str) -> Task:  # type: ignore[no-untyped-def]
    return Task(
        plan_id=plan_id,
        title=title,
        details="",
        plain_text="",
        priority=Priority.NORMAL,
        for_patient=True,
        state=TaskState.OPEN,
        reason="",
        created_at=work.now,
        created_by_id=work.actor_id,
        changed_at=work.now,
    )
