"""A text's life, moment by moment: pieces of work of one person, what each changed, and bringing one back."""

import re
from datetime import timedelta

import pytest
from flask import Flask

from tests.blueprints.talking import Talk, maria
from tests.blueprints.test_restores import forms, send
from tests.blueprints.test_suggestions import text_of, write
from tests.conftest import MovableClock
from tests.databases.kinds import both
from tests.personas import CORA, DANA, LENA, RAVI

pytestmark = both

FIRST, SECOND = "Walks ten minutes. 😀\n", "Walks ten minutes. 😀\nSwims on Mondays.\n"


@pytest.fixture
def talk(app: Flask) -> Talk:
    return maria(app)


@pytest.fixture
def document(talk: Talk, clock: MovableClock) -> int:
    """Dana writes twice within a minute, Ravi an hour later, Dana again."""
    found = talk.document("physiotherapy")
    clock.advance(hours=1)
    write(talk, found, "Walks.\n")
    clock.advance(seconds=20)
    write(talk, found, FIRST)
    clock.advance(hours=1)
    write(talk, found, SECOND, RAVI)
    clock.advance(hours=1)
    write(talk, found, FIRST)
    return found


def replay(browser, talk: Talk, document: int, moment: str = "") -> str:  # type: ignore[no-untyped-def]
    answer = browser.get(f"/patients/{talk.patient}/history/replay/{document}", query_string={"moment": moment})
    assert answer.status_code == 200
    return str(answer.get_data(as_text=True))


def moments(page: str) -> list[str]:
    return re.findall(r'moment=([0-9.]+)" data-number', page)[::-1]


def test_each_piece_of_work_is_a_moment(browser, talk: Talk, document: int) -> None:  # type: ignore[no-untyped-def]
    page = replay(browser(DANA), talk, document)
    found = moments(page)
    assert len(found) == 3, "what one person wrote within minutes is one"
    assert re.search("<del>[^<]*Swims on Mondays.", page)
    first, second = (replay(browser(DANA), talk, document, each) for each in found[:2])
    assert "Walks ten minutes. 😀</ins>" in first.replace("\n", "")
    assert "<ins>Swims on Mondays." in second
    assert "Ravi" in second.split('id="moment"')[1].split("</h3>")[0]


def test_a_link_shows_the_same_after_somebody_went_on(  # type: ignore[no-untyped-def]
    browser, talk: Talk, document: int, clock: MovableClock
) -> None:
    last = moments(replay(browser(DANA), talk, document))[-1]
    clock.now += timedelta(seconds=30)
    write(talk, document, FIRST + "Rests.\n")
    now = moments(replay(browser(DANA), talk, document))
    assert now[:-1] == moments(replay(browser(DANA), talk, document, last))[:2], "it is the same piece of work still"
    assert last not in now
    assert "Rests." not in replay(browser(DANA), talk, document, last).split('id="moment"')[1]
    for wrong in ("1.999", "7.1", "x"):
        url = f"/patients/{talk.patient}/history/replay/{document}?moment={wrong}"
        assert browser(DANA).get(url).status_code == 404


def test_a_moment_comes_back_and_that_is_undone(browser, talk: Talk, document: int) -> None:  # type: ignore[no-untyped-def]
    dana = browser(DANA)
    second = moments(replay(dana, talk, document))[1]
    (form,) = forms(replay(dana, talk, document, second).replace("\n", " "), "restorations")
    assert send(dana, form) == 422, "a reason is needed"
    write(talk, document, FIRST + "Typed meanwhile.\n", LENA)
    assert send(dana, form, reason="Mondays suit her") == 303
    assert sorted(text_of(talk, document).splitlines()) == sorted([*SECOND.splitlines(), "Typed meanwhile."])
    page = replay(dana, talk, document)
    assert "Mondays suit her" in page
    (undo,) = forms(page.replace("\n", " "), "withdrawals")
    assert send(dana, undo) == 303
    assert text_of(talk, document) == FIRST + "Typed meanwhile.\n"


def test_who_may_not_write_reads(browser, talk: Talk, document: int) -> None:  # type: ignore[no-untyped-def]
    page = replay(browser(LENA), talk, document, moments(replay(browser(LENA), talk, document))[0])
    assert "Restore this moment" not in page
    assert "Nothing is written here yet" in replay(browser(CORA), talk, talk.document("nutrition"))
