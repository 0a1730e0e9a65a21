"""The page and the palette: what is on them, for whom, in how many statements, and what is never written down."""

import logging
import re
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from actions import search_index
from models.audit import AuditEvent
from models.base import db
from tests.blueprints.talking import Talk
from tests.conftest import Browser
from tests.databases.kinds import both
from tests.personas import ADAM, CORA, DANA, LENA, MARIA, OTTO, patient_id
from tests.statements import counted

Open = Callable[..., Browser]


@pytest.fixture
def talk(app: Flask) -> Talk:
    with app.app_context():
        patient = patient_id("Maria Kovač")
    return Talk(app, patient, f"/patients/{patient}/plan", f"/patients/{patient}/plan/threads")


def palette(browser: Browser, query: str) -> str:
    answer = browser.get("/search/palette", query_string={"q": query})
    assert answer.status_code == 200
    return str(answer.get_data(as_text=True))


def options(html: str) -> list[tuple[str, str]]:
    """Address and words of each option."""
    found = re.findall(r'<a role="option"[^>]* href="([^"]+)">(.*?)</a>', html, re.DOTALL)
    return [(url, " ".join(re.sub(r"<[^>]+>", " ", words).split())) for url, words in found]


@both
def test_a_palette_groups_what_it_finds_with_the_patient_beside_each(browser: Open, talk: Talk) -> None:
    dana = browser(DANA)
    ids = talk.opened(dana, body="Will *Marigold* <b>swim</b>?")
    task = dana.post(
        f"/patients/{talk.patient}/tasks",
        {"title": "Send marigold times", "assignee": "patient", "priority": "normal", "plain_text": "x"},
    )
    assert task.status_code == 303, task.get_data(as_text=True)
    html = palette(dana, "mari")
    found = options(html)
    addresses = [url for url, _words in found]
    assert addresses[:2] == [
        f"/patients/{talk.patient}/plan",
        f"{talk.plan}?thread={ids['thread']}#thread-{ids['thread']}",
    ]
    assert re.fullmatch(rf"/patients/{talk.patient}/tasks/\d+", addresses[2])
    assert found[0][1] == "Maria Kovač born 12 Mar 1980 · ID C-10482"
    assert all(
        "Maria Kovač" in words and "born 12 Mar 1980" in words and "ID C-10482" in words for _url, words in found
    )
    assert "<mark>Marigold</mark> &lt;b&gt;swim&lt;/b&gt;" in html
    assert 'data-count="3 results"' in html
    assert [re.search(label, html) is not None for label in ("Patients", "Comments", "Tasks")] == [True] * 3


@both
def test_what_one_may_not_see_is_answered_like_what_is_not_there(browser: Open, talk: Talk) -> None:
    talk.opened(browser(DANA), body="Xylophone")
    for persona in (OTTO, ADAM):
        other = browser(persona)
        hidden, nowhere = palette(other, "xylophone"), palette(other, "qqqqqqqqq")
        assert hidden == nowhere, persona
        assert options(hidden) == []
        page = other.get("/search?q=xylophone").get_data(as_text=True)
        assert "Nothing found for “xylophone”" in page
    assert options(palette(browser(LENA), "xylophone")) != []
    cora = palette(browser(CORA), "duarte")
    assert "Ines" in cora
    assert "/care-team" in cora
    assert options(palette(browser(DANA), "duarte")) == []


def test_a_section_is_found_once_its_text_is_kept(app: Flask, browser: Open, talk: Talk) -> None:
    dana = browser(DANA)
    document = talk.document("physiotherapy")
    page = dana.get(f"{talk.plan}/documents/{document}/text").get_data(as_text=True)
    epoch, seq = (re.search(rf'name="{name}" value="(\d+)"', page)[1] for name in ("epoch", "base_seq"))  # type: ignore[index]
    text = "## Plan\n\n- **Graded** exposure: empty <i>crate</i> ×8, add 1 kg [weekly](https://a.example)"
    assert (
        dana.post(f"{talk.plan}/documents/{document}/text", {"text": text, "epoch": epoch, "base_seq": seq}).status_code
        == 303
    )
    with app.app_context():
        search_index.catch_up(db.engine)
    html = palette(dana, "crate weekly")
    ((url, _words),) = options(html)
    assert url == f"{talk.plan}#section-physiotherapy"
    said = "Graded exposure: empty &lt;i&gt;<mark>crate</mark>&lt;/i&gt; ×8, add 1 kg <mark>weekly</mark>"
    assert said in html
    assert html.count("<mark>") == 2


def test_without_words_there_are_ones_patients_and_pages(browser: Open) -> None:
    labels = [words for _url, words in options(palette(browser(DANA), ""))]
    assert labels[0].startswith("Maria Kovač")
    assert {"Patients", "Add a patient", "Password and sessions"} <= set(labels)
    assert "Accounts" not in labels
    administrators = [words for _url, words in options(palette(browser(ADAM), ""))]
    assert {"Accounts", "Teams", "Password and sessions"} <= set(administrators)
    assert not any("Maria" in words for words in administrators)
    assert browser(MARIA).get("/search/palette?q=pass").status_code == 404


@both
def test_a_search_takes_few_statements_however_much_it_finds(app: Flask, browser: Open, talk: Talk) -> None:
    dana = browser(DANA)
    for number in range(8):
        talk.opened(dana, body=f"Marigold {number}")
    palette(dana, "mari")
    with counted(app) as statements:
        palette(dana, "mari")
    assert len(statements) <= 12, "\n".join(statements)


def test_strange_queries_are_answered(browser: Open) -> None:
    dana = browser(DANA)
    for query in (
        "",
        " ",
        "a",
        "%",
        "_",
        '"',
        "'",
        "\0",
        "a\0b",
        "*",
        "(",
        "NEAR(",
        "-",
        "😀",
        "x" * 5000,
        "\ud83d".encode("utf-8", "surrogatepass").decode("latin-1"),
        "Kovač Maria",
        "&|!<->:*",
    ):
        for path in ("/search", "/search/palette"):
            assert dana.get(path, query_string={"q": query}).status_code == 200, repr(query)


def test_that_texts_were_shown_is_noted_and_what_was_asked_is_not(
    app: Flask, browser: Open, talk: Talk, caplog: pytest.LogCaptureFixture
) -> None:
    dana = browser(DANA)
    talk.opened(dana, body="Xylophone")
    with caplog.at_level(logging.INFO):
        palette(dana, "xylophone")
        dana.get("/search?q=xylophone")
        palette(dana, "maria")
    assert caplog.records
    assert not [record for record in caplog.records if "xylophone" in f"{record.getMessage()} {vars(record)}"]
    with app.app_context():
        rows = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "clinic:search:use")).all()
        assert [(row.thing, row.patient_id, row.outcome, row.detail) for row in rows] == [
            (f"patient:{talk.patient}", talk.patient, "viewed", {})
        ]
