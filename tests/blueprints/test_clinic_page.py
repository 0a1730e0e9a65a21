"""The administrator's pages for the clinic, and the emergency block that they fill."""

import re

from flask import Flask, render_template

from tests.databases.kinds import both
from tests.personas import ADAM, DANA

pytestmark = both

LINDEN = {
    "name": "Linden back clinic",
    "timezone": "America/New_York",
    "emergency_number": "112",
    "crisis_line": "142",
    "team_phone": "+43 (0)1 234 56 78",
    "team_hours": "Monday to Friday, 8 to 16",
    "escalation_minutes": "60",
    "escalation_working_days": "1",
    "based_on": "0",
}


def block(app: Flask) -> str:
    with app.test_request_context(base_url=app.extensions["consilium"].settings.public_url):
        return render_template("patient/_emergency.html")


def test_the_clinic_is_set_and_holds_at_once_everywhere(browser, app: Flask) -> None:  # type: ignore[no-untyped-def]
    adam, dana = browser(ADAM), browser(DANA)
    before = adam.get("/admin/clinic").get_data(as_text=True)
    assert "No plan can be published yet" in before
    assert 'href="#crisis_line">Crisis line</a>' in before
    assert adam.post("/admin/clinic", LINDEN).status_code == 303
    after = adam.get("/admin/clinic").get_data(as_text=True)
    assert "No plan can be published yet" not in after
    assert "<del>Europe/Vienna</del> <ins>America/New_York</ins>" in after
    assert "Adam Berg</b>, 24 Nov 2026, 04:00" in after  # the clock of the new zone
    assert "<title>" in dana.get("/account").get_data(as_text=True)
    assert 'value="America/New_York"' in dana.get("/account/notifications").get_data(as_text=True)


def test_what_is_wrong_stands_beside_its_field(browser) -> None:  # type: ignore[no-untyped-def]
    adam = browser(ADAM)
    answer = adam.post("/admin/clinic", {**LINDEN, "crisis_line": "ask Lena", "escalation_minutes": "soon"})
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert "Nothing is saved yet" in page
    answer = adam.post("/admin/clinic", {**LINDEN, "crisis_line": "ask Lena"})
    page = answer.get_data(as_text=True)
    assert re.search(r'value="ask Lena"', page)
    assert 'id="crisis_line-error">This cannot be dialled.' in page
    assert adam.post("/admin/clinic", LINDEN).status_code == 303
    stale = adam.post("/admin/clinic", {**LINDEN, "name": "Other"})
    assert stale.status_code == 422
    assert "Holds now: Linden back clinic" in stale.get_data(as_text=True)


def test_the_block_says_what_to_do_before_anybody_set_a_number(app: Flask) -> None:
    words = block(app)
    assert "tel:" not in words
    assert "href" not in words.replace("icons.svg", "").replace("use href", "")
    for said in (
        "Go to the emergency department or call the emergency number now",
        "new numbness around your genitals, bottom or inner thighs",
        "trouble passing or holding urine",
        "loss of bowel control",
        "new loss of sexual feeling or function",
        "leg weakness that gets worse",
        "pain, tingling or numbness in both legs",
        "chest pain",
        "pain after a serious accident",
        "Call us or your doctor today",
        "Thinking of harming yourself?",
    ):
        assert said in words


def test_the_block_dials_what_the_clinic_set(browser, app: Flask) -> None:  # type: ignore[no-untyped-def]
    browser(ADAM).post("/admin/clinic", LINDEN)
    words = block(app)
    assert re.findall(r'href="(tel:[^"]*)"', words) == ["tel:112", "tel:+4312345678", "tel:142"]
    assert "call 112 now" in words
    assert "Call 142 now." in words
    assert "Monday to Friday, 8 to 16" in words
    assert "<script" not in words


def test_a_word_is_added_changed_and_taken_out(browser) -> None:  # type: ignore[no-untyped-def]
    adam = browser(ADAM)
    assert "None yet." in adam.get("/admin/glossary").get_data(as_text=True)
    word = {"term": "hydrotherapy", "plain_words": "exercises in the pool"}
    assert adam.post("/admin/glossary", word).status_code == 303
    page = adam.get("/admin/glossary").get_data(as_text=True)
    assert "<b>hydrotherapy</b>: exercises in the pool" in page
    ends = re.search(r'action="(/admin/glossary/\d+/end)"', page)
    assert ends is not None
    assert adam.post(ends[1]).status_code == 303
    assert "None yet." in adam.get("/admin/glossary").get_data(as_text=True)
    wrong = adam.post("/admin/glossary", {"term": "taper", "plain_words": "Taper"})
    assert wrong.status_code == 422
    assert "That is the same word." in wrong.get_data(as_text=True)
