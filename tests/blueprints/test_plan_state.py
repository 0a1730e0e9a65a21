"""The page of a plan's state, the list of open and closed plans, and what is read at home of a plan that has ended."""

from collections.abc import Callable

from flask import Flask

from access.closed import STILL_GIVEN
from blueprints.gate import permission_of
from models.plan_state import State
from tests.access.test_matrix import address, rules
from tests.access.world import worlds
from tests.closing import CALL, close, pause, reopen
from tests.conftest import Browser, MovableClock
from tests.databases.kinds import both
from tests.personas import CORA, DANA, GUARDIAN, LENA, MARIA, patient_id
from tests.publishing import ask_of_maria, publish, settle_clinic, write
from tests.statements import counted

Open = Callable[..., Browser]
ENDS = {
    "state": "discharged",
    "outcome": "Walks an hour.",
    "plain_words": "You can do this by yourself now.",
    "call": CALL,
    "confirmed": "1",
}

OF_READERS = [right for right in STILL_GIVEN if right.startswith("portal:")]


def maria_of(app: Flask) -> int:
    with app.app_context():
        return patient_id("Maria Kovač")


def page(browser: Browser, path: str, status: int = 200) -> str:
    answer = browser.get(path)
    assert answer.status_code == status, path
    return str(answer.get_data(as_text=True))


def published(app: Flask) -> None:
    settle_clinic(app)
    parts = ("understanding", "physiotherapy", "psychology", "pain-management", "nutrition", "flare-up")
    write(app, {key: f"Words of {key}." for key in parts})
    ask_of_maria(app, "Walk ten minutes.")
    publish(app)


def test_a_plan_is_closed_by_its_page_and_reopened(app: Flask, browser: Open) -> None:
    ask_of_maria(app, "Walk ten minutes.")
    maria, dana = maria_of(app), browser(DANA)
    there = f"/patients/{maria}/state"
    shown = page(dana, there)
    assert "One open task ends as not done" in shown
    assert dana.post(f"{there}/close", {**ENDS, "confirmed": ""}).status_code == 422
    assert dana.post(f"{there}/close", {**ENDS, "state": "active"}).status_code == 422
    refused = dana.post(f"{there}/close", {**ENDS, "call": " ", "outcome": "Kept words."})
    assert refused.status_code == 422
    assert "Kept words." in refused.get_data(as_text=True)
    assert dana.post(f"{there}/close", ENDS).status_code == 303
    shown = page(dana, there)
    assert "Closed: discharged" in shown
    assert CALL in shown
    assert "Take up the task that ended with the plan" in shown
    assert "Closed: discharged" in page(dana, f"/patients/{maria}/plan")
    assert dana.post(f"{there}/reopen", {"reason": "", "takes_up": "1"}).status_code == 422
    assert dana.post(f"{there}/reopen", {"reason": "The pain came back.", "takes_up": "1"}).status_code == 303
    shown = page(dana, there)
    assert "The pain came back." in shown
    assert "Walks an hour." in shown


def test_others_read_the_state_and_change_nothing(app: Flask, browser: Open) -> None:
    pause(app)
    maria, lena = maria_of(app), browser(LENA)
    shown = page(lena, f"/patients/{maria}/state")
    assert "In hospital until Friday." in shown
    assert "Close the plan" not in shown
    assert lena.post(f"/patients/{maria}/state/close", ENDS).status_code == 403
    assert "Paused" in page(lena, "/patients")


def test_closed_plans_are_listed_apart_and_wait_for_nobody(app: Flask, browser: Open) -> None:
    for person in (DANA, CORA):
        assert "Maria Kovač" in page(browser(person), "/patients")
    close(app)
    for person in (DANA, CORA):
        someone = browser(person)
        assert "Maria Kovač" not in page(someone, "/patients")
        shown = page(someone, "/patients?closed=1")
        assert "Maria Kovač" in shown
        assert "Closed: discharged" in shown
        assert "Maria Kovač" not in page(someone, "/work").split('id="main"')[1]
    reopen(app)
    assert "Maria Kovač" in page(browser(DANA), "/patients")


def test_of_a_plan_that_rests_nothing_reminds(app: Flask, browser: Open) -> None:
    dana = browser(DANA)
    before = page(dana, "/work").split('id="main"')[1]
    pause(app)
    now = page(dana, "/work").split('id="main"')[1]
    assert before.count("Maria Kovač") > now.count("Maria Kovač")
    assert "Maria Kovač" in page(dana, "/patients")


@both
def test_the_patient_reads_on_for_ninety_days_and_then_whom_to_call(
    app: Flask, browser: Open, clock: MovableClock
) -> None:
    published(app)
    ids, _ines = worlds(app)
    close(app)
    maria = maria_of(app)
    clock.advance(days=89)
    for person in (MARIA, GUARDIAN):
        reader = browser(person)
        shown = page(reader, f"/my/{maria}")
        assert "Words of understanding." in shown
        assert "You can do this by yourself now." in shown
        assert CALL in shown
        assert "22 February 2027" in shown
        assert "Do you agree" not in shown
        assert "Walk ten minutes." not in shown
    clock.advance(days=2)
    tried = 0
    for person in (MARIA, GUARDIAN):
        reader = browser(person)
        for rule, method in rules(app):
            if method == "GET" and permission_of(app, rule.endpoint) in OF_READERS:
                shown = page(reader, address(app, rule, ids.ids), 403)
                assert CALL in shown, rule.rule
                assert "Flare-up or emergency?" in shown, rule.rule
                assert "Words of understanding." not in shown
                tried += 1
    assert tried > 8


def test_after_a_death_the_pages_are_quiet(app: Flask, browser: Open) -> None:
    published(app)
    close(app, State.DIED)
    maria = maria_of(app)
    for person in (MARIA, GUARDIAN):
        reader = browser(person)
        shown = page(reader, f"/my/{maria}")
        assert "We are sorry for your loss." in shown
        assert "Hello" not in shown
        assert "Words of understanding." not in shown
        assert "Words of understanding." in page(reader, f"/my/{maria}?read=1")


def test_how_many_statements_the_page_takes(app: Flask, browser: Open) -> None:
    dana, maria = browser(DANA), maria_of(app)
    page(dana, f"/patients/{maria}/state")
    with counted(app) as asked:
        page(dana, f"/patients/{maria}/state")
    assert len(asked) <= 10, asked
