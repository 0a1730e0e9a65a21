"""Who has looked: every page that shows something of a patient is noted, and told by day and person."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from flask import Flask
from sqlalchemy import select, text

from actions import looks
from blueprints.gate import OF_THE_CLINIC, permission_of
from models.audit import AuditEvent, Outcome
from models.base import db
from tests.access.test_matrix import address, ask, rules, signed_in
from tests.access.world import worlds
from tests.conftest import Browser, MovableClock
from tests.databases.kinds import both
from tests.personas import CORA, DANA, GUARDIAN, INES, LENA, MARIA, patient_id, user
from tests.statements import counted

Open = Callable[..., Browser]
VIENNA = ZoneInfo("Europe/Vienna")


def maria_of(app: Flask) -> int:
    with app.app_context():
        return patient_id("Maria Kovač")


def shown(browser: Browser, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200
    return str(answer.get_data(as_text=True)).split('id="main"')[1]


@both
def test_who_looked_is_told_to_the_team_and_at_home(app: Flask, browser: Open, clock: MovableClock) -> None:
    maria = maria_of(app)
    lena = browser(LENA)
    for path in ("plan", "history"):
        lena.get(f"/patients/{maria}/{path}")
    browser(GUARDIAN).get(f"/my/{maria}")
    for reader, path in ((DANA, f"/patients/{maria}/looks"), (MARIA, f"/my/{maria}/looks")):
        page = shown(browser(reader), path)
        assert "Lena Moreau" in page
        assert "Psychology" in page
        assert "the plan · its history" in page or "the plan, its history" in page
        assert "Otto Brandt" in page
        assert "guardian, her brother" in page
    assert "You" in shown(browser(MARIA), f"/my/{maria}/looks")
    assert "Lena Moreau" not in shown(browser(INES), "/my/2/looks" if maria != 2 else "/my/1/looks")
    assert browser(CORA).get("/patients/2/looks" if maria != 2 else "/patients/1/looks").status_code == 403


def test_every_page_of_a_patient_is_noted(app: Flask) -> None:
    """A page made later that shows something of a patient, and notes nothing, fails here."""
    maria, _ines = worlds(app)
    unnoted: list[str] = []
    leads_on = {"patients.show"}
    for persona in (DANA, MARIA):
        for rule, method in rules(app):
            right = permission_of(app, rule.endpoint)
            if method != "GET" or right is None or right in OF_THE_CLINIC or rule.endpoint in leads_on:
                continue
            if maria.expects(persona, right) != "ok":
                continue
            client = signed_in(app, persona)
            before = count(app)
            if ask(app, client, "GET", address(app, rule, maria.ids)) == 200:
                unnoted += [rule.rule] if count(app) == before else []
    assert not unnoted


def count(app: Flask) -> int:
    with app.app_context():
        return db.session.query(AuditEvent).filter(AuditEvent.outcome.in_((Outcome.VIEWED, Outcome.DONE))).count()


def test_looks_within_ten_minutes_are_one_row(app: Flask, browser: Open) -> None:
    maria, dana = maria_of(app), browser(DANA)
    dana.get(f"/patients/{maria}/plan")
    before = count(app)
    for _ in range(3):
        dana.get(f"/patients/{maria}/plan/fragments/banner")
        dana.get(f"/patients/{maria}/plan")
    assert count(app) == before


def note(app: Flask, moments: list[datetime], action: str = "plan:board:view") -> None:
    """Dana looked at Maria's plan at these moments."""
    with app.app_context(), app.extensions["consilium"].units.begin(None) as work:
        maria, dana = patient_id("Maria Kovač"), user(DANA).id
        for moment in moments:
            work.record(action, f"patient:{maria}", maria, Outcome.VIEWED)
            work._events[-1].actor_id, work._events[-1].at = dana, moment


@both
def test_days_are_the_clinics(app: Flask) -> None:
    """Half past eleven at night in Vienna, on the day the clock goes back, and half past midnight."""
    note(app, [datetime(2026, 10, 25, 22, 30, tzinfo=UTC), datetime(2026, 10, 25, 23, 30, tzinfo=UTC)])
    note(app, [datetime(2026, 10, 24, 21, 59, tzinfo=UTC), datetime(2026, 10, 24, 22, 1, tzinfo=UTC)])
    with app.app_context():
        found = looks.page(patient_id("Maria Kovač"), date(2026, 10, 26), VIENNA)
        by_day = {each.day: (each.first.hour, each.last.hour) for each in found.looks}
    assert by_day == {date(2026, 10, 26): (23, 23), date(2026, 10, 25): (22, 22), date(2026, 10, 24): (21, 21)}


def test_pages_go_back_over_quiet_months(app: Flask, browser: Open, clock: MovableClock) -> None:
    note(app, [clock() - timedelta(days=200)])
    maria, dana = maria_of(app), browser(DANA)
    first = shown(dana, f"/patients/{maria}/looks")
    older = (clock() - timedelta(days=200)).date().isoformat()
    assert f"until={older}" in first
    assert "Dana Osei" in shown(dana, f"/patients/{maria}/looks?until={older}")
    assert "Write the day like" in shown(dana, f"/patients/{maria}/looks?until=soon")
    assert dana.get(f"/patients/{maria}/looks?until=0001-01-01").status_code == 200
    assert "Nobody looked between" in shown(dana, f"/patients/{maria}/looks?until=2001-01-01")


@both
def test_a_long_audit_costs_no_more_statements_and_is_found_by_its_index(app: Flask, clock: MovableClock) -> None:
    """Of other patients and of other days nothing is read."""
    maria = maria_of(app)

    def asked() -> list[str]:
        with counted(app) as seen, app.app_context():
            assert looks.page(maria, clock().date(), VIENNA).looks
        return seen

    note(app, [clock() - timedelta(minutes=5)])
    few = asked()
    note(app, [clock() - timedelta(minutes=each) for each in range(400)])
    assert len(asked()) == len(few) == 3
    with app.app_context():
        query = select(AuditEvent.id).where(AuditEvent.patient_id == maria, AuditEvent.at >= clock())
        sql = str(query.compile(db.engine, compile_kwargs={"literal_binds": True}))
        if db.engine.dialect.name == "sqlite":
            plan = db.session.execute(text(f"EXPLAIN QUERY PLAN {sql}")).all()
        else:
            db.session.execute(text("SET enable_seqscan = off"))
            plan = db.session.execute(text(f"EXPLAIN {sql}")).all()
    assert "ix_audit_events_patient" in str(plan)
