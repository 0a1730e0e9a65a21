"""The patient takes a copy of what was published and of her own words, on paper and as a file that can be checked."""

import json
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from access.permissions import Permission
from actions.exports import checking
from models.audit import AuditEvent
from models.base import db
from tests.access.test_canary_patient import words_of
from tests.conftest import Browser, MovableClock
from tests.databases.kinds import both
from tests.personas import DANA, GUARDIAN, INES, MARIA, PASSWORD, RAVI, patient_id
from tests.publishing import ask_of_maria, publish, settle_clinic, withdraw, write

Browsers = Callable[..., Browser]

PARTS = ("understanding", "physiotherapy", "psychology", "pain-management", "nutrition", "flare-up")


@pytest.fixture
def place(app: Flask) -> str:
    """Two plans were published, the first withdrawn; the second is answered."""
    settle_clinic(app)
    write(app, {key: f"What we do about {key}." for key in PARTS})
    ask_of_maria(app, "Walk for 20 minutes.")
    withdraw(app, publish(app, "The first plan."))
    write(app, {"physiotherapy": "Start in the pool. Take 50 mg tramadol."})
    publish(app, "Swimming starts.", but=[RAVI])
    write(app, {"physiotherapy": "A draft of tomorrow."})
    with app.app_context():
        return f"/my/{patient_id('Maria Kovač')}"


def answer(maria: Browser, place: str) -> None:
    assert (
        maria.post(f"{place}/publications/2/answers", {"kind": "agrees", "words": "I look forward."}).status_code == 303
    )


@both
def test_the_file_holds_all_and_can_be_checked(app: Flask, place: str, browser: Browsers) -> None:
    maria = browser(MARIA)
    answer(maria, place)
    browser(DANA).get(place.replace("my", "patients") + "/plan")
    taken = maria.post(f"{place}/copy", {"as": "json"})
    assert taken.status_code == 200
    assert taken.mimetype == "application/json"
    seals = app.extensions["consilium"].seals
    assert checking.faults(taken.data, seals) == []
    assert checking.faults(taken.data.replace(b"I look forward.", b"I look backward."), seals)
    parts = {part["name"]: part["entries"] for part in json.loads(taken.data)["parts"]}
    now, first = parts["publications"]
    assert (now["number"], now["withdrawn_at"]) == (2, None)
    assert first["withdrawn_at"]
    assert [row["discipline"] for row in now["not_reviewed"]] == ["Pain management"]
    assert [row["name"] for row in now["signatures"]] == ["Dana Osei", "Lena Moreau", "Aino Salo"]
    assert "Start in the pool. Take 50 mg tramadol." in {text["text"] for text in now["texts"]}
    assert [task["text"] for task in now["tasks"]] == ["Walk for 20 minutes."]
    assert [row["words"] for row in parts["statements"]] == ["I want to lift my grandson."]
    assert [(row["answer"], row["words"]) for row in parts["answers"]] == [("agrees", "I look forward.")]
    assert {row["name"] for row in parts["access"]} >= {"Dana Osei", "Maria Kovač"}
    assert b"draft of tomorrow" not in taken.data
    assert b"Withdrawn to mend it" not in taken.data, "why is for the team"
    with app.app_context():
        noted = select(AuditEvent.detail).where(
            AuditEvent.action == Permission.PORTAL_COPY, AuditEvent.outcome == "done"
        )
        assert list(db.session.scalars(noted)) == [{"kind": "json"}]


def test_the_same_on_paper(app: Flask, place: str, browser: Browsers) -> None:
    guardian = browser(GUARDIAN)
    taken = guardian.post(f"{place}/copy", {"as": "pdf"})
    assert taken.mimetype == "application/pdf"
    words = " ".join(words_of(taken.data).split())
    for said in (
        "112",
        "Spine Clinic",
        "C-10482",
        "The copy of Maria",
        "Start in the pool",
        "change nothing and call us",
        "Withdrawn on",
        "I want to lift my grandson.",
        "Not reviewed by Pain management since 24 November 2026: Ravi Thakur is away.",
    ):
        assert said in words, said
    assert "draft of tomorrow" not in words


def test_ten_minutes_later_the_password_is_asked_for(
    app: Flask, clock: MovableClock, place: str, browser: Browsers
) -> None:
    maria = browser(MARIA)
    assert "copy-password" not in maria.get(f"{place}/copy").get_data(as_text=True)
    clock.advance(minutes=11)
    assert "copy-password" in maria.get(f"{place}/copy").get_data(as_text=True)
    for password in ("", "wrong"):
        refused = maria.post(f"{place}/copy", {"as": "json", "password": password})
        assert refused.status_code == 422
        assert refused.mimetype == "text/html"
    assert maria.post(f"{place}/copy", {"as": "json", "password": PASSWORD}).status_code == 200
    assert browser(INES).get(f"{place}/copy").status_code == 404
    assert browser(DANA).get(f"{place}/copy").status_code == 404


def test_the_way_to_it_is_on_every_page_published_or_not(app: Flask, browser: Browsers) -> None:
    with app.app_context():
        place = f"/my/{patient_id('Maria Kovač')}"
    maria = browser(MARIA)
    for path in ("", "/team"):
        assert f'href="{place}/copy"' in maria.get(place + path).get_data(as_text=True)
    taken = maria.post(f"{place}/copy", {"as": "json"})
    assert b"I want to lift my grandson." in taken.data
