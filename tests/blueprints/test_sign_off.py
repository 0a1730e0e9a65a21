"""From a version before the team to what the patient reads, and everything that stops on the way."""

import re
from collections.abc import Callable, Collection

import pytest
from flask import Flask
from sqlalchemy import select

from actions.plan_verification import findings
from models.base import db
from models.notification import NoticeKind, Notification
from models.publication import Publication
from models.user import User
from tests.conftest import Browser, MovableClock
from tests.databases.kinds import both
from tests.personas import AINO, CORA, DANA, LENA, PASSWORD, RAVI, patient_id, user
from tests.publishing import settle_clinic, write

Browsers = Callable[..., Browser]


@pytest.fixture
def page(app: Flask) -> str:
    with app.app_context():
        return f"/patients/{patient_id('Maria Kovač')}/sign-off"


@pytest.fixture
def numbers(app: Flask) -> None:
    """The clinic's emergency block is set."""
    settle_clinic(app)


WRITTEN = ("understanding", "physiotherapy", "psychology", "pain-management", "nutrition", "flare-up")


def write_all(app: Flask, but: Collection[str] = ()) -> None:
    """Maria can read something of every section, but of those with these keys."""
    write(app, {key: f"What we do about {key}." for key in WRITTEN if key not in but})


def text_of(browser: Browser, page: str) -> str:
    return str(browser.get(page).get_data(as_text=True))


def ask_for_signatures(browser: Browser, page: str, reason: str = "Agreed on Tuesday.") -> tuple[int, str]:
    """Put the plan before the team; answers the version's id and hash as its page has them."""
    assert browser.post(f"{page}/versions", {"reason": reason}).status_code == 303
    shown = text_of(browser, page)
    found = re.search(r'versions/(\d+)/signature.*?name="sha256" value="([0-9a-f]{64})"', shown, re.S)
    assert found is not None
    return int(found[1]), found[2]


def sign(browser: Browser, page: str, version: int, sha256: str, **more: str) -> int:
    return int(browser.post(f"{page}/versions/{version}/signature", {"sha256": sha256, **more}).status_code)


@both
def test_four_sign_and_the_responsible_clinician_publishes(
    app: Flask, browser: Browsers, page: str, numbers: None, clock: MovableClock
) -> None:
    write_all(app)
    dana = browser(DANA)
    assert "no plan to read yet" in text_of(dana, page.replace("sign-off", "plan"))
    version, sha256 = ask_for_signatures(dana, page)
    lena = browser(LENA)
    assert "0 of 4 signed" in text_of(lena, "/work")
    assert "0 of 4 signed" not in text_of(browser(CORA), "/work")
    for each in (DANA, LENA, RAVI, AINO):
        assert sign(browser(each), page, version, sha256) == 303
    assert "4 of 4 signed" not in text_of(lena, "/work")
    assert "4 of 4 signed" in text_of(dana, "/work")  # she is to publish it
    assert "Review and sign · 4 of 4" in text_of(dana, page.replace("sign-off", "plan"))
    assert browser(LENA).post(f"{page}/versions/{version}/publication", {"reason": "x"}).status_code == 403
    assert dana.post(f"{page}/versions/{version}/publication", {"reason": "Swimming starts."}).status_code == 303
    clock.advance(minutes=5)
    shown = text_of(dana, page)
    assert "Version 1" in shown
    assert "Swimming starts." in shown
    assert "It is what stands on the board." in shown
    board = text_of(dana, page.replace("sign-off", "plan"))
    assert re.search(r"Maria sees version 1 \(24 Nov 2026\) · up to date", board), board
    answered = {
        "kind": "disagrees",
        "way": "phone",
        "words": "The pool is too far.",
        "told_by": "Maria",
        "on": "24 Nov 2026",
    }
    publication = re.search(r"publications/(\d+)/answers", shown)
    assert publication is not None
    assert browser(CORA).post(f"{page}/publications/{publication[1]}/answers", answered).status_code == 303
    assert "does not agree" in text_of(dana, page.replace("sign-off", "plan"))
    with app.app_context():
        told = db.session.scalars(
            select(User.name)
            .join(Notification, Notification.user_id == User.id)
            .where(Notification.kind == NoticeKind.PATIENT_ANSWER)
        ).all()
        assert set(told) == {"Dana Osei", "Lena Moreau", "Ravi Thakur", "Aino Salo"}
        assert list(findings(db.session(), app.extensions["consilium"].seals)) == []


