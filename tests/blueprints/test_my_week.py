"""Maria's own entries on her page: what matters to her, and the ticks of this week's tasks."""

import re
from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from models.base import db
from models.patient import PatientStatement
from models.task import Rhythm
from models.tick import Tick
from tests.conftest import Browser, MovableClock
from tests.databases.kinds import both
from tests.personas import DANA, GUARDIAN, INES, MARIA, patient_id
from tests.publishing import ask_of_maria, publish, settle_clinic, write

Browsers = Callable[..., Browser]
PLAIN = dict.fromkeys(("physiotherapy", "psychology", "pain-management", "nutrition", "flare-up"), "Slowly.")
TUESDAY = "2026-11-24"
"""The clock's day; the week began on the 23rd."""


@pytest.fixture
def mine(app: Flask) -> str:
    settle_clinic(app)
    with app.app_context():
        return f"/my/{patient_id('Maria Kovač')}"


def page(browser: Browser, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.get_data(as_text=True))


def ticks(app: Flask) -> list[Tick]:
    with app.app_context():
        return list(db.session.scalars(select(Tick).order_by(Tick.id)))


@both
def test_what_matters_is_written_and_rewritten_and_stands_on_the_board(
    app: Flask, browser: Browsers, mine: str, clock: MovableClock
) -> None:
    maria = browser(MARIA)
    assert "I want to lift my grandson." in page(maria, mine), "also before a plan is there"
    form = page(maria, f"{mine}/matters")
    assert "Told by Maria to Dana Osei · 5 Jan 2026" in form
    for words, wrong in ((" \r\n", "Write a few words first."), ("x" * 2001, "at most 2000 letters")):
        again = maria.post(f"{mine}/matters", {"text": words})
        assert again.status_code == 422
        assert wrong in again.get_data(as_text=True)
    clock.advance(days=1)
    maria = browser(MARIA)
    said = "To <sleep> through one night.\r\nAnd to swim."
    assert maria.post(f"{mine}/matters", {"text": said}).status_code == 303
    assert maria.post(f"{mine}/matters", {"text": said + " "}).status_code == 303, "the same words are no new ones"
    shown = page(maria, f"{mine}/matters")
    assert shown.index("To &lt;sleep&gt; through") < shown.index("I want to lift my grandson.")
    assert "Written by Maria Kovač · 25 Nov 2026 · this is what the team sees on top" in shown
    staff = mine.replace("/my/", "/patients/")
    dana = browser(DANA)
    board = page(dana, f"{staff}/plan")
    assert "To &lt;sleep&gt; through" in board
    assert "Written by Maria Kovač · 25 Nov 2026" in board
    assert "I want to lift my grandson." in page(dana, f"{staff}/about")
    guardian = browser(GUARDIAN)
    guardian.post(f"{mine}/matters", {"text": "She wants to dance."})
    assert "Written by Otto Brandt, her brother · 25 Nov 2026" in page(dana, f"{staff}/plan")
    assert browser(INES).post(f"{mine}/matters", {"text": "Mine"}).status_code == 404
    with app.app_context():
        assert len(db.session.scalars(select(PatientStatement)).all()) == 3


