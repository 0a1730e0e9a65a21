"""The list of what one was told: live count, exact links, and nothing of patients one no longer sees."""

import re
from typing import Any

import pytest
from flask import Flask

from access import hearing, loaders
from access.grants import Refusal
from access.permissions import Permission
from actions import care_team, notices
from models.base import db
from models.notification import NoticeKind, Notification
from models.patient import CareTeamMember
from tests.blueprints.talking import Talk, maria
from tests.databases.kinds import both
from tests.personas import AINO, CORA, DANA, EVERYONE, LENA, OTTO, RAVI, actor, patient_id, user

WORDS = "Zephyrquartz"


@pytest.fixture
def talk(app: Flask) -> Talk:
    return maria(app)


def bell(page: str) -> str:
    found = re.search(r"data-words>([^<]+)<", page)
    assert found is not None
    return found[1]


@both
def test_a_mention_is_told_and_leads_to_its_thread(talk: Talk, browser: Any) -> None:
    dana, lena = browser(DANA), browser(LENA)
    opened = talk.opened(dana, body=f"@Lena {WORDS}?")
    page = lena.get("/notices").get_data(as_text=True)
    assert bell(page) == "Notices, one new"
    assert "Dana Osei mentioned you in a discussion" in page
    assert "Maria Kovač" in page
    assert WORDS not in page
    link = re.search(r'href="(/notices/\d+)"', page)
    assert link is not None
    answer = lena.get(link[1])
    assert answer.headers["Location"] == f"{talk.plan}?thread={opened['thread']}#thread-{opened['thread']}"
    assert bell(lena.get("/notices").get_data(as_text=True)) == "Notices"
    assert bell(dana.get("/notices").get_data(as_text=True)) == "Notices"


def test_reading_the_thread_is_seeing_its_notices(talk: Talk, browser: Any) -> None:
    lena = browser(LENA)
    opened = talk.opened(browser(DANA), body="@Lena a moment?")
    talk.opened(browser(DANA), body="@Lena another?")
    talk.send(lena, f"{talk.thread(opened)}/read")
    assert bell(lena.get("/notices").get_data(as_text=True)) == "Notices, one new"


def test_all_are_marked_seen_at_once_without_scripts(talk: Talk, browser: Any) -> None:
    dana, lena = browser(DANA), browser(LENA)
    for number in range(3):
        talk.opened(dana, body=f"@Lena {number}")
    page = lena.get("/notices").get_data(as_text=True)
    assert bell(page) == "Notices, 3 new"
    assert lena.post("/notices/seen").status_code == 303
    page = lena.get("/notices").get_data(as_text=True)
    assert bell(page) == "Notices"
    assert "Mark all as seen" not in page


def test_an_empty_list_says_what_will_be_there(browser: Any) -> None:
    page = browser(LENA).get("/notices").get_data(as_text=True)
    assert "Nobody has told you anything yet." in page


def test_older_notices_follow_page_by_page(app: Flask, browser: Any) -> None:
    with app.app_context(), app.extensions["consilium"].units.begin(actor(DANA)) as work:
        for _number in range(notices.PAGE + 3):
            notices.tell(work, frozenset({user(LENA).id}), NoticeKind.REPLY, patient_id("Maria Kovač"))
    lena, seen, path = browser(LENA), 0, "/notices"
    while path:
        page = lena.get(path).get_data(as_text=True)
        seen += len(re.findall(r'href="/notices/\d+"', page))
        more = re.search(r'href="(/notices\?before=\d+)"', page)
        path = more[1] if more else ""
    assert seen == notices.PAGE + 3


def test_who_left_the_care_team_is_told_nothing_more(app: Flask, talk: Talk, browser: Any) -> None:
    talk.opened(browser(DANA), body="@Aino a moment?")
    aino = browser(AINO)
    link = re.search(r'href="(/notices/\d+)"', aino.get("/notices").get_data(as_text=True))
    assert link is not None
    with app.app_context():
        grant = loaders.patient(actor(CORA), talk.patient, Permission.CARE_TEAM_EDIT)
        member = db.session.scalars(
            db.select(CareTeamMember).where(
                CareTeamMember.patient_id == talk.patient, CareTeamMember.user_id == user(AINO).id
            )
        ).one()
        with app.extensions["consilium"].units.begin(grant.actor) as work:
            care_team.remove(work, grant, member.id)
    page = aino.get("/notices").get_data(as_text=True)
    assert bell(page) == "Notices"
    assert "Maria" not in page
    assert aino.get(link[1]).headers["Location"] == "/notices"


def test_nobody_opens_anothers_notice(talk: Talk, browser: Any) -> None:
    talk.opened(browser(DANA), body="@Lena a moment?")
    with talk.app.app_context():
        notice = db.session.scalars(db.select(Notification.id)).one()
    assert browser(RAVI).get(f"/notices/{notice}").headers["Location"] == "/notices"
    assert bell(browser(LENA).get("/notices").get_data(as_text=True)) == "Notices, one new"


@both
def test_who_may_hear_is_who_may_read(app: Flask) -> None:
    """The condition inside queries says what the loaders say."""
    with app.app_context():
        units = app.extensions["consilium"].units
        patients = [patient_id("Maria Kovač"), patient_id("Ines Duarte")]
        everyone = frozenset(user(each).id for each in EVERYONE)
        with units.begin(None) as work:
            for patient in patients:
                notices.tell(work, everyone, NoticeKind.REPLY, patient)
        for persona in (*EVERYONE, OTTO):
            told = set(
                db.session.scalars(
                    db.select(Notification.patient_id).where(
                        Notification.user_id == user(persona).id, hearing.may_hear()
                    )
                )
            )
            assert told == {each for each in patients if _reads(persona, each)}, persona.key


def _reads(persona: Any, patient: int) -> bool:
    try:
        loaders.patient(actor(persona), patient, Permission.THREAD_VIEW)
    except Refusal:
        return False
    return True
