"""Failures say what happened and what to do; logs say who asked what, and nothing clinical."""

import json
import logging

import pytest
from flask import Flask

from access.permissions import Permission
from blueprints.request_log import JsonLines
from models.write_gate import DatabaseBusy
from tests.access.test_matrix import base, signed_in
from tests.conftest import close, settings_in
from tests.personas import DANA, patient_id


def test_a_missing_page_and_a_hidden_one_look_the_same(app: Flask) -> None:
    from tests.personas import OTTO

    client = signed_in(app, OTTO)
    with app.app_context():
        maria = patient_id("Maria Kovač")
    pages = []
    for path in (f"/patients/{maria}/plan", "/patients/987654/plan"):
        answer = client.get(path, base_url=base(app), headers={"X-Request-ID": "same-for-both"})
        assert answer.status_code == 404
        text = answer.get_data(as_text=True)
        nonce = answer.headers["Content-Security-Policy"].split("'nonce-")[1].split("'")[0]
        pages.append([line for line in text.replace(nonce, "").split("\n") if "csrf" not in line])
    assert pages[0] == pages[1]


def test_a_busy_database_is_told_as_such(app: Flask) -> None:
    @app.get("/busy-for-a-test")
    def busy() -> str:
        raise DatabaseBusy

    busy.public = True  # type: ignore[attr-defined]
    answer = app.test_client().get("/busy-for-a-test", base_url=base(app))
    assert answer.status_code == 503
    assert "Nothing was saved" in answer.get_data(as_text=True)


def test_an_unexpected_error_shows_a_number_and_no_detail(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    @app.post("/broken-for-a-test")
    def broken() -> str:
        raise ValueError("a secret detail")

    broken.public = True  # type: ignore[attr-defined]
    app.config["WTF_CSRF_ENABLED"] = False
    form = {"text": "words somebody typed for a while", "password": "never shown again, ever"}
    answer = app.test_client().post("/broken-for-a-test", base_url=base(app), data=form)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 500
    assert answer.headers["X-Request-ID"] in page
    assert "a secret detail" not in page
    assert form["text"] in page
    assert form["password"] not in page


def test_a_log_line_is_json_with_a_request_id_and_without_values(app: Flask) -> None:
    lines: list[str] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(self.format(record))

    handler = Keep()
    handler.setFormatter(JsonLines())
    logger = logging.getLogger("consilium.request")
    logger.addHandler(handler)
    logger.setLevel("INFO")
    try:
        signed_in(app, DANA).get("/patients?q=kovac", base_url=base(app))
    finally:
        logger.removeHandler(handler)
        logger.setLevel("NOTSET")
    entry = json.loads(lines[-1])
    assert entry["route"] == "/patients"
    assert entry["status"] == 200
    assert len(entry["request"]) == 16
    assert "kovac" not in lines[-1]


def test_an_exception_is_logged_by_its_type_and_places_alone() -> None:
    try:
        raise ValueError("Maria's words")
    except ValueError as error:
        record = logging.LogRecord(
            "x", logging.ERROR, __file__, 1, "failed", (), (type(error), error, error.__traceback__)
        )
    line = JsonLines().format(record)
    assert "ValueError" in line
    assert "Maria" not in line


def test_health_and_readiness(app: Flask) -> None:
    client = app.test_client()
    assert client.get("/healthz", base_url=base(app)).json == {"status": "ok"}
    assert client.get("/readyz", base_url=base(app)).json == {"database": "ok", "status": "ok"}


def test_readiness_notices_a_database_that_is_not_migrated(tmp_path) -> None:  # type: ignore[no-untyped-def]
    from app import create_app

    empty = create_app(settings_in(tmp_path))
    answer = empty.test_client().get("/readyz", base_url=base(empty))
    assert answer.status_code == 503
    close(empty)


def test_every_permission_is_used(app: Flask) -> None:
    import realtime.server  # noqa: F401  (registers the events)
    from blueprints.gate import permission_of
    from realtime.gate import EVENTS

    used = {permission_of(app, rule.endpoint) for rule in app.url_map.iter_rules()}
    used |= {event.permission for event in EVENTS.values()}
    asked_within = {Permission.SUGGESTION_MAKE}  # by actions.threads: one door opens threads of every kind
    assert set(Permission) <= used | asked_within
