"""Rules are written for one unit of work at a time; they hold when two come at once, whatever the database."""

import threading
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import func, select

from access import loaders
from access.permissions import Permission
from actions import care_team, patients
from models.base import db
from models.patient import CareTeamMember, ResponsibleClinician
from tests.databases.kinds import both
from tests.personas import DANA, LENA, OTTO, RAVI, actor, patient_id, take_in, user

pytestmark = [pytest.mark.usefixtures("context"), both]


def test_the_second_of_two_units_sees_what_the_first_did(app: Flask) -> None:
    units = app.extensions["consilium"].units
    inside, order = threading.Event(), list[str]()
    maria, lena, ravi, otto = patient_id("Maria Kovač"), user(LENA).id, user(RAVI).id, user(OTTO).id

    def first() -> None:
        with app.app_context():
            grant = loaders.patient(actor(DANA), maria, Permission.CARE_TEAM_EDIT)
            with units.begin(grant.actor) as work:
                care_team.hand_over(work, grant, lena)
                care_team.add(work, grant, otto)
                inside.set()
                threading.Event().wait(0.5)
                order.append("first")

    thread = threading.Thread(target=first)
    thread.start()
    grant = loaders.patient(actor(DANA), maria, Permission.CARE_TEAM_EDIT)
    assert inside.wait(30)
    with units.begin(grant.actor) as work:
        order.append("second")
        care_team.hand_over(work, grant, ravi)
        care_team.add(work, grant, otto)
    thread.join(60)
    assert order == ["first", "second"]
    present = select(CareTeamMember).where(CareTeamMember.patient_id == maria, CareTeamMember.until.is_(None))
    assert [row.user_id for row in db.session.scalars(present)].count(otto) == 1
    answering = select(ResponsibleClinician.user_id).where(
        ResponsibleClinician.patient_id == maria, ResponsibleClinician.until.is_(None)
    )
    assert db.session.scalars(answering).all() == [ravi]


def test_many_units_at_once_wait_for_each_other(app: Flask) -> None:
    units = app.extensions["consilium"].units
    ready, outcomes = threading.Barrier(6), list[str]()

    def add(number: str) -> None:
        with app.app_context():
            ready.wait(30)
            try:
                take_in(units, DANA, patients.Identity("Ada Novak", date(1990, 1, 1), number, ""), None)
            except patients.NumberTaken:
                outcomes.append("taken")
            else:
                outcomes.append("added")

    threads = [threading.Thread(target=add, args=(f"N-{n % 3}",)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(outcomes) == ["added"] * 3 + ["taken"] * 3
    assert db.session.scalar(select(func.count()).select_from(ResponsibleClinician)) == 2 + 3
