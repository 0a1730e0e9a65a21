"""Suggestions: made by who may not write, accepted as one edit by who may, or declined with a word."""

import pytest
from flask import Flask
from sqlalchemy import select

from livedoc import edits
from models.document import DocumentUpdate
from models.notification import NoticeKind, Notification
from models.thread import Suggestion
from tests.blueprints.talking import Talk, errors, maria
from tests.conftest import Browser
from tests.databases.kinds import both
from tests.personas import DANA, LENA, RAVI, Persona, actor

pytestmark = both
TEXT = "## Plan\n\n😀 Rest on bad days.\n\nRest well.\n"


@pytest.fixture
def talk(app: Flask) -> Talk:
    return maria(app)


def write(talk: Talk, document: int, text: str, by: Persona = DANA, base_seq: int | None = None) -> None:
    house = talk.app.extensions["consilium"]
    with talk.app.app_context(), house.units.begin(actor(by), [document]) as work:
        current = house.hub.current(document)
        edits.replace(work, house.hub, document, current.epoch, base_seq or current.seq, text, work.actor_id)


def text_of(talk: Talk, document: int) -> str:
    with talk.app.app_context():
        return str(talk.app.extensions["consilium"].hub.text(document))


def spot(talk: Talk, document: int, words: str) -> dict[str, int]:
    """Where a browser sees some words, in UTF-16 units."""
    with talk.app.app_context():
        current = talk.app.extensions["consilium"].hub.current(document)
    start = len(current.text[: current.text.index(words)].encode("utf-16-le")) // 2
    return {"epoch": current.epoch, "base_seq": current.seq, "start": start, "end": start + len(words)}


@pytest.fixture
def document(talk: Talk) -> int:
    found = talk.document("physiotherapy")
    write(talk, found, TEXT)
    return found


def suggest(talk: Talk, by: Browser, document: int, **fields: object) -> dict[str, int]:
    asked = {"kind": "suggestion", "document": document, "quote": "Rest on bad days", "body": ""}
    return talk.opened(by, **{**asked, "replacement": "Halve the load on bad days", **fields})


def test_accepting_is_one_edit_of_the_accepter(browser, talk: Talk, document: int) -> None:  # type: ignore[no-untyped-def]
    ravi, dana, lena = browser(RAVI), browser(DANA), browser(LENA)
    ids = suggest(talk, ravi, document)
    marks = talk.fragment(dana, f"marks-{document}")
    assert 'data-replacement="Halve the load on bad days" data-may-accept' in marks
    assert "data-may-accept" not in talk.fragment(lena, f"marks-{document}")
    shown = talk.fragment(dana, f"thread-{ids['thread']}")
    assert "Ravi Thakur suggests" in shown
    assert "Accept</button>" in shown
    assert "Accept</button>" not in talk.fragment(lena, f"thread-{ids['thread']}")
    where = spot(talk, document, "Rest on bad days")
    assert talk.send(lena, f"{talk.thread(ids)}/acceptance", where).status_code == 403
    assert talk.send(dana, f"{talk.thread(ids)}/resolution").status_code == 422
    before = len(talk.rows(select(DocumentUpdate.seq).where(DocumentUpdate.document_id == document)))
    assert talk.send(dana, f"{talk.thread(ids)}/acceptance", where).status_code == 204
    assert text_of(talk, document) == TEXT.replace("Rest on bad days", "Halve the load on bad days")
    rows = talk.rows(select(DocumentUpdate.user_id).where(DocumentUpdate.document_id == document))
    assert len(rows) == before + 1
    assert rows[-1][0] == talk.person(DANA)
    assert talk.rows(select(Suggestion.epoch, Suggestion.seq, Suggestion.is_accepted)) == [(1, len(rows), True)]
    told = talk.rows(select(Notification.user_id).where(Notification.kind == NoticeKind.ANSWER))
    assert told == [(talk.person(RAVI),)]
    assert "Suggested by Ravi Thakur, accepted by Dana Osei" in talk.fragment(ravi, f"thread-{ids['thread']}")
    assert talk.listed(dana) == []
    assert "data-thread" not in talk.fragment(dana, f"marks-{document}")
    again = errors(talk.send(dana, f"{talk.thread(ids)}/acceptance", where))
    assert "answered meanwhile" in again["suggestion"]