def test_signing_asks_for_the_password_after_ten_minutes(
    app: Flask, browser: Browsers, page: str, clock: MovableClock
) -> None:
    dana = browser(DANA)
    version, sha256 = ask_for_signatures(dana, page)
    clock.advance(minutes=11)
    answer = dana.post(f"{page}/versions/{version}/signature", {"sha256": sha256})
    assert answer.status_code == 422
    assert "Give your password" in answer.get_data(as_text=True)
    answer = dana.post(f"{page}/versions/{version}/signature", {"sha256": sha256, "password": "wrong"})
    assert "This is not your password." in answer.get_data(as_text=True)
    assert sign(dana, page, version, sha256, password=PASSWORD) == 303
    clock.advance(minutes=9)
    lena = browser(LENA)
    clock.advance(minutes=9)
    assert sign(lena, page, version, sha256) == 303


def test_what_is_signed_is_what_was_shown(app: Flask, browser: Browsers, page: str, clock: MovableClock) -> None:
    dana, lena = browser(DANA), browser(LENA)
    version, sha256 = ask_for_signatures(dana, page)
    assert "is not what this version holds" in dana.post(
        f"{page}/versions/{version}/signature", {"sha256": "0" * 64}
    ).get_data(as_text=True)
    assert sign(dana, page, version, sha256) == 303
    again = dana.post(f"{page}/versions/{version}/signature", {"sha256": sha256})
    assert "has signed this version already" in again.get_data(as_text=True)
    same = lena.post(f"{page}/versions", {"reason": "Once more.", "form": "why"})
    assert "Nothing changed since" in same.get_data(as_text=True)
    assert 'value="Once more."' in same.get_data(as_text=True)
    write_all(app)
    newer, _hash = ask_for_signatures(lena, page)
    assert newer != version
    late = browser(RAVI).post(f"{page}/versions/{version}/signature", {"sha256": sha256})
    assert "Another version is before the team by now" in late.get_data(as_text=True)
    assert browser(CORA).post(f"{page}/versions", {"reason": "x"}).status_code == 403


def test_who_declines_says_why_and_the_publisher_too(app: Flask, browser: Browsers, page: str, numbers: None) -> None:
    write_all(app)
    dana, aino = browser(DANA), browser(AINO)
    version, sha256 = ask_for_signatures(dana, page)
    empty = aino.post(f"{page}/versions/{version}/declined", {"words": " "})
    assert empty.status_code == 422
    assert "Please fill this in." in empty.get_data(as_text=True)
    words = {"words": "Breakfast is missing."}
    assert aino.post(f"{page}/versions/{version}/declined", words).status_code == 303
    assert "Breakfast is missing." in text_of(dana, page.replace("sign-off", "plan"))
    for each in (DANA, LENA):
        assert sign(browser(each), page, version, sha256) == 303
    assert dana.post(f"{page}/versions/{version}/publication", {"reason": "New."}).status_code == 422
    with app.app_context():
        missing = {f"missing-{user(each).discipline_id}": f"{each.name} follows." for each in (RAVI, AINO)}
    kept = dana.post(f"{page}/versions/{version}/publication", {"reason": "Swimming.", list(missing)[0]: "On leave."})
    assert kept.status_code == 422
    assert 'value="On leave."' in kept.get_data(as_text=True)
    done = dana.post(f"{page}/versions/{version}/publication", {"reason": "Swimming.", **missing})
    assert done.status_code == 303
    shown = text_of(dana, page)
    assert shown.count("Never reviewed") == 2
    assert "Aino Salo follows." in shown


