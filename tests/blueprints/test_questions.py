"""A patient's question to the team: asked, told, sorted, answered; and what a yes to self-harm or an emergency does."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from access import loaders
from access.permissions import Permission
from actions import alerts, escalations, plan_states, questions, versions
from models.base import db
from models.notification import NoticeKind, Notification
from models.plan_state import State
from models.portal import PortalAccess, PortalRelation
from models.question import PatientQuestion
from tests import closing
from tests.blueprints.working import card, work
from tests.conftest import Browser, MovableClock
from tests.databases.kinds import both
from tests.personas import ADAM, AINO, CORA, DANA, GUARDIAN, INES, LENA, MARIA, OTTO, RAVI, actor, patient_id, user
from tests.publishing import publish, settle_clinic, write

Browsers = Callable[..., Browser]
SWIM = "May I swim while I come off the tramadol?"
YES, NO = {"risk": "yes"}, {"risk": "no"}

pytestmark = both


@pytest.fixture
def maria(app: Flask) -> int:
    settle_clinic(app)
    with app.app_context():
        return patient_id("Maria Kovač")


def page(browser: Browser, path: str, status: int = 200) -> str:
    answer = browser.get(path)
    assert answer.status_code == status, path
    return str(answer.get_data(as_text=True))


def told(app: Flask) -> set[tuple[str, str]]:
    """Who was told of what."""
    with app.app_context():
        rows = db.session.scalars(select(Notification).where(Notification.kind.in_(list(NoticeKind)[-6:])))
        return {(row.user.email.split("@")[0], row.kind) for row in rows.unique()}


def test_a_question_is_told_sorted_and_answered(app: Flask, browser: Browsers, maria: int) -> None:
    asks = browser(MARIA)
    mine = f"/my/{maria}/questions"
    form = page(asks, mine)
    assert "weekdays 8 to 16" in form
    assert "For help today, call" in form
    assert "+43 1 555 0100" in form
    answer = asks.post(mine, {"text": SWIM, **NO}, follow_redirects=True).get_data(as_text=True)
    assert "Nobody has answered yet." in answer
    assert 'id="crisis"' not in answer
    assert told(app) == {("dana", "patient_question"), ("cora", "patient_question")}
    dana, cora, lena = browser(DANA), browser(CORA), browser(LENA)
    for one in (dana, cora):
        assert SWIM in card(work(one), "Questions of patients")
    assert SWIM not in work(lena)
    assert SWIM in page(lena, f"/patients/{maria}/plan")
    question = f"/patients/{maria}/questions/1"
    assert dana.post(f"{question}/triage", {"urgency": "conference", "back": "work"}).headers["Location"] == "/work"
    assert cora.post(f"{question}/triage", {"urgency": "urgent"}).status_code == 303
    assert ("dana", "urgent_question") in told(app)
    whole = page(lena, f"/patients/{maria}/questions")
    assert whole.index("Next conference · Dana Osei") < whole.index("Urgent · Cora Lindt")
    assert "Cora Lindt has read it. The answer follows." in page(asks, mine)
    assert dana.post(f"{question}/answers", {"words": " "}).status_code == 422
    dana.post(f"{question}/answers", {"words": "Yes, from 1 December."})
    shown = page(asks, mine)
    assert "Dana Osei answered on 24 November 2026:" in shown
    assert "Yes, from 1 December." in shown
    assert SWIM not in work(dana)
    assert SWIM not in page(lena, f"/patients/{maria}/plan")
    asks.post(mine, {"text": "And cycle?", **NO})
    assert page(asks, mine).index("And cycle?") < page(asks, mine).index(SWIM)


def test_nothing_typed_is_lost(app: Flask, browser: Browsers, maria: int) -> None:
    asks, mine = browser(MARIA), f"/my/{maria}/questions"
    answer = asks.post(mine, {"text": SWIM})
    assert answer.status_code == 422
    assert SWIM in answer.get_data(as_text=True)
    assert "Choose yes or no." in answer.get_data(as_text=True)
    assert 'value="yes" id="risk-yes" checked' not in answer.get_data(as_text=True)
    answer = asks.post(mine, {"text": "", **NO})
    assert "Write your question." in answer.get_data(as_text=True)
    assert asks.post(mine, {"text": "x" * 2001, **NO}).status_code == 422
    asks.post("/logout")
    signed_out = asks.post(mine, {"text": SWIM, **YES})
    assert signed_out.status_code in (400, 401)
    assert SWIM in signed_out.get_data(as_text=True)
    assert "Go to the emergency department" in signed_out.get_data(as_text=True)
    with app.app_context():
        assert db.session.scalars(select(PatientQuestion)).all() == []


def test_sent_twice_is_asked_once(app: Flask, browser: Browsers, maria: int, clock: MovableClock) -> None:
    asks, mine = browser(MARIA), f"/my/{maria}/questions"
    for _time in range(2):
        asks.post(mine, {"text": "", **YES})
    clock.advance(minutes=11)
    asks.post(mine, {"text": "", **YES})
    with app.app_context():
        assert len(db.session.scalars(select(PatientQuestion)).all()) == 2


def test_a_yes_shows_whom_to_call_and_alarms_until_it_is_seen_to(app: Flask, browser: Browsers, maria: int) -> None:
    asks, mine = browser(MARIA), f"/my/{maria}/questions"
    sent = asks.post(mine, {"text": "I cannot go on.", **YES}, follow_redirects=True).get_data(as_text=True)
    crisis = sent[sent.index('id="crisis"') : sent.index("A new question")]
    for number in ("112", "+43 1 555 0199", "+43 1 555 0100"):
        assert number in crisis
    assert told(app) == {("dana", "alert"), ("lena", "alert"), ("cora", "alert")}
    team = {each: browser(each) for each in (DANA, LENA, RAVI, AINO, CORA)}
    for one in team.values():
        for path in ("/work", "/patients", f"/patients/{maria}/plan", f"/patients/{maria}/questions", "/alerts"):
            assert "I cannot go on." in page(one, path), path
    for outside in (OTTO, ADAM):
        for path in ("/work", "/alerts"):
            assert "cannot go on" not in page(browser(outside), path)
    done = f"/patients/{maria}/alerts/1/acknowledgement"
    assert team[RAVI].post(done, {"action": " "}).status_code == 422
    answer = team[RAVI].post(done, {"action": "Reached her by phone; Lena sees her at 11.", "back": "patients"})
    assert answer.headers["Location"] == "/patients"
    late = team[AINO].post(done, {"action": "I called, too."})
    assert late.status_code == 422
    assert "I called, too." in late.get_data(as_text=True)
    for one in team.values():
        assert "What was done?" not in page(one, f"/patients/{maria}/plan")
        assert "One alert" not in page(one, "/work")
        assert 'class="alarms"' not in page(one, "/patients")
    past = page(team[LENA], f"/patients/{maria}/questions")
    assert "Reached her by phone; Lena sees her at 11." in past
    assert "Ravi Thakur" in past
    assert "Lena sees her" not in page(asks, mine)


def test_only_the_patient_and_a_guardian_ask(app: Flask, browser: Browsers, maria: int) -> None:
    mine = f"/my/{maria}/questions"
    guardian = browser(GUARDIAN)
    guardian.post(mine, {"text": "May she drive?", **NO})
    assert "Otto Brandt, her brother asked on" in page(browser(MARIA), mine)
    assert browser(INES).post(mine, {"text": "x", **YES}).status_code == 404
    page(browser(INES), mine, 404)
    page(browser(DANA), mine, 404)


def test_staff_write_down_what_was_told(app: Flask, browser: Browsers, maria: int) -> None:
    ravi, here = browser(RAVI), f"/patients/{maria}/questions"
    with app.app_context():
        heard = user(AINO).id
    fields = {"text": SWIM, "way": "phone", "told_by": "Maria", "told_to": heard, "told_on": "23 Nov 2026"}
    assert "Choose yes or no." in ravi.post(here, fields).get_data(as_text=True)
    assert "still to come" in ravi.post(here, fields | NO | {"told_on": "25 Nov 2026"}).get_data(as_text=True)
    assert ravi.post(here, fields | NO).status_code == 303
    shown = page(ravi, here)
    assert "by phone" in shown
    assert "told to Aino Salo, written down by Ravi Thakur" in " ".join(shown.split())
    answer = ravi.post(here, fields | YES | {"text": ""})
    assert answer.headers["Location"] == f"/patients/{maria}/plan#alerts"
    assert ("lena", "alert") in told(app)
    assert "Written down by Ravi Thakur." in page(browser(MARIA), f"/my/{maria}/questions")


def test_the_way_to_the_team_stands_on_every_page_of_the_plan(app: Flask, browser: Browsers, maria: int) -> None:
    asks = browser(MARIA)
    assert "Questions and answers" in page(asks, f"/my/{maria}")
    write(app, dict.fromkeys(("understanding", "physiotherapy", "psychology", "flare-up"), "Words for her."))
    write(app, dict.fromkeys(("pain-management", "nutrition"), "Words for her."))
    publish(app)
    assert "Questions and answers" in page(asks, f"/my/{maria}")
    for path in ("", "/questions", "/flare-up", "/team", "/changes"):
        assert "Thinking of harming yourself?" in page(asks, f"/my/{maria}{path}")


def test_a_second_yes_is_a_second_alert_once_the_first_was_taken_care_of(
    app: Flask, browser: Browsers, maria: int
) -> None:
    """However soon it comes: nobody answered the phone, and she asks for help again."""
    asks, dana, mine = browser(MARIA), browser(DANA), f"/my/{maria}/questions"
    for _twice in range(2):
        asks.post(mine, {"text": "", **YES})
    dana.post(f"/patients/{maria}/alerts/1/acknowledgement", {"action": "Phoned, nobody answered."})
    asks.post(mine, {"text": "", **YES})
    with app.app_context():
        assert [row.acknowledged_at is None for row in alerts.of_patient(maria)] == [True, False]


def test_an_answer_sent_twice_stands_once(app: Flask, browser: Browsers, maria: int) -> None:
    browser(MARIA).post(f"/my/{maria}/questions", {"text": SWIM, **NO})
    dana, lena, answers = browser(DANA), browser(LENA), f"/patients/{maria}/questions/1/answers"
    for one, words in ((dana, "Yes."), (dana, "Yes. "), (lena, "Yes."), (dana, "Yes.")):
        assert one.post(answers, {"words": words}).status_code == 303
    with app.app_context():
        (question,) = questions.of_patient(maria)
        assert [row.by.name for row in question.answers] == ["Dana Osei", "Lena Moreau", "Dana Osei"]


def test_what_a_closed_plan_does_not_take_says_so(app: Flask, browser: Browsers, maria: int) -> None:
    asks = browser(MARIA)
    closing.close(app)
    answer = asks.post(f"/my/{maria}/questions", {"text": "I cannot go on like this.", **YES})
    said = answer.get_data(as_text=True)
    assert answer.status_code == 403
    assert "What you sent was not kept, and nobody has read it." in said
    for needed in ("I cannot go on like this.", "Call the crisis line", "tel:112"):
        assert needed in said


def test_answers_are_read_on_when_the_plan_has_ended_but_not_by_a_carer(
    app: Flask, browser: Browsers, maria: int
) -> None:
    asks, mine = browser(MARIA), f"/my/{maria}/questions"
    asks.post(mine, {"text": SWIM, **NO})
    browser(DANA).post(f"/patients/{maria}/questions/1/answers", {"words": "Yes, from 1 December."})
    closing.close(app)
    shown = page(asks, mine)
    assert SWIM in shown
    assert "Yes, from 1 December." in shown
    assert "Send to the team" not in shown
    with app.app_context(), app.extensions["consilium"].units.begin(actor(DANA)) as work:
        access = work.session.scalars(select(PortalAccess).where(PortalAccess.user_id == user(GUARDIAN).id)).one()
        access.relation = PortalRelation.CARER
    page(browser(GUARDIAN), mine, 403)
    assert "Questions" not in page(browser(GUARDIAN), f"/my/{maria}/team")


def test_nobody_elsewhere_is_told_of_an_alert_after_a_death(
    app: Flask, browser: Browsers, maria: int, clock: MovableClock
) -> None:
    browser(MARIA).post(f"/my/{maria}/questions", {"text": "", **YES})
    house = app.extensions["consilium"]
    for _step in range(3):
        clock.advance(days=2)
        with app.app_context():
            assert escalations.take_step(house.units, 1)
    adam = browser(ADAM)
    assert "nobody has recorded what was done" in page(adam, "/work")
    number = re.search(r"Patient (\S+?)[:<, ]", page(adam, "/alerts"))
    assert number is not None
    with app.app_context():
        grant = loaders.patient(actor(DANA), maria, Permission.PLAN_STATE_CHANGE)
        with house.units.begin(grant.actor, versions.documents_of(grant.plan.id)) as work_:
            plan_states.close(work_, house.hub, grant, closing.closing(State.DIED))
    assert number[1] not in page(adam, "/alerts")
