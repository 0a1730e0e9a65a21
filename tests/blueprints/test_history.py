"""A plan's history: versions with what they changed, and differences with names, for everyone who reads the record."""

import re

import pytest
from flask import Flask
from sqlalchemy import select

from actions import history as versions
from models.version import Version, VersionText
from tests.blueprints.talking import Talk, maria
from tests.blueprints.test_suggestions import spot, suggest, write
from tests.databases.kinds import both
from tests.personas import CORA, DANA, LENA, OTTO, RAVI, patient_id
from tests.statements import counted

pytestmark = both
FIRST = "Hydrotherapy once weekly.\n\nGraded exposure to lifting: empty crate, 8 times.\n\nRest on bad days 😀.\n"
SECOND = FIRST.replace("once weekly", "twice weekly from 1 Dec").replace("Rest on bad days 😀.\n", "")
SECOND = SECOND.replace("\n\nGraded", "\n\nRest on bad days 😀.\n\nGraded").rstrip("\n") + "\n"


@pytest.fixture
def talk(app: Flask) -> Talk:
    return maria(app)


@pytest.fixture
def document(talk: Talk) -> int:
    found = talk.document("physiotherapy")
    write(talk, found, FIRST)
    return found


def history(browser, talk: Talk, query: str = "") -> str:  # type: ignore[no-untyped-def]
    answer = browser.get(f"/patients/{talk.patient}/history{query}")
    assert answer.status_code == 200
    return " ".join(answer.get_data(as_text=True).split())


def named(browser, talk: Talk, label: str = "Before the taper", reason: str = "Ravi changes the dose") -> int:  # type: ignore[no-untyped-def]
    answer = browser.post(f"/patients/{talk.patient}/history/versions", {"label": label, "reason": reason})
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return int(re.search(r"until=(\d+)", answer.headers["Location"])[1])


def test_a_version_is_named_with_a_reason_and_holds_the_plan(browser, talk: Talk, document: int) -> None:  # type: ignore[no-untyped-def]
    dana, cora = browser(DANA), browser(CORA)
    version = named(cora, talk)
    assert talk.rows(select(Version.label, Version.reason, Version.kind).where(Version.id == version)) == [
        ("Before the taper", "Ravi changes the dose", "named")
    ]
    kept = talk.rows(
        select(VersionText.text).where(VersionText.version_id == version, VersionText.document_id == document)
    )
    assert kept == [(FIRST,)]
    shown = history(dana, talk)
    assert "“Before the taper”" in shown
    assert "Cora Lindt" in shown
    wrong = cora.post(f"/patients/{talk.patient}/history/versions", {"label": " ", "reason": "x" * 201})
    assert wrong.status_code == 422
    assert len(talk.rows(select(Version.id))) == 1


def test_what_changed_since_is_told_by_words_with_names(browser, talk: Talk, document: int, clock) -> None:  # type: ignore[no-untyped-def]
    dana = browser(DANA)
    version = named(dana, talk)
    clock.advance(hours=1)
    write(talk, document, SECOND)
    ids = suggest(talk, browser(RAVI), document, quote="twice weekly", replacement="three times")
    talk.send(dana, f"{talk.thread(ids)}/acceptance", spot(talk, document, "twice weekly"))
    shown = history(dana, talk)
    assert "<del>once weekly</del><ins>three times from 1 Dec</ins>" in shown
    assert "<b>Ravi Thakur</b>, suggested, accepted by Dana Osei" in shown
    assert "<b>Dana Osei</b><br>24 Nov 2026, 11:00" in shown
    assert "Moved here</span>Rest on bad days" in shown
    assert ">2 changes</span>" in shown
    beside = history(dana, talk, f"?since={version}&until=now&view=beside")
    assert "Before</p>" in beside
    assert "<del>once weekly</del>" in beside
    turned = history(dana, talk, f"?since=now&until={version}")
    assert "<del>once weekly</del>" in turned
    same = history(dana, talk, f"?since={version}&until={version}")
    assert "Nothing differs between these two." in same


def test_a_version_tells_what_it_changed(browser, talk: Talk, document: int) -> None:  # type: ignore[no-untyped-def]
    dana = browser(DANA)
    named(dana, talk, "one")
    write(talk, document, SECOND)
    named(dana, talk, "two")
    write(talk, talk.document("understanding"), "Fear is the main driver.", LENA)
    named(dana, talk, "three")
    shown = history(dana, talk)
    assert '<small>Physiotherapy <span class="size"><span aria-hidden="true">+4 −1</span>' in shown
    assert "<small>Shared understanding" in shown


def test_since_one_last_looked(browser, talk: Talk, document: int, clock) -> None:  # type: ignore[no-untyped-def]
    browser(LENA).get(talk.plan)
    clock.advance(hours=3)
    write(talk, document, SECOND)
    lena = browser(LENA)
    shown = history(lena, talk, "?since=look")
    assert "When you last looked" in shown
    assert "<del>once</del>" in shown
    lena.get(talk.plan)
    clock.advance(hours=3)
    assert "Nothing differs" in history(browser(LENA), talk, "?since=look")


def test_the_list_is_paged_and_costs_few_statements(browser, talk: Talk, document: int) -> None:  # type: ignore[no-untyped-def]
    dana = browser(DANA)
    for number in range(23):
        if number % 5 == 0:
            write(talk, document, f"{FIRST}\nRound {number}\n")
        named(dana, talk, f"number {number}")
    first = history(dana, talk)
    assert "“number 22”" in first
    assert "“number 2”" not in first
    older = re.search(r'href="([^"]*before=[^"]*)">Older', first)[1].replace("&amp;", "&")
    rest = " ".join(dana.get(older).get_data(as_text=True).split())
    assert "“number 2”" in rest
    assert "“number 22”" not in re.search(r'<ol class="versions".*?</ol>', rest)[0]
    with talk.app.app_context(), counted(talk.app) as statements:
        versions.page(1, talk.app.extensions["consilium"].sizes)
    assert len(statements) <= 3
    with counted(talk.app) as statements:
        history(dana, talk)
    assert len(statements) <= 20, "\n".join(statements)


def test_history_is_for_those_who_read_the_record(browser, talk: Talk, document: int) -> None:  # type: ignore[no-untyped-def]
    dana, otto = browser(DANA), browser(OTTO)
    version = named(dana, talk)
    assert otto.get(f"/patients/{talk.patient}/history").status_code == 404
    with talk.app.app_context():
        ines = patient_id("Ines Duarte")
    assert otto.get(f"/patients/{ines}/history").status_code == 200
    assert otto.get(f"/patients/{ines}/history?since={version}").status_code == 404
    for strange in ("99999", "x", "-1", "9" * 30):
        assert dana.get(f"/patients/{talk.patient}/history?since={strange}").status_code == 404
