"""What the team sees of Maria's tasks at home, and what they write down as told to them; tasks that repeat."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from models.audit import AuditEvent
from models.base import db
from models.task import Rhythm, Task
from models.tick import Tick
from tests.conftest import Browser, MovableClock
from tests.databases.kinds import both
from tests.personas import DANA, LENA, MARIA, OTTO, RAVI, patient_id, user
from tests.publishing import ask_of_maria, publish, settle_clinic, write
from tests.statements import counted

Browsers = Callable[..., Browser]
PLAIN = dict.fromkeys(("physiotherapy", "psychology", "pain-management", "nutrition", "flare-up"), "Slowly.")
MONDAY, TUESDAY = "2026-11-23", "2026-11-24"


@pytest.fixture
def hers(app: Flask) -> str:
    """The address of Maria's record."""
    settle_clinic(app)
    with app.app_context():
        return f"/patients/{patient_id('Maria Kovač')}"


def page(browser: Browser, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.get_data(as_text=True))


def told(app: Flask, **changed: object) -> dict[str, object]:
    with app.app_context():
        dana = user(DANA).id
    said = {"outcome": "done", "reason": "", "words": "", "told_by": "Maria", "told_to": dana}
    return said | {"days": [MONDAY, TUESDAY]} | changed


@both
def test_a_task_for_the_patient_may_repeat(app: Flask, browser: Browsers, hers: str) -> None:
    dana = browser(DANA)
    form = page(dana, f"{hers}/tasks/new?for=patient")
    assert '<option value="weekly:3">3 times a week</option>' in form
    asked = {"title": "Lift", "assignee": "patient", "plain_text": "Lift the crate", "priority": "normal"}
    assert dana.post(f"{hers}/tasks", asked | {"often": "hourly"}).status_code == 422
    dana.post(f"{hers}/tasks", asked | {"often": "weekly:3", "due": "1 Dec 2026"})
    shown = page(dana, f"{hers}/tasks")
    assert "3 times a week · 0 of 3 this week" in shown
    assert "until Tue 1 Dec" in shown
    with app.app_context():
        task = db.session.scalars(select(Task)).one()
        assert (task.rhythm, task.times_a_week) == ("weekly", 3)
        ravi = f"user:{user(RAVI).id}"
    edit = page(dana, f"{hers}/tasks/{task.id}/edit")
    assert '<option selected value="weekly:3">' in edit
    based_on = re.search(r'name="based_on"[^>]* value="(\d+)"', edit)
    assert based_on is not None
    dana.post(f"{hers}/tasks/{task.id}", asked | {"often": "every other day", "based_on": based_on[1]})
    history = page(dana, f"{hers}/tasks/{task.id}")
    assert "How often: <del>3 times a week</del> → <ins>every other day</ins>" in history
    dana.post(f"{hers}/tasks/{task.id}/assignee", {"assignee": ravi, "seen": "patient"})
    dana.post(f"{hers}/tasks/{task.id}/assignment", {"assignee": ravi, "seen": "patient"})
    asked_of_ravi = asked | {"assignee": ravi, "often": "daily"}
    dana.post(f"{hers}/tasks", asked_of_ravi)
    with app.app_context():
        made = db.session.scalars(select(Task).order_by(Task.id.desc())).first()
        assert made is not None
        assert (made.rhythm, made.times_a_week) == ("once", None), "only the patient's tasks repeat"


