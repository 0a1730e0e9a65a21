"""Nothing of a patient one may not see, in any answer of any page, form, fragment or search."""

import re

import pytest
from flask import Flask

from models.base import db
from models.patient import CareTeamMember
from tests.access import canary
from tests.access.canary import WHO_SHE_IS
from tests.access.canary_walk import Walk, walk_of
from tests.access.test_matrix import base
from tests.databases.kinds import both
from tests.personas import ADAM, AINO, CORA, DANA, MARIA, OTTO, Persona, user

STRANGERS = (DANA, AINO, ADAM, MARIA, None)
"""Who may know nothing of Ines: who leads another team, who left her care team, who administers, another patient, and
who is not signed in."""


@pytest.fixture
def walk(app: Flask) -> Walk:
    return walk_of(app)


def test_no_answer_tells_a_stranger_anything(walk: Walk) -> None:
    asked = [*walk.addresses("GET"), *walk.queries()]
    assert len(asked) > 100
    for persona in (*STRANGERS, CORA):
        client = walk.client(persona)
        told = {path: walk.told(client, path) for _method, path in asked}
        known = set(WHO_SHE_IS) if persona is CORA else set()
        leaks = [f"{_name(persona)} {path}: {sorted(found - known)}" for path, found in told.items() if found - known]
        assert set().union(*told.values()) == known, "\n".join(leaks)


def test_the_words_are_there_for_who_may_read_them(walk: Walk) -> None:
    """Otherwise the others here would find nothing whatever the pages showed."""
    otto = walk.client(OTTO)
    asked = [path for _method, path in [*walk.addresses("GET"), *walk.queries()]]
    unseen = set(walk.canary.words).difference(*(walk.told(otto, path) for path in asked))
    assert {name.partition(".")[0] for name in unseen} <= set(canary.NO_PAGE_YET)
    assert walk.told(walk.client(AINO), "/notices") == set()
    with walk.app.app_context():
        ended = db.session.query(CareTeamMember).filter_by(patient_id=walk.canary.patient_id, user_id=user(AINO).id)
        ended.update({"until": None})
        db.session.commit()
    assert walk.told(walk.client(AINO), "/notices") == {"patients.name"}


def test_no_form_that_names_what_is_hers_is_answered_with_it(walk: Walk) -> None:
    walk.app.config["WTF_CSRF_ENABLED"] = False
    leaks = []
    asked = walk.addresses("POST", "DELETE")
    for persona in STRANGERS:
        client = walk.client(persona)
        for kind in ("discussion", "suggestion"):
            form = walk.form(kind)
            for method, path in (
                asked if kind == "discussion" else [each for each in asked if "threads" in each[1][-8:]]
            ):
                if found := walk.told(client, path, method, data=form, follow_redirects=True):
                    leaks.append(f"{_name(persona)} {method} {path}: {sorted(found)}")
        assert client.get("/account", base_url=base(walk.app)).status_code == (200 if persona else 303)
    assert not leaks, "\n".join(leaks)


@both
def test_a_search_for_a_hidden_word_is_answered_like_one_for_no_word(walk: Walk) -> None:
    """The page finds what the palette finds, so that one person asks it."""
    more = {DANA: ("/search", "/patients"), CORA: ("/patients",)}
    for persona in (DANA, AINO, ADAM, MARIA, CORA):
        client = walk.client(persona)
        for page in ("/search/palette", *more.get(persona, ())):
            answers = {}
            for name, word in {**walk.canary.words, "nowhere": canary.word()}.items():
                answer = client.get(f"{page}?q={word}", base_url=base(walk.app))
                said = _alike(answer.get_data(as_text=True).replace(word, "WORD"))
                answers[name] = said if answer.status_code == 200 else str(answer.status_code)
            different = {name for name, answer in answers.items() if answer != answers["nowhere"]}
            known = {"patients.name", "patients.number"} if persona is CORA else set()
            assert different == known, (persona.key, page)
    otto = walk.client(OTTO)
    for name, word in walk.canary.words.items():
        if name.partition(".")[0] in ("understanding", "pain-management", "tasks", "comments"):
            assert name in walk.told(otto, f"/search/palette?q={word}"), name


def _alike(page: str) -> str:
    """Without what differs from one answer to the next of the same page."""
    return re.sub(r'(nonce=|name="csrf-token" content=|name="csrf_token"[^>]* value=)"[^"]+"', "", page)


def _name(persona: Persona | None) -> str:
    return persona.key if persona is not None else "signed out"
