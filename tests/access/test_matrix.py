"""Every route × method × persona × relation to the patient. A route that declares nothing fails here."""

import pytest
from flask import Flask, url_for
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from access.permissions import Permission
from actions import sign_in
from blueprints.gate import OF_THE_CLINIC, permission_of
from tests.access.world import World, worlds
from tests.databases.kinds import both
from tests.personas import EVERYONE, Persona, user


def signed_in(app: Flask, persona: Persona) -> FlaskClient:
    """A browser with a session of this person, begun without the cost of a password."""
    units = app.extensions["consilium"].units
    with app.app_context(), units.begin(None) as work:
        token = sign_in.start_session(work, user(persona), "matrix")
    client = app.test_client()
    with client.session_transaction(base_url=base(app)) as session:
        session["_user_id"] = token
    return client


def base(app: Flask) -> str:
    return str(app.extensions["consilium"].settings.public_url)


def rules(app: Flask) -> list[tuple[Rule, str]]:
    return [
        (rule, method)
        for rule in app.url_map.iter_rules()
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
        if rule.endpoint != "static"
    ]


def address(app: Flask, rule: Rule, ids: dict[str, object]) -> str:
    """The rule's path with these ids. A name the worlds do not know is a KeyError: teach it to them."""
    values = {name: ids[name] for name in rule.arguments}
    with app.test_request_context(base_url=base(app)):
        return url_for(rule.endpoint, **values)  # type: ignore[arg-type]


def ask(app: Flask, client: FlaskClient, method: str, path: str) -> int:
    """The answer's status, with forgery protection out of the way: it has tests of its own."""
    app.config["WTF_CSRF_ENABLED"] = False
    return client.open(path, method=method, base_url=base(app)).status_code


def verdict(status: int) -> str:
    assert status < 500, status
    return {403: "forbidden", 404: "hidden"}.get(status, "ok")


def test_every_route_says_who_may_use_it(app: Flask) -> None:
    for rule, _method in rules(app):
        permission_of(app, rule.endpoint)


def test_signed_out_reaches_only_public_pages(app: Flask) -> None:
    maria, _ines = worlds(app)
    for rule, method in rules(app):
        answer = app.test_client().open(address(app, rule, maria.ids), method=method, base_url=base(app))
        if permission_of(app, rule.endpoint) is None:
            assert answer.status_code < 500, rule
        elif method == "GET":
            assert answer.status_code == 303, rule
            assert "/login" in answer.headers["Location"]
        else:
            assert answer.status_code in (400, 401), rule


def test_the_matrix(app: Flask) -> None:
    """Refusals first, so that whoever may do it does not change the world for those who may not."""
    found = worlds(app)
    clients = {persona: signed_in(app, persona) for persona in EVERYONE}
    wrong: list[str] = []
    for world in found:
        for rule, method in rules(app):
            right = permission_of(app, rule.endpoint)
            if right is None:
                continue
            refused = [each for each in EVERYONE if world.expects(each, right) != "ok"]
            for persona in refused:
                _try(app, clients[persona], world, rule, method, right, persona, wrong)
    assert not wrong, "\n".join(wrong)


@both
@pytest.mark.parametrize("which", [0, 1], ids=["maria", "ines"])
def test_the_matrix_lets_in_whom_it_should(app: Flask, which: int) -> None:
    """Reading changes nothing, so that everyone who may is tried; writing has its own tests."""
    world = worlds(app)[which]
    clients = {persona: signed_in(app, persona) for persona in EVERYONE}
    wrong: list[str] = []
    for rule, method in rules(app):
        right = permission_of(app, rule.endpoint)
        if right is None or method != "GET":
            continue
        for persona in EVERYONE:
            if world.expects(persona, right) == "ok":
                _try(app, clients[persona], world, rule, method, right, persona, wrong)
    assert not wrong, "\n".join(wrong)


@both
def test_an_id_of_another_patient_is_hidden_under_ones_own(app: Flask) -> None:
    """Every id in an address that belongs to a patient is exchanged for the other patient's."""
    maria, ines = worlds(app)
    of_a_patient = {
        *("document_id", "member_id", "thread_id", "comment_id", "task_id", "access_id", "code_id"),
        *("question_id", "alert_id", "release_id", "withholding_id", "tick_id"),
    }
    tried = 0
    for rule, method in rules(app):
        right = permission_of(app, rule.endpoint)
        if right is None or right in OF_THE_CLINIC or "patient_id" not in rule.arguments:
            continue
        for name in rule.arguments & of_a_patient:
            foreign = {**maria.ids, name: ines.ids[name]}
            for persona in EVERYONE:
                if maria.expects(persona, right) != "ok":
                    continue
                status = ask(app, signed_in(app, persona), method, address(app, rule, foreign))
                assert status == 404, (rule.rule, method, persona.key, name, status)
                tried += 1
    assert tried > 0


def _try(
    app: Flask,
    client: FlaskClient,
    world: World,
    rule: Rule,
    method: str,
    right: Permission,
    persona: Persona,
    wrong: list[str],
) -> None:
    path = address(app, rule, world.ids)
    status = ask(app, client, method, path)
    expected = world.expects(persona, right)
    if verdict(status) != expected:
        wrong.append(f"{persona.key} {method} {rule.rule} ({right}): expected {expected}, got {status}")
