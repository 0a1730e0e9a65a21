"""An alert is mailed at once, whatever the hour and whatever people wished; it goes further until somebody records what
was done; and no step of it is lost or taken twice."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import event, select

from access import loaders
from access.permissions import Permission
from actions import alerts, questions, working_days
from actions.questions import Asked
from jobs import waiting
from jobs.post import Post
from models.alert import Alert, AlertEscalation
from models.audit import AuditEvent
from models.base import db
from models.publication import AnswerWay
from models.question import Urgency
from models.team import Membership
from tests.conftest import Browser, MovableClock
from tests.databases.kinds import both
from tests.mail.server import MailServer
from tests.mail.talking import Wish
from tests.personas import ADAM, AINO, CORA, DANA, LENA, MARIA, OTTO, RAVI, actor, patient_id, user

DAY = date(2026, 11, 24)
WORDS = "I cannot go on."
FIRST = {DANA.email, LENA.email, CORA.email}
TEAM = FIRST | {RAVI.email, AINO.email}

pytestmark = both


def ask(app: Flask, is_risk: bool = True, text: str = WORDS) -> int:
    """Maria asks from her page; the question's id."""
    with app.app_context():
        grant = loaders.portal(actor(MARIA), patient_id("Maria Kovač"), Permission.PORTAL_WORDS_WRITE)
        with app.extensions["consilium"].units.begin(grant.actor) as work:
            asked = Asked(text, is_risk, AnswerWay.PAGE, "Maria", DAY)
            return questions.ask(work, grant, Permission.PORTAL_WORDS_WRITE, asked, DAY).id


def acknowledge(app: Flask, alert_id: int = 1) -> None:
    with app.app_context():
        grant = loaders.alert(actor(RAVI), patient_id("Maria Kovač"), alert_id)
        with app.extensions["consilium"].units.begin(grant.actor) as work:
            alerts.acknowledge(work, grant, "Reached her.")


def triage(app: Flask, urgency: Urgency) -> None:
    with app.app_context():
        grant = loaders.question(actor(DANA), patient_id("Maria Kovač"), 1, Permission.QUESTION_ANSWER)
        with app.extensions["consilium"].units.begin(grant.actor) as work:
            questions.triage(work, grant, urgency)


def look(app: Flask) -> int:
    """A round of the job."""
    return waiting.take_care(app, app.extensions["consilium"].units)


@pytest.fixture
def arrive(post: Post, mail_server: MailServer) -> Callable[[], set[str]]:
    """Send what is due; whom something reached since the last time."""

    def send() -> set[str]:
        before = len(mail_server.mails)
        post.send_due()
        return {to for mail in mail_server.mails[before:] for to in mail.to}

    return send


def test_it_is_mailed_at_once_at_night_and_against_wishes(
    app: Flask, clock: MovableClock, mail_server: MailServer, wish: Wish, arrive: Callable[[], set[str]]
) -> None:
    wish(LENA, mails_at_once=False, mails_digest=False)
    wish(DANA, quiet_from=time(0), quiet_until=time(23, 59))
    clock.now = datetime(2026, 11, 24, 23, 30, tzinfo=UTC)
    ask(app)
    assert arrive() == FIRST
    for mail in mail_server.mails:
        assert mail.subject == "Alert: a patient needs somebody now"
        assert "/plan#alerts" in mail.text
        for word in (WORDS, "Maria", "Kovač", "harm", "C-10482"):
            assert word not in mail.text, word
    assert arrive() == set()


def test_what_was_seen_is_mailed_and_what_was_seen_to_is_not(
    app: Flask, browser: Callable[..., Browser], arrive: Callable[[], set[str]]
) -> None:
    ask(app)
    browser(DANA).post("/notices/seen")
    assert DANA.email in arrive()
    ask(app, text="Again.")
    acknowledge(app, 2)
    assert arrive() == set()