@both
def test_the_team_sees_how_many_and_why_not(app: Flask, browser: Browsers, hers: str, clock: MovableClock) -> None:
    write(app, PLAIN)
    lift = ask_of_maria(app, "Lift the crate", rhythm=Rhythm.WEEKLY, times_a_week=3)
    video = ask_of_maria(app, "Watch the video", title="Video")
    publish(app)
    mine = hers.replace("patients", "my")
    clock.advance(days=-7)
    maria = browser(MARIA)
    maria.post(f"{mine}/tasks/{lift}/ticks", {"day": "2026-11-16"})
    maria.post(f"{mine}/tasks/{lift}/ticks", {"day": "2026-11-17", "not_done": "1", "reason": "too sore"})
    clock.advance(days=7)
    maria, dana = browser(MARIA), browser(DANA)
    maria.post(f"{mine}/tasks/{lift}/ticks", {"day": MONDAY})
    maria.post(f"{mine}/tasks/{lift}/ticks", {"day": TUESDAY, "not_done": "1", "reason": "not sure how"})
    maria.post(f"{mine}/tasks/{video}/ticks", {"day": MONDAY})
    for place in ("/tasks", "/tasks?view=board", "/plan", f"/tasks/{lift}"):
        shown = page(dana, hers + place)
        assert "3 times a week · 1 of 3 this week" in shown, place
        assert "Not sure how, Tue 24 Nov" in shown, place
    assert "ticked Mon 23 Nov" in page(dana, f"{hers}/tasks")
    assert "Not sure how, Tue 24 Nov" in page(dana, "/tasks?whose=given")
    table = page(dana, f"{hers}/tasks/{lift}")
    assert re.search(r"This week</th><td>1 of 3</td><td>Mon</td><td>Tue: not sure how</td>", table)
    assert re.search(r"16 Nov – 22 Nov</th><td>1 of 3</td><td>Mon</td><td>Tue: too sore</td>", table)
    assert "from the patient’s page, by Maria Kovač" in table
    clock.advance(days=1)
    maria, dana = browser(MARIA), browser(DANA)
    maria.post(f"{mine}/tasks/{lift}/ticks", {"day": "2026-11-25"})
    assert "Not sure how" not in page(dana, f"{hers}/tasks"), "she did it since"
    page(dana, f"{hers}/plan")
    with counted(app) as statements:
        page(dana, f"{hers}/plan")
    assert len(statements) <= 20, "\n".join(statements)
    with app.app_context():
        said = db.session.scalars(select(AuditEvent).where(AuditEvent.thing.like("tick:%"))).all()
        assert {each.actor_id for each in said} == {user(MARIA).id}
        assert all(each.patient_id == patient_id("Maria Kovač") and "sore" not in str(each.detail) for each in said)


@both
def test_staff_write_down_what_they_are_told(app: Flask, browser: Browsers, hers: str) -> None:
    walk = ask_of_maria(app, "Walk ten minutes", rhythm=Rhythm.DAILY)
    dana, at = browser(DANA), f"{hers}/tasks/{walk}/ticks"
    assert 'value="2026-11-24"' in page(dana, f"{at}/new")
    for changed, words in (
        ({"days": []}, "Choose at least one day."),
        ({"days": ["2026-11-25"]}, "not a valid choice"),
        ({"told_by": " "}, "Please fill this in."),
        ({"told_to": 987654}, "Not a valid choice"),
    ):
        answer = dana.post(at, told(app, **changed))
        assert answer.status_code == 422, changed
        assert words in answer.get_data(as_text=True)
    assert dana.post(at, told(app)).status_code == 303
    assert dana.post(at, told(app, days=[TUESDAY], outcome="not done", reason="no time")).status_code == 303
    shown = page(dana, f"{hers}/tasks/{walk}")
    assert "every day · 1 of 7 this week" in shown
    assert "Tue: no time" in shown
    assert "told by Maria to Dana Osei" in shown
    with app.app_context():
        entry = db.session.scalars(select(Tick.id).where(Tick.withdrawn_at.is_(None)).order_by(Tick.id)).first()
    lena = browser(LENA)
    assert browser(OTTO).post(f"{hers}/ticks/{entry}/withdrawal").status_code == 404
    assert lena.post(f"{hers}/ticks/{entry}/withdrawal").status_code == 303
    assert "every day · 0 of 7 this week" in page(dana, f"{hers}/tasks/{walk}")
    write(app, PLAIN)
    publish(app)
    mine = hers.replace("patients", "my")
    assert "Tuesday: not done, no time. Told to Dana Osei." in page(browser(MARIA), mine)
    maria = browser(MARIA)
    maria.post(f"{mine}/tasks/{walk}/ticks", {"day": MONDAY})
    with app.app_context():
        own = db.session.scalars(select(Tick.id).where(Tick.told_to_id.is_(None))).one()
    answer = dana.post(f"{hers}/ticks/{own}/withdrawal", follow_redirects=True)
    assert "Only there it can be taken back." in answer.get_data(as_text=True)
    with app.app_context():
        assert db.session.get_one(Tick, own).withdrawn_at is None
