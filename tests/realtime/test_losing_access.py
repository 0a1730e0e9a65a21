"""Losing access reaches an open board within five seconds, whoever took it away and in whichever process."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from flask import Flask
from sqlalchemy import select, update

from access import loaders
from access.permissions import Permission
from actions import care_team
from models.base import db
from models.patient import CareTeamMember
from models.user import LoginSession
from tests.databases.kinds import both
from tests.personas import DANA, LENA, Persona, actor, user
from tests.realtime.people import Person, Place, eventually
from wire.websocket import WebSocket

Come = Callable[..., Person]
SOON = 15.0
"""Three times what is promised: a machine may stall."""


def member_id(place: Place, persona: Persona) -> int:
    ((found,),) = place.rows(
        "SELECT m.id FROM care_team_members m JOIN users ON users.id = user_id "
        "WHERE patient_id = ? AND email = ? AND until IS NULL",
        place.patient,
        persona.email,
    )
    return int(found)


def test_removal_from_the_care_team_reaches_an_open_board(person: Come, place: Place) -> None:
    dana, lena = person(DANA), person(LENA)
    document = place.document("understanding")
    lena.open(document)
    replica = dana.open(document)
    assert dana.post(f"/patients/{place.patient}/care-team/members/{member_id(place, LENA)}/end") == 303
    assert lena.waits_for("access.changed") == {"plan": place.plan, "can_edit": False}
    replica.insert(0, "after she left")
    replica.flush()
    dana.waits_for("board.people", lambda payload: len(payload["people"]) == 1)
    time.sleep(0.3)
    assert not lena.heard["doc.updated"]
    assert lena.call("doc.edit", doc=document, epoch=1, update="AAA=")["error"] == "hidden"
    assert lena.call("board.join", plan=place.plan)["error"] == "hidden"


@both
def test_removal_by_another_process_reaches_it_too(app: Flask, context: None, person: Come, place: Place) -> None:
    lena = person(LENA)
    document = place.document("understanding")
    lena.open(document)
    grant = loaders.patient(actor(DANA), int(place.patient), Permission.CARE_TEAM_EDIT)
    with app.extensions["consilium"].units.begin(grant.actor) as work:
        care_team.remove(work, grant, member_id(place, LENA))
    began = time.monotonic()
    assert lena.waits_for("access.changed")["can_edit"] is False
    assert time.monotonic() - began < SOON
    assert lena.call("doc.open", doc=document, client_ids=[])["error"] == "hidden"


def test_another_discipline_downgrades_in_place(app: Flask, context: None, person: Come, place: Place) -> None:
    lena = person(LENA)
    document = place.document("psychology")
    replica = lena.open(document)
    assert replica.can_edit
    db.session.get_one(type(user(LENA)), user(LENA).id).discipline_id = user(DANA).discipline_id
    db.session.commit()
    told = lena.waits_for("access.changed")
    assert told == {"plan": place.plan, "doc": document, "can_edit": False}
    replica.insert(0, "x")
    assert lena.call("doc.edit", doc=document, epoch=1, update="AAA=")["error"] == "forbidden"
    assert lena.call("doc.open", doc=document, client_ids=[])["can_edit"] is False


def test_sign_out_ends_the_socket(person: Come, place: Place) -> None:
    lena = person(LENA)
    assert lena.post("/logout") == 303
    assert lena.waits_for("session.ended") == {"reason": "signed_out"}
    assert lena.socket.closed.wait(30)


def test_a_socket_that_said_nothing_while_its_session_ended_gets_nowhere(person: Come, place: Place) -> None:
    lena = person(LENA, joined=False)
    address = f"{lena.url.replace('http', 'ws', 1)}/socket.io/?EIO=4&transport=websocket&plan={place.plan}"
    silent = WebSocket(address, {"Cookie": lena.cookie, "Origin": lena.url})
    assert silent.receive().startswith("0")
    assert lena.post("/logout") == 303
    time.sleep(2.2)
    silent.send("40")
    answer = silent.receive()
    assert answer.startswith("44"), answer
    silent.close()


def test_a_session_that_idled_ends_and_typing_keeps_one(app: Flask, context: None, person: Come, place: Place) -> None:
    idle, typing = person(DANA), person(LENA)
    replica = typing.open(place.document("psychology"))
    time.sleep(3.5)  # coming here was activity, too
    _idle_for(minutes=59)
    replica.insert(0, "still here")
    replica.flush()
    ((hers,),) = place.rows("SELECT id FROM users WHERE email = ?", LENA.email)
    before = datetime.now(UTC) - timedelta(minutes=30)
    eventually(lambda: _seen(hers) > before)
    _idle_for(minutes=61, but=hers)
    assert idle.waits_for("session.ended") == {"reason": "expired"}
    time.sleep(3.5)
    assert not typing.heard["session.ended"]


def _idle_for(minutes: int, but: int = 0) -> None:
    """Everybody's session was seen so long ago."""
    old = datetime.now(UTC) - timedelta(minutes=minutes)
    db.session.execute(update(LoginSession).where(LoginSession.user_id != but).values(seen_at=old))
    db.session.commit()


def _seen(user_id: int) -> datetime:
    db.session.rollback()
    return db.session.scalars(select(LoginSession.seen_at).where(LoginSession.user_id == user_id)).one()


def test_a_grant_that_comes_back_is_open_again(app: Flask, context: None, person: Come, place: Place) -> None:
    lena = person(LENA)
    db.session.execute(
        update(CareTeamMember).where(CareTeamMember.id == member_id(place, LENA)).values(until=datetime.now(UTC))
    )
    db.session.commit()
    lena.waits_for("access.changed")
    db.session.execute(
        update(CareTeamMember)
        .where(CareTeamMember.user_id == user(LENA).id, CareTeamMember.patient_id == int(place.patient))
        .values(until=None)
    )
    db.session.commit()
    eventually(lambda: "error" not in lena.join())
