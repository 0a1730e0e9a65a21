"""Bringing former words back: one change, a section, the plan; the words stay their authors', and it can be undone."""

import re

import pytest
from flask import Flask
from sqlalchemy import select

from models.edit_origin import EditOrigin
from tests.blueprints.talking import Talk, maria
from tests.blueprints.test_history import FIRST, SECOND, history, named
from tests.blueprints.test_suggestions import text_of, write
from tests.databases.kinds import both
from tests.personas import CORA, DANA, LENA, RAVI

pytestmark = both


@pytest.fixture
def talk(app: Flask) -> Talk:
    return maria(app)


@pytest.fixture
def document(talk: Talk) -> int:
    found = talk.document("physiotherapy")
    write(talk, found, FIRST)
    return found


Form = tuple[str, dict[str, list[str]]]


def forms(page: str, ending: str) -> list[Form]:
    """The forms of a page whose address ends so: address and hidden fields."""
    found = []
    for action, inside in re.findall(rf'<form method="post" action="([^"]*{ending}[^"]*)"(.*?)</form>', page):
        fields: dict[str, list[str]] = {}
        for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', inside):
            fields.setdefault(name, []).append(value)
        fields.pop("csrf_token", None)
        found.append((action.replace("&amp;", "&"), fields))
    return found


def send(browser, form: Form, **more: str) -> int:  # type: ignore[no-untyped-def]
    return int(browser.post(form[0], {**form[1], **more}).status_code)


def test_one_change_is_undone_and_the_others_stay(browser, talk: Talk, document: int) -> None:  # type: ignore[no-untyped-def]
    dana = browser(DANA)
    named(dana, talk)
    write(talk, document, SECOND)
    changes = forms(history(dana, talk), "undone-changes")
    assert len(changes) == 2
    assert send(dana, changes[0], reason="Agreed otherwise") == 303
    assert text_of(talk, document) == SECOND.replace("twice weekly from 1 Dec", "once weekly")
    assert send(dana, changes[0]) == 422, "it is undone already"
    assert send(dana, changes[1]) == 303
    assert sorted(text_of(talk, document).split()) == sorted(FIRST.split())
    assert text_of(talk, document).split("\n\n")[1].startswith("Graded")
    assert send(dana, changes[1]) == 422
    reasons = talk.rows(select(EditOrigin.kind, EditOrigin.reason).order_by(EditOrigin.seq))
    assert reasons == [("restore", "Agreed otherwise"), ("restore", "")]
    with talk.app.app_context():
        runs = talk.app.extensions["consilium"].attribution.who_wrote(document).runs
    assert {run.user_id for run in runs} == {talk.person(DANA)}


def test_a_change_whose_words_went_on_is_not_undone(browser, talk: Talk, document: int) -> None:  # type: ignore[no-untyped-def]
    dana = browser(DANA)
    named(dana, talk)
    write(talk, document, SECOND)
    change = forms(history(dana, talk), "undone-changes")[0]
    write(talk, document, SECOND.replace("1 Dec", "8 Dec") + "\nA line of its own.\n")
    answer = dana.post(change[0], change[1])
    assert answer.status_code == 422
    assert "were changed since" in answer.get_data(as_text=True)
    assert "8 Dec" in text_of(talk, document)


def test_a_section_goes_back_and_one_undo_takes_it_back(browser, talk: Talk, document: int) -> None:  # type: ignore[no-untyped-def]
    dana = browser(DANA)
    named(dana, talk)
    write(talk, document, SECOND)
    back = next(form for form in forms(history(dana, talk), "restorations") if form[1].get("section"))
    write(talk, document, SECOND + "\nTyped meanwhile.\n")
    assert send(dana, back) == 422, "it needs a reason"
    assert send(dana, back, reason="Too early") == 303
    assert text_of(talk, document).startswith(FIRST.rstrip("\n"))
    assert "Typed meanwhile." in text_of(talk, document)
    shown = history(dana, talk)
    assert "Dana Osei brought back words in Physiotherapy" in shown
    assert ": Too early</span>" in shown
    undo = forms(shown, "withdrawals")[0]
    write(talk, document, text_of(talk, document) + "\nTyped after.\n")
    assert send(dana, undo) == 303
    assert text_of(talk, document) == SECOND + "\nTyped meanwhile.\n\nTyped after.\n"
    assert send(dana, undo) == 422, "once is enough"
    assert send(dana, forms(history(dana, talk), "withdrawals")[0]) == 303, "and that can be undone, too"
    assert "once weekly" in text_of(talk, document)


def test_a_plan_goes_back_as_far_as_one_may_write(browser, talk: Talk, document: int) -> None:  # type: ignore[no-untyped-def]
    shared, own = talk.document("understanding"), talk.document("pain-management")
    write(talk, shared, "Fear is the driver.", LENA)
    named(browser(CORA), talk)
    write(talk, document, SECOND)
    write(talk, shared, "Nothing.", LENA)
    write(talk, own, "Tramadol.", RAVI)
    ravi = browser(RAVI)
    assert not forms(history(browser(CORA), talk), "restorations")
    plan = next(form for form in forms(history(ravi, talk), "restorations") if "section" not in form[1])
    answer = ravi.post(plan[0], {**plan[1], "reason": "Begin again"}, follow_redirects=True)
    assert "left as they were: Physiotherapy." in answer.get_data(as_text=True)
    assert text_of(talk, document) == SECOND
    assert text_of(talk, shared) == "Fear is the driver."
    assert "Assessment" in text_of(talk, own)
    section = (plan[0], {**plan[1], "section": "physiotherapy"})
    assert send(ravi, section, reason="No") == 422
    assert not forms(history(browser(DANA), talk), "withdrawals"), "pain management is Ravi's"
    assert send(ravi, forms(history(ravi, talk), "withdrawals")[0]) == 303
    assert (text_of(talk, shared), text_of(talk, own)) == ("Nothing.", "Tramadol.")


def test_strange_forms_are_refused(browser, talk: Talk, document: int) -> None:  # type: ignore[no-untyped-def]
    dana = browser(DANA)
    version = named(dana, talk)
    write(talk, document, SECOND)
    at = f"/patients/{talk.patient}/history"
    change = f"{at}/documents/{document}/undone-changes"
    points = {"since_point": "1.2", "until_point": "1.3"}
    assert dana.post(change, {}).status_code == 400
    assert dana.post(change, {**points, "number": "99"}).status_code == 422
    assert dana.post(change, {"since_point": "7.2", "until_point": "8.3", "number": "0"}).status_code == 422
    assert dana.post(f"{at}/restorations", {"version": "x"}).status_code == 400
    assert dana.post(f"{at}/restorations", {"version": "999", "reason": "x"}).status_code == 422
    assert dana.post(f"{at}/restorations", {"version": str(version), "reason": "x", "section": "no"}).status_code == 422
    assert dana.post(f"{at}/restorations/withdrawals", {"edit": "1"}).status_code == 400
    assert dana.post(f"{at}/restorations/withdrawals", {}).status_code == 422
    assert dana.post(f"{at}/restorations/withdrawals", {"edit": f"{document}.1.3"}).status_code == 422
    assert text_of(talk, document) == SECOND
