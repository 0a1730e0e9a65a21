"""Tasks through the doors: forms without scripts, messages beside fields, toasts for scripts."""

import re
from collections.abc import Callable

import pytest
from flask import Flask

from models.base import db
from models.task import Task, TaskState
from tests.conftest import Browser, MovableClock
from tests.personas import AINO, CORA, DANA, LENA, OTTO, RAVI, Persona, patient_id, user

Browsers = Callable[..., Browser]
BY_SCRIPT = {"X-Requested-With": "fetch"}


@pytest.fixture
def tasks(app: Flask) -> str:
    with app.app_context():
        return f"/patients/{patient_id('Maria Kovač')}/tasks"


def whose(app: Flask, persona: Persona) -> str:
    with app.app_context():
        return f"user:{user(persona).id}"


def form(app: Flask, persona: Persona = RAVI, **changed: object) -> dict[str, object]:
    return {"title": "Write taper letter", "assignee": whose(app, persona), "priority": "normal"} | changed


def the_task(app: Flask) -> Task:
    with app.app_context():
        return db.session.query(Task).one()


def text(answer) -> str:  # type: ignore[no-untyped-def]
    return " ".join(answer.get_data(as_text=True).split())


def test_a_task_is_given_by_a_form_and_stands_in_the_list(app: Flask, browser: Browsers, tasks: str) -> None:
    dana = browser(DANA)
    empty = text(dana.get(tasks))
    assert "No open task for Maria." in empty
    assert dana.post(tasks, form(app, due="22 Nov 2026")).status_code == 422
    page = text(dana.post(tasks, form(app, due="27.11.2026", priority="high"), follow_redirects=True))
    assert "Task assigned." in page
    assert "Due Fri 27 Nov" in page
    assert re.search(r"Ravi Thakur.*Move to…", page)
    assert re.search(r'data-fragment="tasks-count">1<', page)


def test_overdue_is_said_in_words(app: Flask, browser: Browsers, tasks: str, clock: MovableClock) -> None:
    dana = browser(DANA)
    dana.post(tasks, form(app, due="25 Nov 2026"))
    for days, words in ((0, "Due tomorrow"), (1, "Due today"), (1, "1 day late"), (1, "2 days late")):
        clock.advance(days=days)
        dana = browser(DANA)
        assert words in text(dana.get(tasks))
    page = text(dana.get(f"{tasks}?late=1"))
    assert "Write taper letter" in page
    assert "Late 1" in page


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"title": ""}, "Write what is to be done."),
        ({"title": "x" * 201}, "At most 200 characters. Move the rest to the details."),
        ({"due": "23 Nov 2026"}, "This day has passed. Choose today or a later day."),
        ({"due": "soon"}, "Write the day like 12 Mar 1980"),
        ({"assignee": ""}, "Choose who is to do it."),
        ({"assignee": "user:987654"}, "This person is not in the care team."),
        ({"assignee": "discipline:987654"}, "This is not involved with this patient."),
        ({"assignee": "patient"}, "Write what the patient reads, in plain words."),
        ({"details": "ä" * 10_001}, "Too long: at most 20 kB."),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_the_words_are_kept(
    app: Flask, browser: Browsers, tasks: str, changed: dict[str, object], words: str
) -> None:
    sent = form(app, details="Kept *details*") | changed
    answer = browser(DANA).post(tasks, sent)
    page = text(answer)
    assert answer.status_code == 422
    assert "Nothing is saved yet: one field needs you." in page
    assert re.search(rf'aria-invalid="true".*<span class="error"[^>]*>{re.escape(words)}', page)
    for field in ("title", "details"):
        assert str(sent[field])[:150] in page


def test_a_stranger_as_assignee_is_told_like_anybody_unknown(app: Flask, browser: Browsers, tasks: str) -> None:
    dana = browser(DANA)
    assert text(dana.post(tasks, form(app, OTTO))).count("not in the care team") == 1
    assert "Otto" not in text(dana.post(tasks, form(app, OTTO)))


def test_a_dose_for_the_patient_is_asked_about_once(app: Flask, browser: Browsers, tasks: str) -> None:
    dana = browser(DANA)
    sent = form(app, assignee="patient", plain_text="Take 20 mg at night.\r\nThen rest.")
    answer = dana.post(tasks, sent)
    assert answer.status_code == 422
    assert "“20 mg” reads like a medicine dose." in text(answer)
    seen = re.search(r'name="dose_seen"[^>]*value="([^"]*)"', answer.get_data(as_text=True))
    assert seen is not None
    assert dana.post(tasks, sent | {"dose_seen": seen[1], "plain_text": "Take 40 mg."}).status_code == 422
    assert dana.post(tasks, sent | {"dose_seen": seen[1]}).status_code == 303
    assert the_task(app).plain_text == "Take 20 mg at night.\nThen rest."