def test_what_stands_in_the_way_is_said_before_and_after(
    app: Flask, browser: Browsers, page: str, request: pytest.FixtureRequest
) -> None:
    write_all(app, but=("nutrition", "flare-up"))
    dana = browser(DANA)
    version, sha256 = ask_for_signatures(dana, page)
    said = (
        "emergency number",
        "Nutrition: the patient&#39;s text is empty",
        "flares up: the patient&#39;s text is empty",
        "Nobody has signed yet",
    )
    shown = text_of(dana, page)
    assert all(each in shown for each in said), shown
    request.getfixturevalue("numbers")
    assert sign(dana, page, version, sha256) == 303
    shown = text_of(dana, page)
    assert [each in shown for each in said] == [False, True, True, False]
    with app.app_context():
        missing = {f"missing-{user(each).discipline_id}": "Away." for each in (LENA, RAVI, AINO)}
    answer = dana.post(f"{page}/versions/{version}/publication", {"reason": "New.", **missing})
    assert answer.status_code == 422
    assert "cannot be published yet" in answer.get_data(as_text=True)
    with app.app_context():
        assert db.session.scalars(select(Publication)).first() is None


def published(app: Flask, browser: Browsers, page: str) -> int:
    write_all(app)
    dana = browser(DANA)
    version, sha256 = ask_for_signatures(dana, page)
    assert sign(dana, page, version, sha256) == 303
    with app.app_context():
        missing = {f"missing-{user(each).discipline_id}": "Away." for each in (LENA, RAVI, AINO)}
    assert dana.post(f"{page}/versions/{version}/publication", {"reason": "New.", **missing}).status_code == 303
    with app.app_context():
        return db.session.scalars(select(Publication.id).order_by(Publication.id.desc())).first() or 0


def test_a_plan_is_withdrawn_with_a_reason_and_another_one_follows(
    app: Flask, browser: Browsers, page: str, numbers: None
) -> None:
    publication = published(app, browser, page)
    dana = browser(DANA)
    assert dana.post(f"{page}/publications/{publication}/withdrawal", {"reason": ""}).status_code == 422
    assert browser(LENA).post(f"{page}/publications/{publication}/withdrawal", {"reason": "x"}).status_code == 403
    gone = dana.post(f"{page}/publications/{publication}/withdrawal", {"reason": "A dose is wrong."})
    assert gone.status_code == 303
    assert "A dose is wrong." in text_of(dana, page)
    assert "plan is withdrawn" in text_of(dana, page.replace("sign-off", "plan"))
    late = {"kind": "agrees", "way": "phone", "words": "", "told_by": "Maria", "on": "24 Nov 2026"}
    assert dana.post(f"{page}/publications/{publication}/answers", late).status_code == 422
    version, sha256 = ask_for_signatures(dana, page, "Mended.")
    assert sign(dana, page, version, sha256) == 303


def test_an_answer_that_cannot_be_kept_says_why_and_keeps_what_was_typed(
    app: Flask, browser: Browsers, page: str, numbers: None
) -> None:
    publication = published(app, browser, page)
    dana = browser(DANA)
    given = {"kind": "question", "way": "phone", "words": "May I swim?", "told_by": "Mia", "on": "24 Nov 2026"}
    for changed, said in (
        ({"words": ""}, "Please fill this in."),
        ({"told_by": " "}, "Please fill this in."),
        ({"on": "yesterday"}, "write the day like"),
        ({"on": "25 Nov 2027"}, "could not be understood"),
        ({"kind": "perhaps"}, "Choose an answer"),
        ({"words": "x" * 2001}, "At most 2000"),
    ):
        answer = dana.post(f"{page}/publications/{publication}/answers", {**given, **changed})
        assert answer.status_code == 422
        shown = answer.get_data(as_text=True)
        assert said in shown, changed
        if "told_by" not in changed:
            assert 'value="Mia"' in shown
