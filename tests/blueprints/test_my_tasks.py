"""Tasks across patients: whose they are, which are late, and many reassigned at once."""

import re
from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask

from access import loaders
from access.permissions import Permission
from actions import patients, tasks
from actions.task_drafts import Assignee, Draft
from models.base import db
from models.task import Task
from tests.blueprints.test_tasks import BY_SCRIPT, text, whose
from tests.conftest import Browser, MovableClock
from tests.databases.kinds import both
from tests.personas import AINO, CORA, DANA, HAND, LENA, OTTO, RAVI, Persona, actor, patient_id, take_in, user

Browsers = Callable[..., Browser]
TODAY = date(2026, 11, 24)


class Ward:
    """Maria of the spine team, Peter of Dana alone, and Ines of Otto."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.units = app.extensions["consilium"].units
        with app.app_context():
            self.maria = patient_id("Maria Kovač")
            self.ines = patient_id("Ines Duarte")
            self.peter = take_in(self.units, DANA, patients.Identity("Peter Nagy", date(1984, 9, 2), "C-11207"), None)

    def give(self, by: Persona, to: Persona, patient: int, title: str, due: date | None = None) -> int:
        with self.app.app_context():
            grant = loaders.patient(actor(by), patient, Permission.TASK_WRITE)
            with self.units.begin(grant.actor) as work:
                return tasks.make(work, grant, Draft(title, Assignee(user_id=user(to).id), due=due), TODAY).task_id

    def whose_is(self, task_id: int) -> str:
        with self.app.app_context():
            found = db.session.get_one(Task, task_id).assignee
            return found.name if found else ""


@pytest.fixture
def ward(app: Flask) -> Ward:
    return Ward(app)


def test_each_sees_those_of_their_own_patients(ward: Ward, browser: Browsers, clock: MovableClock) -> None:
    ward.give(DANA, RAVI, ward.maria, "Write taper letter", TODAY)
    ward.give(DANA, DANA, ward.peter, "Call the insurer")
    ward.give(OTTO, OTTO, ward.ines, "Unique words about Ines")
    clock.advance(days=2)
    ravi = text(browser(RAVI).get("/tasks"))
    assert "Write taper letter" in ravi
    assert "2 days late" in ravi
    assert "Call the insurer" not in ravi
    dana = browser(DANA)
    assert "Call the insurer" in text(dana.get("/tasks"))
    given = text(dana.get("/tasks?whose=given&late=1"))
    assert "Write taper letter" in given
    assert "Call the insurer" not in given
    for persona in (DANA, RAVI, CORA, LENA):
        signed_in = browser(persona)
        for query in ("", "?whose=all", "?whose=all&show=ended", "?whose=given", "?whose=ours", "?whose=nonsense"):
            assert "Unique words" not in text(signed_in.get(f"/tasks{query}")), (persona.key, query)


@both
def test_many_are_reassigned_and_each_is_told_of(ward: Ward, browser: Browsers, app: Flask) -> None:
    first = ward.give(DANA, RAVI, ward.maria, "Write taper letter")
    second = ward.give(DANA, DANA, ward.peter, "Call the insurer")
    third = ward.give(DANA, LENA, ward.maria, "Ask about sleep")
    foreign = ward.give(OTTO, OTTO, ward.ines, "Unique words about Ines")
    dana = browser(DANA)
    page = text(dana.get("/tasks?whose=all&choose=1"))
    assert page.count('name="task"') == 3
    sent = {
        "task": [str(each) for each in (first, second, third, foreign, 987654)],
        "assignee": whose(app, LENA),
        f"seen-{first}": whose(app, RAVI),
    }
    answer = text(dana.post("/tasks/assignments", sent))
    assert "One task reassigned." in answer
    assert re.search(r"Write taper letter</a> \(Maria Kovač\): Reassigned\.", answer)
    assert re.search(r"Call the insurer</a> \(Peter Nagy\): This person is not in the care team", answer)
    assert re.search(r"Ask about sleep</a> \(Maria Kovač\): They have it already\.", answer)
    assert "2 tasks are not there, or not yours to change." in answer
    assert "Unique words" not in answer
    assert ward.whose_is(first) == "Lena Moreau"
    assert ward.whose_is(second) == "Dana Osei"
    assert ward.whose_is(foreign) == "Otto Brandt"
    stale = dana.post(
        "/tasks/assignments", {"task": str(first), "assignee": whose(app, AINO), f"seen-{first}": whose(app, RAVI)}
    )
    assert "Meanwhile the task went to Lena Moreau" in text(stale)


def test_many_are_taken_back_together(ward: Ward, browser: Browsers, app: Flask) -> None:
    numbers = [ward.give(DANA, RAVI, ward.maria, f"Task {each}") for each in range(3)]
    dana = browser(DANA)
    answer = dana.post("/tasks/assignments", {"task": numbers, "assignee": whose(app, LENA)})
    changes = re.findall(r'name="change" value="(\d+)"', answer.get_data(as_text=True))
    assert len(changes) == 3
    undone = dana.post("/tasks/undo", {"change": [*changes, "987654"]}, headers=BY_SCRIPT)
    assert "3 tasks are as they were." in text(undone)
    assert {ward.whose_is(each) for each in numbers} == {"Ravi Thakur"}
    again = browser(OTTO).post("/tasks/undo", {"change": changes}, headers=BY_SCRIPT)
    assert "0 tasks are as they were. 3 could not be taken back." in text(again)


def test_nothing_chosen_is_said(ward: Ward, browser: Browsers, app: Flask) -> None:
    dana = browser(DANA)
    for sent in ({}, {"task": "1"}, {"assignee": whose(app, LENA)}, {"task": "x", "assignee": "y"}):
        page = text(dana.post("/tasks/assignments", sent, follow_redirects=True))
        assert "Nothing was reassigned: choose tasks and a person first." in page


def test_an_empty_list_names_the_next_step(browser: Browsers) -> None:
    page = text(browser(AINO).get("/tasks"))
    assert "You have no open task." in page
    assert "To the patients" in page
    assert HAND not in page
