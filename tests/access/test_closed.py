"""On a closed plan nothing is written, by any route, whoever asks: an action made later is tried here by itself."""

from collections.abc import Iterator

import pytest
from flask import Flask
from werkzeug.routing import Rule

from access import loaders
from access.closed import STILL_GIVEN
from access.grants import Closed
from access.permissions import Permission
from actions import statements, threads
from actions.openings import Opening
from actions.unit_of_work import Units
from blueprints.gate import OF_THE_CLINIC, permission_of
from models.base import db
from tests.access.canary_walk import ENDS
from tests.access.test_matrix import address, base, rules, signed_in
from tests.access.world import World, worlds
from tests.closing import close
from tests.databases.kinds import both
from tests.migrations.rows import hashes
from tests.personas import CORA, DANA, GUARDIAN, LENA, MARIA, actor, patient_id

GOES_ON = {
    *("patient:identity:view", "patient:about:view", "patient:care-team:view", "plan:board:view"),
    *("plan:document:view", "plan:thread:view", "plan:task:view", "plan:history:view", "plan:sign-off:view"),
    *("patient:identity:correct", "patient:about:edit", "patient:care-team:edit"),
    *("plan:publication:withdraw", "plan:state:change", "portal:plan:read"),
    *(
        "plan:record:release",
        "portal:copy:take",
        "portal:looks:read",
        "portal:questions:read",
        "patient:looks:view",
        "plan:questions:view",
        "plan:alert:acknowledge",
    ),
}
"""Written down by hand, as the matrix is: whoever lets more be done with a closed plan changes it here too."""

ABOUT_THE_PATIENT = (
    *("patients.", "contacts.", "care_team_members.", "responsible_clinicians.", "involvements.", "consents."),
    *("portal_accesses.", "desk_codes.", "letters.", "sign_in_links.", "users.", "user_roles.", "login_sessions."),
)
"""Tables whose rows go on changing."""
ON_THE_WAY = (
    "audit_",
    "record_",
    "thread_reads.",
    "patients_seen.",
    "notifications.",
    "search_",
    "sign_in_failures.",
    "document_authorship.",
)


def of_patients(app: Flask, *, still: bool) -> Iterator[tuple[Rule, str, Permission]]:
    """Routes by whether a closed plan still takes them."""
    for rule, method in rules(app):
        right = permission_of(app, rule.endpoint)
        if right is not None and right not in OF_THE_CLINIC and (right in STILL_GIVEN) is still:
            yield rule, method, right


def test_what_goes_on_is_what_is_written_here() -> None:
    assert {str(each) for each in STILL_GIVEN} == GOES_ON


@both
def test_every_writing_route_is_refused_and_says_why(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    maria, _ines = worlds(app)
    close(app)
    tried = 0
    for persona in (DANA, LENA, CORA, MARIA, GUARDIAN):
        client = signed_in(app, persona)
        for rule, method, right in of_patients(app, still=False):
            if maria.expects(persona, right) != "ok":
                continue
            answer = client.open(address(app, rule, maria.ids), method=method, base_url=base(app))
            assert answer.status_code == 403, (persona.key, method, rule.rule)
            assert "The plan is closed" in answer.get_data(as_text=True), (persona.key, method, rule.rule)
            tried += 1
    assert tried > 60


def test_every_page_is_still_read(app: Flask) -> None:
    maria, _ines = worlds(app)
    close(app)
    for persona in (DANA, CORA, MARIA, GUARDIAN):
        client = signed_in(app, persona)
        for rule, method, right in of_patients(app, still=True):
            if method == "GET" and maria.expects(persona, right) == "ok":
                status = client.get(address(app, rule, maria.ids), base_url=base(app)).status_code
                assert status in (200, 303, 404), (persona.key, rule.rule, status)
                assert status != 404 or rule.arguments & {"version_id", "publication_id", "name"}, rule.rule


def test_no_form_at_all_changes_the_plan(app: Flask) -> None:
    """Also those of routes that need no patient, as the bulk changes of tasks, with fields that fit many forms."""
    app.config["WTF_CSRF_ENABLED"] = False
    maria, _ines = worlds(app)
    close(app)
    with app.app_context():
        before = hashes(db.engine)
    for persona in (DANA, CORA, MARIA):
        client = signed_in(app, persona)
        for rule, method in rules(app):
            if method == "GET" or rule.endpoint in ENDS or rule.endpoint.startswith(("plan_state.", "teams.")):
                continue
            client.open(address(app, rule, maria.ids), method=method, data=form(maria), base_url=base(app))
    with app.app_context():
        now = hashes(db.engine)
    changed = {name for name in now if now[name] != before.get(name)}
    assert {each for each in changed if not each.startswith((*ABOUT_THE_PATIENT, *ON_THE_WAY))} <= {"plans.revision"}


def form(world: World) -> dict[str, object]:
    words = dict.fromkeys(("body", "title", "reason", "words", "text", "quote", "replacement"), "Words of a form.")
    ids = {name.removesuffix("_id"): value for name, value in world.ids.items()}
    return {
        **ids,
        **words,
        "task": [world.ids["task_id"]],
        "assignee": "patient",
        "state": "done",
        "to": "done",
        "seen": "not_done",
        "kind": "agrees",
        "way": "phone",
        "told_by": "Maria",
        "on": "24 Nov 2026",
        "told_on": "24 Nov 2026",
        "told_to": world.ids["user_id"],
        "epoch": 1,
        "base_seq": 0,
    }


@both
@pytest.mark.usefixtures("context")
def test_a_right_that_was_given_before_the_plan_was_closed_is_not_used_after_it(app: Flask) -> None:
    """Whoever loaded the patient, and waited for their turn while another closed the plan."""
    units: Units = app.extensions["consilium"].units
    maria = patient_id("Maria Kovač")
    talks = loaders.patient(actor(LENA), maria, Permission.THREAD_WRITE)
    db.session.remove()
    close(app)
    talks = type(talks)(talks.actor, talks.patient, talks.plan, talks.permissions)
    with pytest.raises(Closed), units.begin(talks.actor) as work:
        threads.open_thread(work, _still_held(talks, maria), Opening(body="Too late."))
    with app.app_context():
        assert statements.latest(maria) is not None
        assert not db.session.scalar(db.text("SELECT count(*) FROM threads"))
    with pytest.raises(Closed):
        loaders.patient(actor(LENA), maria, Permission.THREAD_WRITE)


def _still_held(grant, maria: int):  # type: ignore[no-untyped-def]
    """The same right with rows of this session."""
    now = loaders.patient(actor(LENA), maria, Permission.THREAD_VIEW)
    return type(grant)(grant.actor, now.patient, now.plan, grant.permissions)
