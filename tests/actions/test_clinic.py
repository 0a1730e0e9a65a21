"""The clinic's settings: what cannot be, who changed what, and what holds from then on."""

from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select

from access import loaders
from access.grants import ClinicGrant, Forbidden, Hidden
from access.permissions import Permission
from actions import clinic, glossary
from actions.clinic_now import Clinic, ClinicNow, latest, read
from actions.unfit import Problem, Unfit
from models.audit import AuditEvent
from models.base import db
from models.clinic import ClinicSettings
from tests.conftest import MovableClock
from tests.databases.kinds import both
from tests.personas import ADAM, CORA, DANA, actor

pytestmark = [pytest.mark.usefixtures("context"), both]

LINDEN = Clinic("Linden back clinic", "Europe/Vienna", "+43 1 234 56 78", "Monday to Friday, 8 to 16", "112", "142")


def adam() -> ClinicGrant:
    return loaders.clinic(actor(ADAM), Permission.CLINIC_SETTINGS)


def save(app: Flask, wanted: Clinic, based_on: int | None = None) -> None:
    row = latest(db.session())
    with app.extensions["consilium"].units.begin(actor(ADAM)) as work:
        clinic.change(work, adam(), wanted, (row.id if row else 0) if based_on is None else based_on)


def faults(app: Flask, wanted: Clinic) -> dict[str, Problem]:
    with pytest.raises(Unfit) as unfit:
        save(app, wanted)
    return {name: fault.problem for name, fault in unfit.value.faults.items()}


def test_only_an_administrator_sets_the_clinic() -> None:
    for persona in (DANA, CORA):
        with pytest.raises(Forbidden):
            loaders.clinic(actor(persona), Permission.CLINIC_SETTINGS)


def test_until_somebody_sets_it_the_installation_speaks_and_nothing_is_ready(app: Flask) -> None:
    now = app.extensions["consilium"].units.clinic
    assert now() == Clinic("Consilium", "Europe/Vienna")
    assert now().missing == ["emergency_number", "crisis_line", "team_phone", "team_hours"]
    save(app, replace(LINDEN, crisis_line=""))
    assert now().name == "Linden back clinic"
    assert now().missing == ["crisis_line"]
    assert not now().is_ready_for_publishing
    save(app, LINDEN)
    assert now().is_ready_for_publishing
    assert read(db.session(), now.unset) == LINDEN


def test_a_change_is_a_row_a_line_of_history_and_an_audit_row(app: Flask, clock: MovableClock) -> None:
    save(app, LINDEN)
    clock.advance(days=3)
    save(app, replace(LINDEN, team_phone="+43 1 999"))
    save(app, replace(LINDEN, team_phone="+43 1 999"))
    later, first = clinic.changes(app.extensions["consilium"].units.clinic.unset)
    assert (later.by, later.at, later.fields) == (
        ADAM.name,
        clock.now,
        [("team_phone", "+43 1 234 56 78", "+43 1 999")],
    )
    assert ("name", "Consilium", "Linden back clinic") in first.fields
    assert [row.team_phone for row in db.session.scalars(select(ClinicSettings).order_by(ClinicSettings.id))] == [
        "+43 1 234 56 78",
        "+43 1 999",
    ]
    told = db.session.scalars(
        select(AuditEvent).where(AuditEvent.action == Permission.CLINIC_SETTINGS).order_by(AuditEvent.id)
    ).all()
    assert [row.thing for row in told] == ["clinic:1", "clinic:1"]
    assert told[1].detail == {"change": "settings", "fields": ["team_phone"]}


def test_what_cannot_be_is_named_by_field(app: Flask) -> None:
    bad = Clinic("", "Mars/Olympus", "call Dana", "8" * 121, "1", "0123 ext. 4", 0, 99)
    assert faults(app, bad) == {
        "name": Problem.EMPTY,
        "timezone": Problem.UNKNOWN_NAME,
        "team_phone": Problem.MALFORMED,
        "team_hours": Problem.TOO_LONG,
        "emergency_number": Problem.MALFORMED,
        "crisis_line": Problem.MALFORMED,
        "escalation_minutes": Problem.MALFORMED,
        "escalation_working_days": Problem.MALFORMED,
    }
    assert latest(db.session()) is None


def test_what_patients_rely_on_is_mended_and_never_taken_away(app: Flask) -> None:
    save(app, LINDEN)
    assert faults(app, replace(LINDEN, crisis_line="", team_hours="")) == {
        "crisis_line": Problem.EMPTY,
        "team_hours": Problem.EMPTY,
    }


def test_two_administrators_do_not_overwrite_each_other(app: Flask) -> None:
    save(app, LINDEN)
    with pytest.raises(clinic.ChangedMeanwhile):
        save(app, replace(LINDEN, name="Other"), based_on=0)
    save(app, LINDEN, based_on=0)  # what stands there already is no conflict


def test_another_process_is_heard_within_a_minute(app: Flask) -> None:
    seconds = [0.0]
    now = ClinicNow(Clinic("Consilium", "UTC"), lambda: seconds[0])
    assert now().name == now.last.name == "Consilium"
    save(app, LINDEN)
    assert now().name == "Consilium"
    seconds[0] = 61.0
    assert now().name == now.last.name == "Linden back clinic"


def test_a_glossary_keeps_its_former_words(app: Flask, clock: MovableClock) -> None:
    units = app.extensions["consilium"].units
    with units.begin(actor(ADAM)) as work:
        glossary.write(work, adam(), " Hydro  therapy ", "exercises in warm water")
        glossary.write(work, adam(), "cueing", "showing you how")
    clock.advance(days=1)
    with units.begin(actor(ADAM)) as work:
        mended = glossary.write(work, adam(), "HYDRO therapy", "exercises in the pool")
        assert glossary.write(work, adam(), "HYDRO therapy", "exercises in the pool") is mended
    assert units.clinic.glossary() == {"HYDRO therapy": "exercises in the pool", "cueing": "showing you how"}
    with units.begin(actor(ADAM)) as work:
        glossary.end(work, adam(), mended.id)
    assert [row.term for row in glossary.terms()] == ["cueing"]
    assert [(row.plain_words, row.ended_by and row.ended_by.name) for row in glossary.former()] == [
        ("exercises in the pool", ADAM.name),
        ("exercises in warm water", ADAM.name),
    ]


def test_a_glossary_refuses_what_explains_nothing(app: Flask) -> None:
    units = app.extensions["consilium"].units
    for term, words, problems in (
        ("", " ", {"term": Problem.EMPTY, "plain_words": Problem.EMPTY}),
        ("Taper", "tapér", {"plain_words": Problem.SAME}),
        ("t" * 61, "w" * 161, {"term": Problem.TOO_LONG, "plain_words": Problem.TOO_LONG}),
    ):
        with pytest.raises(Unfit) as unfit, units.begin(actor(ADAM)) as work:
            glossary.write(work, adam(), term, words)
        assert {name: fault.problem for name, fault in unfit.value.faults.items()} == problems
    with pytest.raises(Hidden), units.begin(actor(ADAM)) as work:
        glossary.end(work, adam(), 987654)