@both
def test_a_tick_is_one_tap_and_can_be_taken_back_in_its_week(
    app: Flask, browser: Browsers, mine: str, clock: MovableClock
) -> None:
    write(app, PLAIN)
    lift = ask_of_maria(app, "Lift the crate", rhythm=Rhythm.EVERY_OTHER_DAY)
    video = ask_of_maria(app, "Watch the video")
    dose = ask_of_maria(app, "Take 20 mg tramadol daily", rhythm=Rhythm.DAILY)
    publish(app)
    later = ask_of_maria(app, "Walk at night", rhythm=Rhythm.WEEKLY, times_a_week=3)
    maria = browser(MARIA)
    shown = page(maria, mine)
    assert 'Lift the crate</b><span class="soft">every other day</span>' in shown
    assert 'aria-label="Done on Monday 23 November: Lift the crate"' in shown
    assert 'aria-label="Done today: Watch the video"' in shown
    assert "Done today: Take 20 mg" not in shown
    assert "Wednesday 25 November" not in shown
    at = f"{mine}/tasks/{lift}/ticks"
    for day in (TUESDAY, "2026-11-23", TUESDAY):
        assert maria.post(at, {"day": day}).headers["Location"].endswith(f"{mine}#step-{lift}")
    assert [(each.day.isoformat(), each.is_done, each.told_by, each.told_to_id) for each in ticks(app)] == [
        (TUESDAY, True, "Maria Kovač", None),
        ("2026-11-23", True, "Maria Kovač", None),
    ]
    for day, wrong in (
        ("2026-11-25", "still to come"),
        ("2026-11-22", "Only days of this week"),
        ("tomorrow", "Choose a day of this week"),
    ):
        again = maria.post(at, {"day": day})
        assert again.status_code == 422
        assert wrong in again.get_data(as_text=True)
    assert "A medicine is not ticked" in maria.post(f"{mine}/tasks/{dose}/ticks", {"day": TUESDAY}).get_data(True)
    assert maria.post(f"{mine}/tasks/{later}/ticks", {"day": TUESDAY}).status_code == 404, "she has not read of it"
    assert browser(INES).post(at, {"day": TUESDAY}).status_code == 404
    assert browser(DANA).post(at, {"day": TUESDAY}).status_code == 404
    taken = ticks(app)[0].id
    assert maria.post(f"{mine}/ticks/{taken}/withdrawal").status_code == 303
    assert maria.post(f"{mine}/ticks/{taken}/withdrawal").status_code == 303
    assert ticks(app)[0].withdrawn_at is not None
    maria.post(f"{mine}/tasks/{video}/ticks", {"day": "2026-11-23"})
    assert "done on Monday 23 November" in page(maria, mine)
    clock.advance(days=7)
    maria = browser(MARIA)
    shown = page(maria, mine)
    assert "done on Monday 23 November" in shown
    assert 'aria-checked="true"' not in shown, "a new week begins"
    again = maria.post(f"{mine}/ticks/{ticks(app)[1].id}/withdrawal")
    assert again.status_code == 422
    assert ticks(app)[1].withdrawn_at is None


@both
def test_why_something_was_not_done_can_be_said_and_need_not(app: Flask, browser: Browsers, mine: str) -> None:
    write(app, PLAIN)
    lift = ask_of_maria(app, "Lift the crate", rhythm=Rhythm.WEEKLY, times_a_week=3)
    publish(app)
    maria, at = browser(MARIA), f"{mine}/tasks/{lift}/ticks"
    assert "3 times a week" in page(maria, mine)
    maria.post(at, {"day": TUESDAY})
    maria.post(at, {"day": TUESDAY, "not_done": "1", "reason": "too sore"})
    assert "Tuesday: not done, too sore." in page(maria, mine)
    maria.post(at, {"day": TUESDAY, "not_done": "1", "reason": "other", "words": "Visitors <3"})
    assert "Tuesday: not done, Visitors &lt;3." in page(maria, mine)
    maria.post(at, {"day": "2026-11-23", "not_done": "1", "reason": "other", "words": " "})
    assert "Monday: not done." in page(maria, mine)
    answer = maria.post(at, {"day": TUESDAY, "not_done": "1", "reason": "not sure how"}, follow_redirects=True)
    assert "The team sees that you are not sure how" in answer.get_data(as_text=True)
    long = maria.post(at, {"day": TUESDAY, "not_done": "1", "reason": "other", "words": "y" * 501})
    assert long.status_code == 422
    assert "y" * 501 in long.get_data(as_text=True)
    guardian = browser(GUARDIAN)
    assert guardian.post(at, {"day": TUESDAY}).status_code == 303
    held = [each for each in ticks(app) if each.withdrawn_at is None]
    assert [(each.day, each.is_done, each.reason, each.words, each.told_by) for each in held] == [
        (date(2026, 11, 23), False, "", "", "Maria Kovač"),
        (date(2026, 11, 24), True, "", "", "Otto Brandt, her brother"),
    ]
