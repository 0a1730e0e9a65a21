"""The page that says whether what was signed and published is as it was put on record."""

from flask import Flask
from sqlalchemy import text

from actions import resealing
from models.base import db
from tests.databases.kinds import both
from tests.personas import DANA, LENA, OTTO, patient_id
from tests.publishing import publish, settle_clinic, withdraw, write
from tests.statements import counted

WORDS = dict.fromkeys(
    ("understanding", "physiotherapy", "psychology", "pain-management", "nutrition", "flare-up"), "Walk."
)


@both
def test_the_page_names_what_was_changed_and_what_is_gone(app: Flask, browser) -> None:  # type: ignore[no-untyped-def]
    with app.app_context():
        page = f"/patients/{patient_id('Maria Kovač')}/sign-off/check"
    lena = browser(LENA)
    assert "Nothing is on record yet." in lena.get(page).get_data(as_text=True)
    settle_clinic(app)
    write(app, WORDS)
    withdraw(app, publish(app, but=[DANA]))
    sound = lena.get(page).get_data(as_text=True)
    assert "All 6 records hold: nobody changed, moved or removed any." in sound
    assert "does not hold" not in sound
    with app.app_context():
        session = db.session()
        with resealing.unguarded(session.connection(), ["signatures", "publications"]):
            session.execute(text("UPDATE publications SET reason = 'Nothing new.'"))
            session.execute(text("DELETE FROM signatures WHERE id = 1"))
        session.commit()
    said = lena.get(page).get_data(as_text=True)
    assert "Tell your administrator" in said
    assert "signature 1 is missing: the audit knows of it" in said
    changed = said.split("<b>Publication</b>")[1].split("</li>")[0]
    assert "was changed, or another was put in its place" in changed
    assert browser(OTTO).get(page).status_code == 404


def test_the_page_costs_the_same_for_many_signatures(app: Flask, browser) -> None:  # type: ignore[no-untyped-def]
    with app.app_context():
        page = f"/patients/{patient_id('Maria Kovač')}/sign-off/check"
    settle_clinic(app)
    write(app, WORDS)
    publish(app)
    lena, counts = browser(LENA), []
    lena.get(page)
    for _round in range(2):
        with counted(app) as seen:
            assert lena.get(page).status_code == 200
        counts.append(len(seen))
        publish(app)
    print(f"{counts} statements")
    assert counts[1] - counts[0] <= 6
