"""The patient's text on the board: what the checker says to those who write it, and that it is behind."""

import re

from flask import Flask

from models.plan import DocumentKind
from tests.blueprints.talking import FETCH, Talk, maria
from tests.databases.kinds import both
from tests.personas import ADAM, CORA, DANA, LENA
from tests.statements import counted

pytestmark = both

HARD = "You start hydrotherapy 😀 twice a week.\nYour MRI was fine."


def write(talk: Talk, browser, text: str, kind: str, section: str = "physiotherapy") -> None:  # type: ignore[no-untyped-def]
    address = f"{talk.plan}/documents/{talk.document(section, kind)}/text"
    page = browser.get(address).get_data(as_text=True)
    base = {name: re.search(rf'name="{name}" value="(\d+)"', page)[1] for name in ("epoch", "base_seq")}  # type: ignore[index]
    assert browser.post(address, {"text": text, **base}).status_code == 303


def test_whoever_writes_a_patients_text_reads_what_makes_it_hard(browser, app: Flask) -> None:  # type: ignore[no-untyped-def]
    talk, dana = maria(app), browser(DANA)
    write(talk, dana, HARD, DocumentKind.PLAIN)
    name = f"check-{talk.document('physiotherapy', DocumentKind.PLAIN)}"
    said = talk.fragment(dana, name)
    assert "2 places to make plainer" in said
    places = re.findall(r'data-from="(\d+)" data-to="(\d+)" data-words="([^"]*)"', said)
    assert places == [("10", "22", "hydrotherapy"), ("45", "48", "MRI")]  # as browsers count: the face is two
    assert "you could say “exercises in warm water”" in said
    assert said.count("data-instead") == 1
    board = dana.get(talk.plan).get_data(as_text=True)
    assert f'data-fragment="{name}"' in board
    form = dana.get(talk.plan + f"/documents/{name.removeprefix('check-')}/text").get_data(as_text=True)
    assert "“MRI” – a short form" in form
    assert "data-instead" not in form  # nothing there could put them in


def test_the_clinics_own_words_go_first(browser, app: Flask) -> None:  # type: ignore[no-untyped-def]
    talk, dana = maria(app), browser(DANA)
    write(talk, dana, HARD, DocumentKind.PLAIN)
    browser(ADAM).post("/admin/glossary", {"term": "Hydrotherapy", "plain_words": "the pool on Mondays"})
    said = talk.fragment(dana, f"check-{talk.document('physiotherapy', DocumentKind.PLAIN)}")
    assert "you could say “the pool on Mondays”" in said


def test_only_who_writes_it_is_told(browser, app: Flask) -> None:  # type: ignore[no-untyped-def]
    talk = maria(app)
    plain, clinical = (talk.document("physiotherapy", kind) for kind in (DocumentKind.PLAIN, DocumentKind.CLINICAL))
    of_ines = talk.document("physiotherapy", DocumentKind.PLAIN, "Ines Duarte")
    for persona, document in ((LENA, plain), (CORA, plain), (DANA, clinical), (DANA, of_ines), (DANA, 987654)):
        assert browser(persona).get(f"{talk.plan}/fragments/check-{document}").status_code == 404
    assert f"check-{plain}" not in browser(LENA).get(talk.plan).get_data(as_text=True)
    assert f"check-{plain}" in browser(DANA).get(talk.plan).get_data(as_text=True)


def test_behind_is_said_on_the_head_and_still_right_takes_it_away(browser, app: Flask) -> None:  # type: ignore[no-untyped-def]
    talk, dana, lena = maria(app), browser(DANA), browser(LENA)
    write(talk, dana, "Lifts 2 kg.", DocumentKind.CLINICAL)
    assert "Maria: empty" in talk.fragment(dana, "head-physiotherapy")
    write(talk, dana, "You lift a crate.", DocumentKind.PLAIN)
    assert "up to date" in talk.fragment(dana, "head-physiotherapy")
    write(talk, dana, "Lifts 3 kg.", DocumentKind.CLINICAL)
    behind = "Maria&#39;s text is behind: Dana Osei changed the team&#39;s text"
    head = talk.fragment(dana, "head-physiotherapy").replace("'", "&#39;")
    assert behind in head
    others = talk.fragment(lena, "head-physiotherapy").replace("'", "&#39;")
    assert behind in others
    assert "Still right" not in others
    form = re.search(r'action="([^"]*/confirmation)".*?name="seen" value="(\d+)"', head, re.DOTALL)
    assert form is not None
    changed = dana.get(form[1]).get_data(as_text=True)
    assert re.search(r"<del>.*goes: </span>2</del><ins>.*comes: </span>3</ins>", changed)
    assert "Since Dana Osei last saw to" in changed
    stale = dana.post(form[1], {"seen": "1"}, headers=FETCH)
    assert stale.status_code == 409
    assert "changed again" in stale.get_json()["error"]
    assert dana.post(form[1], {}).status_code == 400
    assert dana.post(form[1], {"seen": form[2]}).status_code == 303
    assert "Maria's text still right: Dana Osei" in talk.fragment(dana, "head-physiotherapy").replace("&#39;", "'")
    assert lena.post(form[1], {"seen": form[2]}).status_code == 403


def test_only_a_patients_text_is_confirmed(browser, app: Flask) -> None:  # type: ignore[no-untyped-def]
    talk = maria(app)
    clinical = talk.document("physiotherapy", DocumentKind.CLINICAL)
    address = f"{talk.plan}/documents/{clinical}/confirmation"
    assert browser(DANA).post(address, {"seen": "1"}).status_code == 400
    assert browser(DANA).get(address).status_code == 400
    plain = talk.document("physiotherapy", DocumentKind.PLAIN)
    page = browser(DANA).get(f"{talk.plan}/documents/{plain}/confirmation").get_data(as_text=True)
    assert "Nobody noted what it said" in page


def test_the_board_and_a_check_keep_to_their_statements(browser, app: Flask) -> None:  # type: ignore[no-untyped-def]
    talk, dana = maria(app), browser(DANA)
    write(talk, dana, HARD, DocumentKind.PLAIN)
    with counted(app) as statements:
        dana.get(talk.plan)
    asked = [each for each in statements if not each.startswith("UPDATE documents SET text=")]  # kept meanwhile
    print(f"the board: {len(asked)} statements")
    assert len(asked) <= 20, asked
    with counted(app) as statements:
        talk.fragment(dana, f"check-{talk.document('physiotherapy', DocumentKind.PLAIN)}")
    print(f"a check: {len(statements)} statements")
    assert len(statements) <= 8, statements
