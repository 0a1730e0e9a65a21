"""The large clinic: its long histories are what their texts say, and its patients are like any other."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from flask import Flask
from sqlalchemy import select

from access import loaders
from access.permissions import Permission
from cli.demo.large.crowd import Crowd
from cli.demo.large.histories import SESSION, History, InRuns, Scattered
from cli.demo.large.telling import Telling
from livedoc import verification
from livedoc.chain import Chain
from livedoc.replica import Replica
from livedoc.trial import read
from models.base import db
from models.document import Document
from models.patient import Patient
from models.team import Team
from tests import personas
from tests.personas import AINO, CORA, DANA, LENA, RAVI, SPINE

BEGAN = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)


@pytest.fixture
def inside(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield
        db.session.remove()


def moments() -> Iterator[datetime]:
    return (BEGAN + timedelta(seconds=number) for number in count())


@pytest.mark.parametrize(
    "history", [Scattered(1_500, 3, seed=5), InRuns(9_000, 3, seed=5)], ids=lambda h: type(h).__name__
)
def test_every_edit_of_a_long_history_passes_its_trial_and_all_make_the_text(history: History) -> None:
    replica, known, authors = Replica(), dict[int, int](), set()
    for made in history.edits():
        edit = read(made.update, known, {})
        assert list(edit.advances) == ([] if made.client is None else [made.client])
        known.update(edit.advances)
        replica.put(made.update)
        authors.add(made.author)
    assert replica.text() == history.text
    assert authors <= {0, 1, 2}
    assert len(known) >= history.count // SESSION - 1


@pytest.mark.usefixtures("inside")
def test_a_told_history_opens_like_any_other_and_its_seals_hold(app: Flask) -> None:
    house = app.extensions["consilium"]
    document_id = personas.documents_of("Maria Kovač")[0]
    assert db.session.get_one(Document, document_id).seq == 0
    history = InRuns(1_200, 2)
    authors = [personas.user(each).id for each in (DANA, LENA)]
    telling = Telling(document_id, history, authors, moments())
    with house.units.begin(None) as work:
        while telling.go_on(work):
            pass
        telling.conclude(work)
    current = house.hub.current(document_id)
    assert (current.text, current.seq) == (history.text, 1_200)
    with db.engine.connect() as connection:
        assert not list(verification.findings(connection, Chain(house.seals)))


@pytest.mark.usefixtures("inside")
def test_patients_taken_in_at_once_have_plans_care_teams_and_sealed_documents(app: Flask) -> None:
    house = app.extensions["consilium"]
    team = [personas.actor(each) for each in (DANA, LENA, RAVI, AINO, CORA)]
    team_id = db.session.scalars(select(Team.id).where(Team.name == SPINE)).one()
    with house.units.begin(team[0]) as work:
        ids = Crowd(random.Random(3)).take_in(work, team[0], team_id, team, 12)
    assert len(set(ids)) == 12
    name = db.session.get_one(Patient, ids[3]).name
    assert loaders.patient(team[0], ids[3], Permission.BOARD_VIEW).patient.name == name
    mine = set(personas.documents_of("Maria Kovač"))
    texts = sorted(house.hub.text(document_id) for document_id in mine)
    plan = loaders.patient(team[0], ids[3], Permission.BOARD_VIEW).plan
    documents = [each.document_id for section in plan.sections for each in section.documents]
    assert sorted(house.hub.text(document_id) for document_id in documents) == texts
    with db.engine.connect() as connection:
        assert not list(verification.findings(connection, Chain(house.seals)))