def test_without_scripts_a_tick_is_taken_back_within_ten_seconds(
    app: Flask, browser: Browsers, tasks: str, clock: MovableClock
) -> None:
    dana = browser(DANA)
    dana.post(tasks, form(app))
    number = the_task(app).id
    done = dana.post(f"{tasks}/{number}/state", {"state": "done", "seen": "open", "back": "list"})
    where = done.headers["Location"]
    page = text(dana.get(where))
    assert "You can still take this back." in page
    change = re.search(r'name="change" value="(\d+)"', page)
    assert change is not None
    clock.advance(seconds=11)
    assert "You can still take this back." not in text(dana.get(where)), "a page loaded later offers nothing"
    clock.advance(seconds=-5)
    answer = dana.post(f"{tasks}/{number}/undo", {"change": change[1]}, follow_redirects=True)
    assert "Taken back." in text(answer)
    assert the_task(app).state == TaskState.OPEN


def test_a_script_is_answered_with_a_toast(app: Flask, browser: Browsers, tasks: str) -> None:
    dana, ravi = browser(DANA), browser(RAVI)
    answer = dana.post(tasks, form(app), headers=BY_SCRIPT)
    assert answer.status_code == 200
    assert text(answer).startswith('<div class="toast"')
    number = the_task(app).id
    assert "Undo" in text(ravi.post(f"{tasks}/{number}/completion", {"seen": "open"}, headers=BY_SCRIPT))
    late = dana.post(f"{tasks}/{number}/state", {"state": "doing", "seen": "open"}, headers=BY_SCRIPT)
    assert late.status_code == 409
    assert "Meanwhile somebody moved the task to Done; nothing was changed." in text(late)
    reopened = dana.client.delete(
        f"{tasks}/{number}/completion",
        base_url=dana.base,
        headers={"X-CSRFToken": dana.token(), "Referer": dana.base + "/", **BY_SCRIPT},
    )
    assert reopened.status_code == 200
    assert the_task(app).state == TaskState.OPEN
    why = dana.post(f"{tasks}/{number}/state", {"state": "not_done", "seen": "open"}, headers=BY_SCRIPT)
    assert (why.status_code, "Say why it was not done." in text(why)) == (409, True)
    bad = dana.post(tasks, form(app, due="1 Jan 2020"), headers=BY_SCRIPT)
    assert (bad.status_code, "This day has passed." in text(bad)) == (409, True)


def test_two_who_edit_at_once_lose_nothing(app: Flask, browser: Browsers, tasks: str) -> None:
    dana, ravi = browser(DANA), browser(RAVI)
    dana.post(tasks, form(app))
    number = the_task(app).id
    edit = f"{tasks}/{number}/edit"
    based = re.search(r'name="based_on"[^>]*value="(\d+)"', text(dana.get(edit)))
    assert based is not None
    first = ravi.post(f"{tasks}/{number}", form(app, title="Ravi's words", based_on=based[1]))
    assert first.status_code == 303
    second = dana.post(f"{tasks}/{number}", form(app, title="Dana's words", based_on=based[1]))
    page = text(second)
    assert second.status_code == 422
    assert "Somebody changed this task while you wrote." in page
    assert "Ravi&#39;s words" in page
    assert 'value="Dana&#39;s words"' in page
    again = re.search(r'name="based_on"[^>]*value="(\d+)"', page)
    assert again is not None
    assert dana.post(f"{tasks}/{number}", form(app, title="Dana's words", based_on=again[1])).status_code == 303
    history = text(dana.get(f"{tasks}/{number}"))
    assert "<del>Ravi&#39;s words</del> → <ins>Dana&#39;s words</ins>" in history


def test_taking_and_giving(app: Flask, browser: Browsers, tasks: str) -> None:
    dana, lena, aino = browser(DANA), browser(LENA), browser(AINO)
    page = dana.get(f"{tasks}/new").get_data(as_text=True)
    psychology = re.search(r'value="(discipline:\d+)">Anyone of Psychology', page)
    assert psychology is not None
    dana.post(tasks, form(app, assignee=psychology[1]))
    number = the_task(app).id
    assert ">Take<" in text(lena.get(tasks))
    assert ">Take<" not in text(aino.get(tasks))
    assert "is not involved" in text(aino.post(f"{tasks}/{number}/taking", follow_redirects=True))
    assert "The task is yours." in text(lena.post(f"{tasks}/{number}/taking", follow_redirects=True))
    to = {"assignee": whose(app, CORA), "seen": whose(app, LENA)}
    assert "Reassigned." in text(dana.post(f"{tasks}/{number}/assignment", to, follow_redirects=True))
    stale = {"assignee": whose(app, AINO), "seen": whose(app, LENA)}
    assert "went to Cora Lindt" in text(aino.post(f"{tasks}/{number}/assignment", stale, follow_redirects=True))


def test_a_task_comes_from_a_section_of_this_plan_only(app: Flask, browser: Browsers, tasks: str) -> None:
    dana = browser(DANA)
    page = text(dana.get(f"{tasks}/new?section=physiotherapy&title=Send%20pool%20times"))
    assert "From the section Physiotherapy" in page
    assert 'value="Send pool times"' in page
    assert dana.get(f"{tasks}/new?section=unknown").status_code == 404
    assert dana.get(f"{tasks}/new?thread=987654").status_code == 404
    dana.post(tasks, form(app, section="physiotherapy"))
    assert "from the plan" in text(dana.get(tasks))
    assert "/plan#section-physiotherapy" in text(dana.get(f"{tasks}/{the_task(app).id}"))
