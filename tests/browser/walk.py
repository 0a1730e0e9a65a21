"""Every page there is, and who looks at it: taken from the address map, so that a new page cannot be forgotten."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from app import create_app
from blueprints.gate import permission_of
from models.task import Rhythm
from tests.access.test_matrix import address, base, rules, signed_in
from tests.access.world import World, worlds
from tests.conftest import close, settings_in
from tests.personas import ADAM, CORA, DANA, FROM_OUTSIDE, INES, LENA, MARIA, Persona
from tests.publishing import ask_of_maria, publish, settle_clinic, write
from tests.realtime.people import Place

PLAIN = {
    "understanding": "Your back is strong.",
    "physiotherapy": "Walk ten minutes.\n\n- [ ] Stop for the day if the pain stays up overnight.",
    "psychology": "Lena sees you six times.",
    "pain-management": "From 1 December take 150 mg tramadol a day.",
    "nutrition": "- [ ] Eat some protein",
    "flare-up": "1. Stay calm\n2. Walk on",
}
LOOKING = (DANA, ADAM, MARIA)
"""The first of them who may looks at a page; at what is for everybody, somebody who is not signed in."""
OTHERWISE = {"desk.account", "desk.existing", "sign_in.welcome", "plain_texts.show"}
"""Endpoints whose pages take more than an address; they are among BESIDES, or have tests here of their own."""


@dataclass(frozen=True)
class Stop:
    who: Persona | None
    path: str

    @property
    def is_of_a_patient(self) -> bool:
        return self.who in FROM_OUTSIDE or self.path.startswith("/code")


def settle(folder: Path, template: Path, **settings: str) -> list[Stop]:
    """Fill a clinic in which every page has something to show; answers all its pages. Raises AssertionError for a page
    that is not there for anybody with the ids of tests.access.world: teach it those, or name it among OTHERWISE."""
    shutil.copy(template, folder / "consilium.db")
    app = create_app(settings_in(folder, **settings))
    settle_clinic(app)
    write(app, PLAIN)
    ask_of_maria(app, "From 1 December: tramadol 150 mg a day")
    often = ask_of_maria(app, "Walk ten minutes", rhythm=Rhythm.DAILY)
    ask_of_maria(app, "Watch the video")
    publish(app, "The first plan.")
    maria, ines = worlds(app)
    clients = {who: signed_in(app, who) for who in LOOKING}
    found = [stop for rule, method in rules(app) if method == "GET" and (stop := _first(app, clients, maria, rule))]
    found += [Stop(who, path) for who, path in _besides(Place(folder), ines.ids)]
    found += [Stop(DANA, f"/patients/{Place(folder).patient}/tasks/{often}{page}") for page in ("", "/ticks/new")]
    close(app)
    return found


def _first(app: Flask, clients: Mapping[Persona, FlaskClient], world: World, rule: Rule) -> Stop | None:
    """Who looks at a rule's page, or None when it is none: a part of one, a file, or the way to another."""
    right = permission_of(app, rule.endpoint)
    who = None if right is None else next((each for each in LOOKING if world.expects(each, right) == "ok"), None)
    assert right is None or who, f"nobody may see {rule.endpoint}"
    path = address(app, rule, world.ids)
    answer = (clients[who] if who else app.test_client()).get(path, base_url=base(app))
    if rule.endpoint in OTHERWISE or answer.status_code in (302, 303):
        return None
    assert answer.status_code == 200, (rule.endpoint, path, answer.status_code)
    return Stop(who, path) if b"<html" in answer.get_data() else None


def _besides(place: Place, ines: Mapping[str, object]) -> list[tuple[Persona | None, str]]:
    """What the same pages show to others, or asked otherwise."""
    patient, plain = f"/patients/{place.patient}", place.document("physiotherapy", "plain")
    return [
        (None, "/welcome/unknown"),
        (None, f"/welcome/{ines['token']}"),
        (ADAM, "/work"),
        (CORA, "/work"),
        (LENA, "/notices"),
        (MARIA, "/account"),
        (MARIA, "/my/987654"),
        (INES, f"/my/{ines['patient_id']}"),
        (INES, f"/my/{ines['patient_id']}/flare-up"),
        (DANA, "/patients/987654"),
        (DANA, "/patients?q=nobody-of-this-name"),
        (DANA, "/search?q=mari"),
        (DANA, "/search?q=qqqq"),
        (DANA, "/tasks?whose=all"),
        (DANA, "/tasks?whose=all&choose=1"),
        (DANA, f"{patient}/tasks?view=board"),
        (DANA, f"{patient}/history?since=beginning&view=beside"),
        (DANA, f"{patient}/plan/documents/{plain}/confirmation"),
        (DANA, f"{patient}/plan/documents/{plain}/text"),
    ]
