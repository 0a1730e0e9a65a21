"""What Maria reads of her plan: what was published, and never more."""

import re
from collections.abc import Callable
from pathlib import Path

import pypdfium2
import pytest
from flask import Flask
from sqlalchemy import select

from models.base import db
from models.plan import DocumentKind
from models.publication import PatientAnswer
from rendering import press
from tests.conftest import Browser, MovableClock
from tests.databases.kinds import both
from tests.personas import AINO, DANA, GUARDIAN, INES, MARIA, patient_id
from tests.publishing import ask_of_maria, publish, settle_clinic, withdraw, write
from tests.statements import counted

Browsers = Callable[..., Browser]
PLAIN = {
    "understanding": "Your back is strong. Fear makes it stiff.",
    "physiotherapy": "- [ ] Walk **ten** minutes\n- [x] Lift the crate",
    "psychology": "Lena sees you six times.",
    "pain-management": "Slowly, slowly.\n\nFrom 1 December take 150 mg tramadol a day.\n\nCall Ravi first.",
    "nutrition": "Eat some protein at breakfast.",
    "flare-up": "1. Stay calm\n2. Walk a little",
}
LABEL = "If this differs from your label, change nothing and call us."


@pytest.fixture
def mine(app: Flask) -> str:
    """The address of Maria's pages."""
    settle_clinic(app)
    with app.app_context():
        return f"/my/{patient_id('Maria Kovač')}"


def text_of(browser: Browser, path: str, status: int = 200) -> str:
    answer = browser.get(path)
    assert answer.status_code == status
    return str(answer.get_data(as_text=True))


@both
def test_a_patient_reads_what_was_published_and_nothing_of_what_is_written_since(
    app: Flask, browser: Browsers, mine: str
) -> None:
    maria = browser(MARIA)
    assert "Your plan is not ready yet." in text_of(maria, mine)
    assert "Your plan is not ready yet." in text_of(maria, f"{mine}/flare-up")
    assert "Go to the emergency department" in text_of(maria, f"{mine}/changes")
    write(app, {"physiotherapy": "The team alone reads this."}, DocumentKind.CLINICAL)
    write(app, PLAIN)
    ask_of_maria(app, "Get up at 06:30", title="Rise time", details="She will not like it.")
    ask_of_maria(app, "From 1 December: tramadol 150 mg a day")
    assert "Walk" not in text_of(maria, mine)
    publish(app, "Swimming starts.")
    write(app, PLAIN | {"nutrition": "A draft about fibre."})
    ask_of_maria(app, "Something for next week")
    tries = []
    for _ in range(3):  # the sweep that follows typing may ask something meanwhile
        with counted(app) as statements:
            shown = text_of(maria, mine)
        tries.append(statements)
    assert len(min(tries, key=len)) <= 15, "\n".join(min(tries, key=len))
    assert "Hello Maria. This is your plan." in shown
    assert "Your team signed it on 24 November 2026: Dana, Lena, Ravi and Aino." in shown
    assert "Swimming starts." in shown
    assert "I want to lift my grandson." in shown
    for heading in ("What keeps the pain going", "Moving", "Mood and sleep", "Medicines and pain relief", "Eating"):
        assert heading in shown
    assert "Eat some protein at breakfast." in shown
    assert "Get up at 06:30" in shown
    for hidden in ("The team alone", "about fibre", "next week", "Rise time", "not like it", '<input type="checkbox'):
        assert hidden not in shown, hidden
    assert "Stay calm" in text_of(maria, f"{mine}/flare-up")
    assert "This is the first plan." in text_of(maria, f"{mine}/changes")
    assert "This is the plan of Maria." in text_of(browser(GUARDIAN), mine)
    assert text_of(browser(INES), mine, 404)


def test_beside_every_dose_stands_what_to_do_about_the_label(app: Flask, browser: Browsers, mine: str) -> None:
    write(app, PLAIN)
    ask_of_maria(app, "Walk every day")
    ask_of_maria(app, "From 1 December: tramadol 150 mg a day")
    publish(app, "Tramadol goes down to 150 mg.")
    shown = re.sub(r"\s+", " ", text_of(browser(MARIA), mine))
    assert shown.count(LABEL) == 3
    assert re.search(rf"goes down to 150 mg\.</p> ?<p class=\"dose-note\">{re.escape(LABEL)}", shown)
    assert re.search(rf"150 mg a day</b><span class=\"dose-note\">{re.escape(LABEL)}", shown)
    assert re.search(rf"150 mg tramadol a day\.</p><p class=\"dose-note\">{re.escape(LABEL)}</p> <p>Call Ravi", shown)


@both
def test_what_changed_since_last_time_is_told_word_by_word(
    app: Flask, browser: Browsers, mine: str, clock: MovableClock
) -> None:
    write(app, PLAIN)
    ask_of_maria(app, "Walk every day")
    publish(app, "The first plan.", but=[AINO])
    maria = browser(MARIA)
    assert "Not yet reviewed by Nutrition: Aino Salo is away." in text_of(maria, mine)
    assert "What changed" not in text_of(maria, mine)
    clock.advance(days=7)
    write(app, {"physiotherapy": "- Walk **twenty** minutes\n- Lift the crate", "understanding": ""})
    publish(app, "You walk longer.", but=[AINO])
    maria = browser(MARIA)
    assert "What changed since last time" in text_of(maria, mine)
    told = re.sub(r'<span class="visually-hidden">.*?</span>', "", text_of(maria, f"{mine}/changes"))
    assert "The plan of 1 December 2026 beside the one of 24 November 2026." in told
    assert "You walk longer." in told
    assert "Walk <del>ten</del><ins>twenty</ins> minutes" in re.sub(r"\s+", " ", told)
    assert "No longer in the plan" in told
    assert "<del>Your back is strong. Fear makes it stiff.</del>" in told
    assert "Lena sees you" not in told


