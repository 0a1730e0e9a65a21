"""My work: what waits for each person across their patients, and nothing of anybody else's."""

import re
from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask

from tests.blueprints.working import Clinic, card, work
from tests.conftest import Browser, MovableClock
from tests.databases.kinds import both
from tests.personas import (
    ADAM,
    AINO,
    CORA,
    DANA,
    LENA,
    OTTO,
    RAVI,
)

Browsers = Callable[..., Browser]
TODAY = date(2026, 11, 24)
CANARY = "Zephyrquartz"


@pytest.fixture
def clinic(app: Flask) -> Clinic:
    return Clinic(app)


@both
def test_a_clinician_sees_their_tasks_and_ticks_one(clinic: Clinic, browser: Browsers, clock: MovableClock) -> None:
    number = clinic.give(LENA, "Send pool times", TODAY, to=DANA)
    clinic.give(LENA, "Review the video", date(2026, 12, 3), to=DANA)
    clinic.give(LENA, "Exercise sheet", discipline_id=clinic.talk.discipline("physiotherapy"))
    clinic.give(LENA, "Write the letter", to=RAVI)
    clinic.give(OTTO, CANARY, name="Ines Duarte", to=OTTO)
    clock.advance(days=2)
    dana = browser(DANA)
    page = work(dana)
    mine, ours = card(page, "My tasks"), card(page, "For my discipline, not taken yet")
    assert mine.index("2 days late") < mine.index("Review the video")
    assert "1 late" in mine
    assert "Exercise sheet" in ours
    assert "Take" in ours
    assert "Write the letter" not in page
    assert CANARY not in page
    done = dana.post(f"/patients/{clinic.talk.patient}/tasks/{number}/state", {"state": "done", "back": "work"})
    assert done.status_code == 303
    assert "/work?did=" in done.headers["Location"]
    after = work(dana)
    assert "Send pool times" not in card(after, "My tasks")


@both
def test_what_waits_for_an_answer_waits_until_it_has_one(clinic: Clinic, browser: Browsers) -> None:
    talk, dana, lena, ravi = clinic.talk, browser(DANA), browser(LENA), browser(RAVI)
    psychology = talk.discipline("psychology")
    asked = talk.opened(dana, kind="question", discipline=psychology, body="Pace it?")
    talk.opened(
        ravi,
        kind="suggestion",
        document=talk.document("psychology"),
        quote="rest 3 days",
        replacement="halve the load",
        body="Kinder",
    )
    mentioned = talk.opened(ravi, body="@Lena a moment?")
    page = work(lena)
    waiting = card(page, "Waiting for my answer")
    assert "Dana Osei asks Psychology" in waiting
    assert "Ravi Thakur suggests other words for Psychology" in waiting
    assert "Ravi Thakur mentioned you" in waiting
    assert waiting.startswith("3 ")
    assert "asks Psychology" not in card(work(ravi), "Waiting for my answer")
    assert "asks Psychology" not in card(work(dana), "Waiting for my answer")
    talk.send(lena, f"{talk.thread(asked)}/comments", {"body": "Yes."})
    talk.send(lena, f"{talk.thread(mentioned)}/comments", {"body": "Yes?"})
    waiting = card(work(lena), "Waiting for my answer")
    assert "Dana Osei asks" not in waiting
    assert "mentioned you" not in waiting
    assert "Lena Moreau answered" in card(work(dana), "Waiting for my answer")
    talk.send(dana, f"{talk.thread(asked)}/read")
    assert "Lena Moreau answered" not in card(work(dana), "Waiting for my answer")
    talk.send(dana, f"{talk.thread(asked)}/comments", {"body": "And on bad days?"})
    assert "Dana Osei asks Psychology" in card(work(lena), "Waiting for my answer")


@both
def test_a_conflict_waits_for_those_whose_sections_it_is_between(clinic: Clinic, browser: Browsers) -> None:
    talk, aino = clinic.talk, browser(AINO)
    talk.opened(
        aino,
        kind="conflict",
        document=talk.document("physiotherapy"),
        other_section="psychology",
        quote="rest",
        body="These differ",
    )
    for persona, waits in ((DANA, True), (LENA, True), (RAVI, False), (CORA, False), (OTTO, False)):
        found = "A conflict with" in card(work(browser(persona)), "Waiting for my answer")
        assert found == waits, persona.key


