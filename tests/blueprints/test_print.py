"""Every printed page of a patient says whose it is, and no name can break out of it."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import update

from models.base import db
from models.patient import Patient
from tests.conftest import Browser
from tests.personas import DANA, MARIA, patient_id
from tests.publishing import publish, settle_clinic, write

Browsers = Callable[..., Browser]


def foot(page: str) -> str:
    found = re.search(r'<style nonce="[^"]+">(@page .*?)</style>', page)
    assert found is not None
    return re.sub(r"\\([0-9a-f]{6})", lambda code: chr(int(code[1], 16)), found[1])


def test_the_foot_names_patient_day_and_page(app: Flask, browser: Browsers) -> None:
    settle_clinic(app)
    write(app, dict.fromkeys(("understanding", "physiotherapy", "psychology", "pain-management"), "Walk."))
    write(app, dict.fromkeys(("nutrition", "flare-up"), "Walk."))
    publish(app)
    with app.app_context():
        maria = patient_id("Maria Kovač")
    dana = browser(DANA)
    for path in ("plan", "history", "sign-off", "record", "tasks", "about"):
        said = foot(dana.get(f"/patients/{maria}/{path}").get_data(as_text=True))
        assert 'content: "Maria Kovač · born 12 Mar 1980 · ID C-10482"' in said, path
        assert "counter(page)" in said
    said = foot(browser(MARIA).get(f"/my/{maria}").get_data(as_text=True))
    assert "Maria Kovač · born 12 Mar 1980 · ID C-10482" in said


@pytest.mark.parametrize("name", ['Eve "; } body { display: none', "Eve </style><script>", "Eve \\", "Eve\n*/"])
def test_a_name_stays_a_name(app: Flask, browser: Browsers, name: str) -> None:
    with app.app_context():
        maria = patient_id("Maria Kovač")
        db.session.execute(update(Patient).where(Patient.id == maria).values(name=name))
        db.session.commit()
    page = browser(DANA).get(f"/patients/{maria}/plan").get_data(as_text=True)
    raw = re.search(r'<style nonce="[^"]+">@page \{ @bottom-left \{ content: "([^"]*)"; font', page)
    assert raw is not None
    assert not set(raw[1]) & set('"<>{};\n')
    assert foot(page).startswith(f'@page {{ @bottom-left {{ content: "{name} · born')