def test_a_withdrawn_plan_is_not_shown_any_more(app: Flask, browser: Browsers, mine: str) -> None:
    write(app, PLAIN)
    withdraw(app, publish(app))
    maria = browser(MARIA)
    for page in ("", "/flare-up", "/changes"):
        shown = text_of(maria, mine + page)
        assert "This plan is withdrawn. Call us." in shown
        assert 'href="tel:+4315550100"' in shown
        assert "Go to the emergency department" in shown
        assert "to mend it" not in shown
        assert "Lena sees you" not in shown
        assert "Stay calm" not in shown


@both
def test_a_patient_agrees_asks_or_does_not_agree_and_the_team_hears_of_it(
    app: Flask, browser: Browsers, mine: str, clock: MovableClock
) -> None:
    write(app, PLAIN)
    publication = publish(app)
    maria, address = browser(MARIA), f"{mine}/publications/{publication}/answers"
    assert "You have not answered yet." in text_of(maria, mine)
    for kind, words, wrong in (
        ("disagrees", " ", "Write in a few words what is not right."),
        ("question", "?" * 2001, "at most 2000 letters"),
        ("maybe", "Who knows?", "Choose one of the three answers."),
    ):
        again = maria.post(address, {"kind": kind, "words": words})
        assert again.status_code == 422
        assert wrong in again.get_data(as_text=True)
        assert words in again.get_data(as_text=True)
    answer = maria.post(address, {"kind": "disagrees", "words": "The pool is <too> far."})
    assert answer.headers["Location"].endswith(f"{mine}#answer")
    shown = re.sub(r"\s+", " ", text_of(maria, mine))
    assert "You answered on 24 November 2026: <b>I do not agree</b>" in shown
    assert "The pool is &lt;too&gt; far." in shown
    board = text_of(browser(DANA), mine.replace("/my/", "/patients/") + "/plan")
    assert "does not agree" in board
    clock.advance(days=1)
    guardian = browser(GUARDIAN)
    assert "Maria Kovač answered on 24 November 2026:" in text_of(guardian, mine)
    assert guardian.post(address, {"kind": "agrees"}).status_code == 303
    assert "Otto Brandt, her brother answered on 25 November 2026:" in text_of(browser(MARIA), mine)
    with app.app_context():
        kinds = db.session.scalars(select(PatientAnswer.kind).order_by(PatientAnswer.id)).all()
        assert kinds == ["disagrees", "agrees"]
    assert browser(INES).post(address, {"kind": "agrees"}).status_code == 404


def test_an_answer_to_a_plan_that_changed_meanwhile_is_given_again(app: Flask, browser: Browsers, mine: str) -> None:
    write(app, PLAIN)
    former = publish(app)
    maria = browser(MARIA)
    write(app, {"nutrition": "Fibre helps."})
    now = publish(app, "Fibre.")
    answer = maria.post(f"{mine}/publications/{former}/answers", {"kind": "question", "words": "Which pool?"})
    assert answer.status_code == 422
    shown = answer.get_data(as_text=True)
    assert "The plan changed while you read it." in shown
    assert "Which pool?" in shown
    assert f"/publications/{now}/answers" in shown


def test_the_plan_can_be_kept_as_a_tagged_pdf(
    app: Flask, browser: Browsers, mine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    maria = browser(MARIA)
    assert "Your plan is not ready yet." in text_of(maria, f"{mine}/plan.pdf")
    write(app, PLAIN)
    write(app, {"physiotherapy": "The team alone reads this."}, DocumentKind.CLINICAL)
    publish(app)
    answer = maria.get(f"{mine}/plan.pdf")
    assert answer.mimetype == "application/pdf"
    with pypdfium2.PdfDocument(answer.get_data()) as document:
        assert document.is_tagged()
        said = "\n".join(page.get_textpage().get_text_bounded() for page in document)
    for words in (
        "call 112 now",
        "Hello Maria.",
        "150 mg tramadol a day",
        LABEL,
        "Stay calm",
        "Maria Kovač · 12 Mar 1980",
    ):
        assert words in said, words
    assert "The team alone" not in said
    assert "Keep it as a PDF" in text_of(maria, mine)
    monkeypatch.setattr(press, "LIBRARIES", {"libnothing.so.0": "libnothing0"})
    assert "To keep it on paper, print this page." in text_of(maria, mine)
    assert "A PDF cannot be made at the moment." in maria.get(f"{mine}/plan.pdf", follow_redirects=True).get_data(True)


def test_what_is_pressed_fetches_nothing(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("the words of a file")
    reaching = f"<link rel=stylesheet href='{secret.as_uri()}'><img alt='' src='http://127.0.0.1:9/x'>"
    made = press.pdf(
        f"<!doctype html><html lang=en><title>x</title>{reaching}<object data='{secret.as_uri()}'></object><p>fine"
    )
    with pypdfium2.PdfDocument(made) as document:
        assert document[0].get_textpage().get_text_bounded().strip() == "fine"
