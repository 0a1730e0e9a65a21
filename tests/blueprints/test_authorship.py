"""Who wrote what, on its page: the names stay with the words, whoever put them there."""

from datetime import timedelta

import pytest
from flask import Flask

from livedoc import edits
from livedoc.origins import Source
from livedoc.records import Share
from models.edit_origin import OriginKind
from tests.blueprints.talking import Talk, maria
from tests.blueprints.test_suggestions import spot, suggest, write
from tests.databases.kinds import both
from tests.personas import DANA, LENA, OTTO, RAVI, actor
from tests.statements import counted

pytestmark = both
TEXT = "## Plan\n\n😀 Rest on bad days.\n\nRest well.\n"


@pytest.fixture
def talk(app: Flask) -> Talk:
    return maria(app)


@pytest.fixture
def document(talk: Talk) -> int:
    found = talk.document("physiotherapy")
    write(talk, found, TEXT)
    return found


def page(browser, talk: Talk, document: int, point: str = "") -> str:  # type: ignore[no-untyped-def]
    answer = browser.get(f"/patients/{talk.patient}/history/who-wrote-what/{document}{point}")
    assert answer.status_code == 200
    return " ".join(answer.get_data(as_text=True).split())


def test_a_suggestion_stays_the_words_of_who_made_it(browser, talk: Talk, document: int) -> None:  # type: ignore[no-untyped-def]
    dana = browser(DANA)
    ids = suggest(talk, browser(RAVI), document)
    talk.send(dana, f"{talk.thread(ids)}/acceptance", spot(talk, document, "Rest on bad days"))
    shown = page(dana, talk, document)
    assert "<b>Ravi Thakur, accepted by Dana Osei</b>" in shown
    assert 'title="Ravi Thakur, accepted by Dana Osei">' in shown
    assert "Rest well." in shown
    assert "<b>Dana Osei</b>" in shown
    before = page(dana, talk, document, "?epoch=1&seq=2")
    assert "Ravi" not in before
    assert "As it stood on" in before


def test_words_brought_back_stay_their_first_authors(browser, talk: Talk, document: int, clock) -> None:  # type: ignore[no-untyped-def]
    house = talk.app.extensions["consilium"]
    write(talk, document, "", RAVI)
    clock.advance(hours=3)
    with talk.app.app_context():
        former = house.attribution.who_wrote(document, (1, 2))
        assert former.text == TEXT
        whose = [Share(each.length, each.user_id, each.first_at, each.epoch, each.seq) for each in former.runs]
        with house.units.begin(actor(LENA), [document]) as work:
            source = Source(OriginKind.RESTORE, whose, "Still true.")
            edits.replace(work, house.hub, document, 1, 3, TEXT, work.actor_id, source)
        now = house.attribution.who_wrote(document)
        assert {each.user_id for each in now.runs} == {talk.person(DANA)}
        assert {each.hand and each.hand.user_id for each in now.runs} == {talk.person(LENA)}
        removed = house.attribution.who_removed(document, (1, 2), (1, 3))
        assert [(each.length, each.by and each.by.user_id) for each in removed.runs] == [(len(TEXT), talk.person(RAVI))]
    shown = page(browser(DANA), talk, document)
    assert "Dana Osei, brought back by Lena Moreau" in shown
    assert "reason: Still true." in shown


def test_words_of_one_person_are_one_run_unless_much_time_lies_between(talk: Talk, clock) -> None:  # type: ignore[no-untyped-def]
    document = talk.document("understanding")
    asked = talk.app.extensions["consilium"].attribution
    for text in ("Walks", "Walks ten", "Walks ten minutes"):
        write(talk, document, text)
        clock.advance(minutes=20)
    clock.advance(hours=2)
    write(talk, document, "Walks ten minutes. Rests.")
    with talk.app.app_context():
        runs = asked.who_wrote(document).runs
        assert [(each.length, each.seq) for each in runs][-1] == (len(". Rests."), runs[-1].seq)
        assert len(runs) == 2
        assert runs[0].last_at - runs[0].first_at == timedelta(minutes=40)


def test_the_page_is_for_those_who_may_see_the_text(browser, talk: Talk, document: int) -> None:  # type: ignore[no-untyped-def]
    address = f"/patients/{talk.patient}/history/who-wrote-what"
    assert browser(OTTO).get(f"{address}/{document}").status_code == 404
    dana = browser(DANA)
    for missing in (f"{document}?epoch=1&seq=99", f"{document}?epoch=7&seq=1", "999999"):
        assert dana.get(f"{address}/{missing}").status_code == 404
    empty = page(dana, talk, talk.document("flare-up", "plain"))
    assert "Nothing is written here yet." in empty
    with counted(talk.app) as statements:
        page(dana, talk, document)
    assert len(statements) <= 22, "\n".join(statements)