@both
def test_sections_that_need_their_discipline(clinic: Clinic, browser: Browsers, clock: MovableClock) -> None:
    title = "My sections to update"
    dana = browser(DANA)
    assert "Maria Kovač · Physiotherapy Nothing written yet" in card(work(dana), title)
    clinic.write(DANA, "physiotherapy", "Flexion 40°")
    assert "Maria’s text is empty" in card(work(dana), title)
    clinic.write(DANA, "physiotherapy", "Walk every day.", "plain")
    assert "up to date" in card(work(dana), title)
    clock.advance(days=8)
    clinic.write(DANA, "physiotherapy", "Flexion 60°")
    assert "is behind" in card(work(browser(DANA)), title)
    clock.advance(days=22)
    page = work(browser(DANA))
    assert "Last changed 3 weeks ago" in card(page, title)
    cora = work(browser(CORA))
    missing = card(cora, "Missing input")
    assert "Maria Kovač · Physiotherapy Last changed 3 weeks ago" in missing
    assert "Maria Kovač · Psychology Nothing written yet" in missing
    assert "Ines" not in missing
    assert "kind=question" in cora


@both
def test_a_coordinator_sees_what_is_late_and_unanswered(clinic: Clinic, browser: Browsers, clock: MovableClock) -> None:
    clinic.give(LENA, "Write the letter", TODAY, to=RAVI)
    clinic.give(OTTO, CANARY, TODAY, name="Ines Duarte", to=OTTO)
    talk = clinic.talk
    asked = talk.opened(browser(DANA), kind="question", discipline=talk.discipline("nutrition"), body="Enough iron?")
    clock.advance(days=1)
    cora = browser(CORA)
    page = work(cora)
    assert "Write the letter" in card(page, "Late tasks of others")
    assert card(page, "Late tasks of others").startswith("1 ")
    assert "Dana Osei asks Nutrition" in card(page, "Unanswered questions")
    assert CANARY not in page
    assert "My sections to update" not in page
    talk.send(browser(AINO), f"{talk.thread(asked)}/comments", {"body": "Yes."})
    assert "asks Nutrition" not in work(cora)
    assert "Late tasks of others" not in work(browser(DANA))


@both
def test_what_changed_is_listed_until_the_visit_that_reads_it_is_over(
    clinic: Clinic, browser: Browsers, clock: MovableClock
) -> None:
    talk, title = clinic.talk, "Changed since you looked"
    lena = browser(LENA)
    lena.get(talk.plan)
    clock.advance(hours=2)
    lena, dana = browser(LENA), browser(DANA)
    assert "Nothing has changed" in card(work(lena), title)
    clinic.write(DANA, "physiotherapy", "Flexion 40°")
    talk.opened(dana, body="Hold the weight?")
    clinic.give(RAVI, "Write the letter", to=RAVI)
    clinic.write(LENA, "psychology", "My own words")
    clinic.write(OTTO, "pain-management", CANARY, name="Ines Duarte")
    clock.advance(minutes=5)
    found = card(work(lena), title)
    assert "Dana Osei: Physiotherapy, a comment" in found or "Dana Osei: a comment, Physiotherapy" in found
    assert "Ravi Thakur: a new task" in found
    assert "Psychology" not in found
    assert "Ines" not in found
    assert "looked at" not in found
    lena.get(talk.plan)
    clock.advance(minutes=20)
    assert "Physiotherapy" in card(work(lena), title)
    assert "looked at" in card(work(lena), title)
    talk.opened(dana, body="And this?")
    assert "2 comments" in card(work(lena), title)
    clock.advance(minutes=41)
    later = card(work(browser(LENA)), title)
    assert "Dana Osei: a comment" in later
    assert "Physiotherapy" not in later


@both
def test_everything_is_marked_as_seen_at_once(clinic: Clinic, browser: Browsers, clock: MovableClock) -> None:
    clock.advance(minutes=1)
    clinic.write(DANA, "physiotherapy", "Flexion 40°")
    lena = browser(LENA)
    clock.advance(minutes=1)
    page = work(lena)
    assert "Physiotherapy" in card(page, "Changed since you looked")
    button = re.search(r'action="([^"]+)">(?:(?!</form>).)*Mark all as seen', page, re.DOTALL)
    assert button
    assert lena.post(button[1]).status_code == 303
    assert "Nothing has changed" in card(work(lena), "Changed since you looked")
    assert "Physiotherapy" in card(work(browser(RAVI)), "Changed since you looked")
    assert browser(ADAM).post(button[1]).status_code == 303
