"""Numbers and letters that no database column holds are refused in words, on both databases alike."""

import pytest
from flask import Flask

from tests.conftest import Browser
from tests.databases.kinds import both
from tests.personas import DANA, patient_id

pytestmark = both

TOO_LARGE = (2**31, 2**63, 10**30)


@pytest.mark.parametrize("number", TOO_LARGE)
def test_an_address_with_a_number_that_no_row_has_is_not_found(browser, number: int) -> None:  # type: ignore[no-untyped-def]
    dana: Browser = browser(DANA)
    for path in (f"/patients/{number}/plan", f"/patients/{number}/about", f"/patients/{number}/care-team"):
        assert dana.get(path).status_code == 404, path


def test_letters_that_are_none_are_refused_in_words(app: Flask, browser) -> None:  # type: ignore[no-untyped-def]
    dana: Browser = browser(DANA)
    for path in ("/patients?q=a%00b", "/patients?order=name&after=5~a%00b", f"/patients?after={10**30}~1.0"):
        answer = dana.get(path)
        assert answer.status_code in (200, 302, 303, 400), (path, answer.status_code)
    signed_out: Browser = browser()
    answer = signed_out.post("/login", {"email": "a\0b@clinic.example", "password": "x\0y"})
    assert answer.status_code in (400, 422), answer.status_code
    with app.app_context():
        maria = patient_id("Maria Kovač")
    tasks = f"/patients/{maria}/tasks"
    for path in (f"{tasks}/new?section=a%00b", f"{tasks}/new?thread={10**30}", f"{tasks}?shown={10**30}"):
        assert dana.get(path).status_code in (200, 404), path
    sent = {"title": "a\0b", "assignee": f"user:{10**30}", "details": "\0", "priority": "\0", "section": "\0"}
    assert dana.post(tasks, sent).status_code in (404, 422)
    for field in ("task", "change", "assignee", "seen-1"):
        assert dana.post("/tasks/assignments", {"task": "1", field: str(10**30)}).status_code == 303
        assert dana.post("/tasks/undo", {field: str(10**30)}).status_code == 303
    answer = dana.post(f"/patients/{maria}/about", {"based_on": str(10**30), "phone": "01\x0023"})
    assert answer.status_code in (303, 400, 422), answer.status_code
