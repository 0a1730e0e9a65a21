"""To a patient, a guardian and another patient nothing of the clinic's staff exists: every page, form and handshake
answers as one that is missing does; and to staff nothing of a patient's own pages does."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from access import loaders
from access.grants import Forbidden, Hidden
from access.permissions import Permission
from actions import portal
from blueprints.gate import permission_of
from models.base import db
from models.portal import PortalRelation
from tests.access.test_matrix import address, base, rules, signed_in
from tests.access.world import worlds
from tests.databases.kinds import both
from tests.personas import DANA, FROM_OUTSIDE, GUARDIAN, INES, MARIA, STAFF, actor, patient_id, user

OF_THEIR_OWN = {
    Permission.ACCOUNT_OWN,
    Permission.PORTAL_ENTER,
    Permission.PORTAL_PLAN_READ,
    Permission.PORTAL_WORDS_WRITE,
    Permission.PORTAL_COPY,
    Permission.PORTAL_LOOKS_READ,
    Permission.PORTAL_QUESTIONS_READ,
    None,
}
CHANGING = re.compile(r'nonce="[^"]+"|csrf-token" content="[^"]+"|csrf_token" value="[^"]+"|404-[0-9a-f]+')


def said(app: Flask, client: FlaskClient, method: str, path: str) -> tuple[int, str]:
    """An answer without what differs from one to the next."""
    answer = client.open(path, method=method, base_url=base(app))
    return answer.status_code, CHANGING.sub("", answer.get_data(as_text=True))


def test_no_page_and_no_form_of_staff_exists_for_anybody_from_outside(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    found = worlds(app)
    for persona in FROM_OUTSIDE:
        client = signed_in(app, persona)
        missing = said(app, client, "GET", "/nothing/is/here")
        assert missing[0] == 404
        tried = 0
        for world in found:
            for rule, method in rules(app):
                if permission_of(app, rule.endpoint) in OF_THEIR_OWN:
                    continue
                answer = said(app, client, method, address(app, rule, world.ids))
                assert answer == missing, (persona.key, method, rule.rule, answer[0])
                tried += 1
        assert tried > 100


def test_nothing_of_one_patient_exists_for_another_and_nothing_of_theirs_for_staff(app: Flask) -> None:
    """Readers are answered, with what there is to read; everyone else like for a patient that is missing."""
    app.config["WTF_CSRF_ENABLED"] = False
    found = worlds(app)
    own = [
        (rule, method) for rule, method in rules(app) if str(permission_of(app, rule.endpoint)).startswith("portal:")
    ]
    assert len(own) > 2
    for persona in (*FROM_OUTSIDE, *STAFF):
        client = signed_in(app, persona)
        missing = said(app, client, "GET", "/my/987654")
        for world, readers in zip(found, ((MARIA, GUARDIAN), (INES,)), strict=True):
            for rule, method in own:
                if persona in readers and method != "GET":
                    continue
                answer = said(app, client, method, address(app, rule, world.ids))
                expected = (200, answer[1]) if persona in readers else missing
                assert answer == expected, (persona.key, method, rule.rule)


@pytest.mark.usefixtures("context")
@both
def test_a_carer_reads_and_writes_nothing(app: Flask) -> None:
    maria = patient_id("Maria Kovač")
    units = app.extensions["consilium"].units
    grant = loaders.patient(actor(DANA), maria, Permission.ABOUT_EDIT)
    with units.begin(grant.actor):
        access = next(each for each in portal.accesses(maria) if each.user_id == user(GUARDIAN).id)
        access.relation = PortalRelation.CARER
    read, write = Permission.PORTAL_PLAN_READ, Permission.PORTAL_WORDS_WRITE
    assert loaders.portal(actor(GUARDIAN), maria, read).may(write) is False
    assert loaders.portal(actor(MARIA), maria, write).access.relation == PortalRelation.SELF
    with pytest.raises(Forbidden):
        loaders.portal(actor(GUARDIAN), maria, write)
    for stranger in (INES, DANA):
        with pytest.raises(Hidden):
            loaders.portal(actor(stranger), maria, read)


@pytest.mark.usefixtures("context")
def test_who_reads_from_outside_is_nobody_whom_staff_choose_or_administer(app: Flask) -> None:
    """Neither the administrator's list nor any list of colleagues names a patient's account."""
    adam = next(each for each in STAFF if each.key == "adam")
    pages = {persona: said(app, signed_in(app, persona), "GET", "/admin/accounts")[1] for persona in (adam,)}
    db.session.remove()
    assert DANA.email in pages[adam]
    assert not [each.email for each in FROM_OUTSIDE if each.email in pages[adam]]
    maria = user(MARIA).id
    db.session.remove()
    assert said(app, signed_in(app, adam), "GET", f"/admin/accounts/{maria}")[0] == 404