def test_what_others_type_meanwhile_is_kept(browser, talk: Talk, document: int) -> None:  # type: ignore[no-untyped-def]
    ids = suggest(talk, browser(RAVI), document)
    where = spot(talk, document, "Rest on bad days")
    write(talk, document, "Seen today.\n\n" + TEXT + "\nNew line.\n")
    assert talk.send(browser(DANA), f"{talk.thread(ids)}/acceptance", where).status_code == 204
    expected = "Seen today.\n\n" + TEXT.replace("Rest on bad days", "Halve the load on bad days") + "\nNew line.\n"
    assert text_of(talk, document) == expected


def test_words_that_changed_meanwhile_are_shown_instead(browser, talk: Talk, document: int) -> None:  # type: ignore[no-untyped-def]
    dana = browser(DANA)
    ids = suggest(talk, browser(RAVI), document)
    stale = spot(talk, document, "Rest on bad days")
    write(talk, document, TEXT.replace("bad days", "worse days"))
    refusal = errors(talk.send(dana, f"{talk.thread(ids)}/acceptance", stale))
    assert "Rest on worse days" in refusal["quote"]
    elsewhere = {**stale, "start": stale["start"] + 1}
    assert "est on bad days" in errors(talk.send(dana, f"{talk.thread(ids)}/acceptance", elsewhere))["quote"]
    gone = errors(talk.send(dana, f"{talk.thread(ids)}/acceptance"))
    assert "no longer stand" in gone["quote"]
    assert text_of(talk, document) == TEXT.replace("bad days", "worse days")


@pytest.mark.parametrize(
    "wrong", [{"base_seq": 99}, {"base_seq": -1}, {"start": 9_999, "end": 10_000}, {"start": 10, "end": 14}, {"end": 1}]
)
def test_a_place_that_is_none_changes_nothing(browser, talk: Talk, document: int, wrong: dict[str, int]) -> None:  # type: ignore[no-untyped-def]
    ids = suggest(talk, browser(RAVI), document)
    where = {**spot(talk, document, "Rest on bad days"), **wrong}
    assert talk.send(browser(DANA), f"{talk.thread(ids)}/acceptance", where).status_code == 422
    assert text_of(talk, document) == TEXT


def test_without_scripts_the_words_are_found_by_their_surroundings(browser, talk: Talk, document: int) -> None:  # type: ignore[no-untyped-def]
    ravi, dana = browser(RAVI), browser(DANA)
    twice = suggest(talk, ravi, document, quote="Rest", replacement="Pause")
    page = dana.post(f"{talk.thread(twice)}/acceptance")
    assert page.status_code == 422
    assert "more than once" in page.get_data(as_text=True)
    once = suggest(talk, ravi, document, quote="Rest", replacement="Pause", before="\n\n", after=" well")
    assert dana.post(f"{talk.thread(once)}/acceptance").status_code == 303
    assert text_of(talk, document) == TEXT.replace("Rest well", "Pause well")


def test_declining_needs_a_word(browser, talk: Talk, document: int) -> None:  # type: ignore[no-untyped-def]
    ravi, dana = browser(RAVI), browser(DANA)
    ids = suggest(talk, ravi, document, replacement="")
    assert errors(talk.send(dana, f"{talk.thread(ids)}/refusal", {"words": " "})).keys() == {"words"}
    assert dana.post(f"{talk.thread(ids)}/refusal", {"words": ""}).status_code == 422
    assert talk.send(dana, f"{talk.thread(ids)}/refusal", {"words": "Agreed with Maria"}).status_code == 204
    assert "Declined by Dana Osei: Agreed with Maria" in talk.fragment(ravi, f"thread-{ids['thread']}")
    assert text_of(talk, document) == TEXT


def test_a_withdrawn_suggestion_waits_for_nobody(browser, talk: Talk, document: int) -> None:  # type: ignore[no-untyped-def]
    ravi, dana = browser(RAVI), browser(DANA)
    ids = suggest(talk, ravi, document)
    talk.send(dana, f"{talk.thread(ids)}/comments", {"body": "Why?"})
    assert talk.send(ravi, f"{talk.thread(ids)}/comments/{ids['comment']}/withdrawal").status_code == 204
    assert talk.listed(dana) == []
    assert "Withdrawn" in talk.fragment(dana, f"thread-{ids['thread']}")
    refusal = errors(talk.send(dana, f"{talk.thread(ids)}/acceptance", spot(talk, document, "Rest on bad days")))
    assert "withdrawn" in refusal["suggestion"]
    assert dana.post(f"{talk.thread(ids)}/resolution/removal").status_code == 422
