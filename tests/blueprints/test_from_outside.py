"""Who reads a plan from outside: what the care team does on About, and what patients meet when they come in."""

import re
from collections.abc import Callable

import pytest
from flask import Flask

from models.base import db
from models.portal import Consent
from models.user import LoginSession
from tests.conftest import Browser, MovableClock
from tests.databases.kinds import both
from tests.personas import CORA, DANA, GUARDIAN, INES, MARIA, OTTO, PASSWORD, patient_id

Open = Callable[..., Browser]
NEW = "walks to the market"


@pytest.fixture
def maria(app: Flask) -> str:
    with app.app_context():
        return f"/patients/{patient_id('Maria Kovač')}"


def words(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def code_of(browser: Browser, patient: str, **form: str) -> str:
    answer = browser.post(f"{patient}/access", {"relation": "guardian", "name": "Aino Salo", "way": "code", **form})
    assert answer.status_code == 303, words(answer.get_data(as_text=True))
    page = browser.get(answer.headers["Location"]).get_data(as_text=True)
    assert "shown only now" in page
    assert "shown only now" not in browser.get(answer.headers["Location"]).get_data(as_text=True)
    return page.split('class="desk-code"><b>', 1)[1].split("<", 1)[0]


@both
def test_a_code_lets_one_in_who_then_reads_that_plan_alone(browser: Open, maria: str) -> None:
    dana = browser(DANA)
    code = code_of(dana, maria)
    aino = browser()
    assert aino.get("/code/account").status_code == 404
    assert aino.post("/code", {"code": code, "born": "1980-03-13"}).status_code == 422
    assert aino.post("/code", {"code": code, "born": "12.3.1980"}).headers["Location"] == "/code/account"
    assert "It opens the plan of Maria Kovač." in words(aino.get("/code/account").get_data(as_text=True))
    for wrong in ({"name": "abc"}, {"name": DANA.email}, {"password": "short"}):
        form = {"name": "aino.salo", "password": NEW, **wrong}
        assert aino.post("/code/account", form).status_code == 422
    assert aino.post("/code/account", {"name": "aino.salo", "password": NEW}).headers["Location"] == "/"
    assert aino.get("/").headers["Location"] == "/my"
    mine = aino.get("/my").headers["Location"]
    page = words(aino.get(mine).get_data(as_text=True))
    assert "The plan of Maria is not ready yet." in page
    assert "Dana Osei answers for this plan." in page
    assert "Flare-up or emergency?" in page
    assert aino.get("/code/account").status_code == 404
    about = words(dana.get(f"{maria}/about").get_data(as_text=True))
    assert "Aino Salo guardian signs in as aino.salo" in about
    access = re.findall(rf"{maria}/access/(\d+)/end", dana.get(f"{maria}/about").get_data(as_text=True))[0]
    assert dana.post(f"{maria}/access/{access}/end").status_code == 303
    assert aino.get(mine).headers["Location"].startswith("/login")
    assert "One access ended" in words(dana.get(f"{maria}/about").get_data(as_text=True))


def test_who_may_edit_about_invites_and_nobody_else(app: Flask, browser: Open, maria: str) -> None:
    form = {"relation": "self", "way": "code"}
    assert browser(OTTO).post(f"{maria}/access", form).status_code == 404
    assert "Invite" not in words(browser(OTTO).get(f"{maria}/about").get_data(as_text=True))
    with app.app_context():
        ines = f"/patients/{patient_id('Ines Duarte')}"
    assert browser(CORA).post(f"{ines}/access", form).status_code == 403
    again = browser(DANA).post(f"{maria}/access", form)
    assert again.status_code == 422
    assert "reads the plan already" in again.get_data(as_text=True)
    for wrong in ({"relation": "guardian"}, {"relation": "carer", "name": "Aino Salo"}, {"relation": "staff"}):
        assert browser(DANA).post(f"{maria}/access", {**form, **wrong}).status_code == 422
    by_mail = {"relation": "guardian", "name": "Aino Salo", "way": "mail", "email": "aino@home.example"}
    assert browser(DANA).post(f"{maria}/access", by_mail).status_code == 422  # nothing is mailed here


def test_a_guardian_of_two_chooses_and_a_code_adds_to_the_account_one_has(app: Flask, browser: Open) -> None:
    with app.app_context():
        ines, maria = patient_id("Ines Duarte"), patient_id("Maria Kovač")
    code = code_of(browser(OTTO), f"/patients/{ines}", relation="carer", words="a friend")
    otto = browser(GUARDIAN)
    assert otto.get("/my").headers["Location"] == f"/my/{maria}"
    assert otto.post("/code", {"code": code, "born": "2 July 1971"}).status_code == 303
    wrong = otto.post("/code/existing", {"email": GUARDIAN.email, "password": "not this one"})
    assert "do not belong together" in wrong.get_data(as_text=True)
    staff = otto.post("/code/existing", {"email": DANA.email, "password": PASSWORD})
    assert "an account of the clinic&#39;s staff" in staff.get_data(as_text=True)
    assert otto.post("/code/existing", {"email": GUARDIAN.email, "password": PASSWORD}).status_code == 303
    page = otto.get("/my").get_data(as_text=True)
    assert set(re.findall(r"/my/\d+", page)) == {f"/my/{ines}", f"/my/{maria}"}
    for patient, name in ((ines, "Ines"), (maria, "Maria")):
        said = words(otto.get(f"/my/{patient}").get_data(as_text=True))
        assert f"The plan of {name} is not ready yet." in said
        assert "Another plan" in said


@both
def test_a_trusted_phone_goes_on_and_a_staff_browser_does_not(app: Flask, browser: Open, clock: MovableClock) -> None:
    phone, desk = browser(), browser()
    answer = phone.post("/login", {"email": MARIA.email, "password": PASSWORD, "trusted": "y"})
    assert "Expires=" in answer.headers["Set-Cookie"]
    answer = desk.post("/login", {"email": DANA.email, "password": PASSWORD, "trusted": "y"})
    assert "Expires=" not in answer.headers["Set-Cookie"]
    clock.advance(hours=2)
    assert desk.get("/").headers["Location"].startswith("/login")
    page = words(phone.get("/account").get_data(as_text=True))
    assert "stays signed in until 24 Dec 2026" in page
    other = browser(MARIA)
    page = other.get("/account").get_data(as_text=True)
    with app.app_context():
        trusted = db.session.scalars(db.select(LoginSession.id).where(LoginSession.trusted_until.is_not(None))).one()
    assert f"/account/sessions/{trusted}/revocation" in page
    assert other.post(f"/account/sessions/{trusted}/revocation").status_code == 303
    assert phone.get("/account").headers["Location"].startswith("/login")


def test_a_patient_sees_the_team_and_the_own_account_and_no_frame_of_staff(browser: Open) -> None:
    ines = browser(INES)
    mine = ines.get("/my").headers["Location"]
    team = words(ines.get(f"{mine}/team").get_data(as_text=True))
    assert "Otto Brandt Pain management answers for the plan" in team
    for path in (mine, f"{mine}/team", "/account", "/nothing"):
        page = ines.get(path).get_data(as_text=True)
        assert "Flare-up or emergency?" in page, path
        assert not re.search(r'href="/(search|notices|patients|tasks)', page), path
        assert "data-sign-out" not in page
    changed = ines.post("/account/password", {"current": PASSWORD, "password": NEW})
    assert changed.status_code == 303
    assert "Your password is changed." in words(ines.get("/account").get_data(as_text=True))


@both
def test_consents_are_added_and_never_overwritten(app: Flask, browser: Open, maria: str) -> None:
    dana = browser(DANA)
    with app.app_context():
        me = db.session.scalars(db.select(LoginSession.user_id).order_by(LoginSession.id.desc())).first()
    form = {"kind": "gp", "state": "given", "by": "Maria", "told_to": str(me), "told_on": "23 Nov 2026"}
    assert dana.post(f"{maria}/consents", form).status_code == 303
    assert "The GP is told about the plan given Maria to Dana Osei, 23 Nov 2026" in words(
        dana.get(f"{maria}/about").get_data(as_text=True)
    )
    taken_back = {**form, "state": "withdrawn", "words": "Not this doctor.", "told_on": "24 Nov 2026"}
    assert dana.post(f"{maria}/consents", taken_back).status_code == 303
    about = words(dana.get(f"{maria}/about").get_data(as_text=True))
    assert "The GP is told about the plan not given “Not this doctor.” Maria to Dana Osei, 24 Nov 2026" in about
    assert "All that was said" in about
    for wrong in ({"kind": "x"}, {"told_on": "25 Nov 2026"}, {"told_to": "987"}, {"state": ""}, {"by": ""}):
        assert dana.post(f"{maria}/consents", {**form, **wrong}).status_code == 422
    with app.app_context():
        kept = db.session.scalars(db.select(Consent).order_by(Consent.id)).all()
        assert [(each.is_given, each.words) for each in kept] == [(True, ""), (False, "Not this doctor.")]