def test_it_goes_further_until_somebody_records_what_was_done(
    app: Flask,
    clock: MovableClock,
    mail_server: MailServer,
    browser: Callable[..., Browser],
    arrive: Callable[[], set[str]],
) -> None:
    with app.app_context():  # Otto leads Maria's team and is not in her care team
        team = db.session.scalars(select(Membership.team_id).where(Membership.user_id == user(DANA).id)).one()
        lead = Membership(team_id=team, user_id=user(OTTO).id, lead=True, since=clock.now, added_by_id=user(ADAM).id)
        db.session.add(lead)
        db.session.commit()
    ask(app)
    arrive()
    clock.advance(minutes=59)
    assert look(app) == 0
    clock.advance(minutes=1)
    assert look(app) == 1
    assert look(app) == 0
    assert arrive() == TEAM | {OTTO.email}
    otto = browser(OTTO)
    for page in (otto.get("/alerts"), otto.get("/work"), otto.get("/notices")):
        text = page.get_data(as_text=True)
        assert "C-10482" in text
        for word in ("Maria", WORDS):
            assert word not in text
    assert "Dana Osei" in otto.get("/alerts").get_data(as_text=True)
    assert otto.get("/notices/9").headers["Location"] in ("/alerts", "/notices")
    clock.advance(minutes=60)
    assert look(app) == 1
    assert arrive() == TEAM | {OTTO.email, ADAM.email}
    assert "C-10482" in browser(ADAM).get("/alerts").get_data(as_text=True)
    assert "C-10482" in browser(ADAM).get("/work").get_data(as_text=True)
    assert "went further 2 times" in browser(AINO).get("/work").get_data(as_text=True)
    clock.advance(minutes=60)
    assert look(app) == 0
    clock.advance(hours=23)
    assert look(app) == 2  # the question itself waits for too long, too
    acknowledge(app)
    assert arrive() == set()
    clock.advance(days=3)
    look(app)
    assert "No alert waits." in browser(ADAM).get("/alerts").get_data(as_text=True)
    with app.app_context():
        assert [row.step for row in db.session.scalars(select(AlertEscalation).order_by(AlertEscalation.step))] == [
            1,
            2,
            3,
        ]
        told = db.session.scalars(
            select(AuditEvent.action).where(AuditEvent.thing == "alert:1").order_by(AuditEvent.id)
        )
        assert list(told) == ["alert:raise", *["alert:escalate"] * 3, "plan:alert:acknowledge"]


def test_a_step_that_dies_before_its_commit_is_taken_once(
    app: Flask, clock: MovableClock, arrive: Callable[[], set[str]]
) -> None:
    """Step and mails are one commit: what is not committed is due again."""
    ask(app)
    arrive()
    clock.advance(minutes=60)

    def dies(_session: object) -> None:
        raise SystemError("killed")

    event.listen(db.session, "before_commit", dies)
    try:
        with pytest.raises(SystemError):
            look(app)
    finally:
        event.remove(db.session, "before_commit", dies)
    assert arrive() == set()
    assert look(app) == 1
    assert arrive() == TEAM
    with app.app_context():
        assert [row.step for row in db.session.scalars(select(AlertEscalation))] == [1]


def test_a_question_past_the_clinics_limit_is_told_again(
    app: Flask, clock: MovableClock, arrive: Callable[[], set[str]], browser: Callable[..., Browser]
) -> None:
    clock.now = datetime(2026, 11, 27, 15, tzinfo=UTC)  # a Friday
    ask(app, is_risk=False, text="May I swim?")
    assert look(app) == 0
    clock.advance(days=2)
    assert look(app) == 0
    clock.advance(days=1)
    assert look(app) == 1
    assert look(app) == 0
    said = "still waits for an answer"
    assert said in browser(DANA).get("/notices").get_data(as_text=True)
    triage(app, Urgency.URGENT)
    clock.advance(minutes=61)
    assert look(app) == 1
    triage(app, Urgency.CONFERENCE)
    clock.advance(days=30)
    assert look(app) == 0
    with app.app_context():
        assert [row.text for row in questions.for_conference([patient_id("Maria Kovač")])] == ["May I swim?"]


def test_a_care_team_without_those_who_are_told_first_is_told_whole(app: Flask, arrive: Callable[[], set[str]]) -> None:
    with app.app_context():
        for persona in (DANA, LENA, CORA):
            user(persona).disabled_at = datetime(2026, 11, 1, tzinfo=UTC)
            user(persona).disabled_by_id = user(ADAM).id
        db.session.commit()
    ask(app)
    assert arrive() == {RAVI.email, AINO.email}
    with app.app_context():
        assert db.session.scalars(select(Alert)).one().acknowledged_at is None


@pytest.mark.parametrize(
    ("since", "days", "until"),
    [
        ((2026, 11, 24, 9), 1, (2026, 11, 25, 9)),
        ((2026, 11, 27, 15), 1, (2026, 11, 30, 15)),
        ((2026, 11, 28, 15), 1, (2026, 12, 1, 0)),
        ((2026, 11, 26, 15), 3, (2026, 12, 1, 15)),
        ((2027, 3, 26, 12), 1, (2027, 3, 29, 12)),  # clocks change on the Sunday between
    ],
)
def test_working_days(database: str, since: tuple[int, ...], days: int, until: tuple[int, ...]) -> None:
    vienna = ZoneInfo("Europe/Vienna")
    found = working_days.after(datetime(*since, tzinfo=vienna).astimezone(UTC), days, vienna)  # type: ignore[misc, arg-type]
    assert found == datetime(*until, tzinfo=vienna)  # type: ignore[misc, arg-type]
    assert found - datetime(*since, tzinfo=vienna) > timedelta()  # type: ignore[misc, arg-type]
