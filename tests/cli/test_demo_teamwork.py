"""What the story tells of threads, suggestions, conflicts and tasks is found on the pages of those who sign in."""

import re
import shutil
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from models.base import db
from models.document import Document
from models.notification import ALARMS, NoticeKind, Notification
from models.patient import Patient
from models.task import Priority, Task, TaskState
from models.thread import Comment, Suggestion, Thread, ThreadKind
from models.user import User
from tests.cli.conftest import DEMO_PASSWORD, close, open_app
from tests.conftest import Browser

Page = Callable[[str, str], str]
MARIA, PETER, INES, JONAS = "C-10482", "C-11207", "C-10655", "C-10711"
PLACEHOLDER = re.compile(r"(?i)lorem|ipsum|\bto ?do\b|\btbd\b|\bxxx|placeholder|\btest (comment|task)|\{[+-]\d")


@pytest.fixture(scope="module")
def clinic(demo_instance: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    folder = tmp_path_factory.mktemp("teamwork")
    shutil.copy(demo_instance / "consilium.db", folder / "consilium.db")
    app = open_app(folder, DEMO="1", DEMO_PASSWORD=DEMO_PASSWORD)
    app.testing = True
    yield app
    close(app)


@pytest.fixture(scope="module")
def page(clinic: Flask) -> Page:
    """The words of a page as somebody sees it; `{C-10482}` in the address is that patient's id."""
    with clinic.app_context():
        ids = {number: str(patient) for patient, number in db.session.execute(select(Patient.id, Patient.number))}
        db.session.remove()
    signed_in: dict[str, Browser] = {}

    def words(who: str, address: str) -> str:
        if who not in signed_in:
            browser = Browser(clinic.test_client(), clinic.extensions["consilium"].settings.public_url)
            assert (
                browser.post("/login", {"email": f"{who}@demo.example", "password": DEMO_PASSWORD}).status_code == 303
            )
            signed_in[who] = browser
        answer = signed_in[who].get(re.sub(r"\{(.+?)\}", lambda found: ids[found[1]], address))
        assert answer.status_code == 200, address
        text = re.sub(r"(?s)<script.*?</script>|<[^>]+>", " ", answer.get_data(as_text=True))
        return " ".join(unescape(text).split())

    return words


def test_a_conflict_between_two_sections_waits_for_dana(page: Page) -> None:
    board = page("dana", f"/patients/{{{MARIA}}}/plan")
    assert "Conflict between Physiotherapy and Pain management" in board
    assert "Conflict with Pain management" in board
    assert "Conflict with Physiotherapy" in board
    assert "would start on the same day" in board


def test_the_conflict_of_friday_is_settled_and_keeps_the_old_words(page: Page) -> None:
    board = page("aino", f"/patients/{{{PETER}}}/plan?threads=resolved")
    assert "rest on bad days" in board
    assert "contradicts the activity pacing in psychology?" in board.lower()
    assert "halve the load on bad days" in page("aino", f"/patients/{{{PETER}}}/plan")


def test_one_suggestion_waits_for_dana_and_another_was_accepted_by_her(page: Page) -> None:
    waiting = page("dana", f"/patients/{{{MARIA}}}/plan")
    assert "Lena Moreau suggests" in waiting
    assert "Accept" in waiting
    settled = page("ravi", f"/patients/{{{PETER}}}/plan?threads=resolved")
    assert "Night pain, fever or more weight lost" in settled
    assert "Accepted" in settled
    assert "Night pain, fever or more weight lost" in page("ravi", f"/patients/{{{PETER}}}/plan").split("Psychology")[0]


def test_a_question_for_a_discipline_and_the_crate_stand_on_the_board(page: Page) -> None:
    board = page("lena", f"/patients/{{{MARIA}}}/plan")
    assert "Question for Pain management" in board
    assert "Hold the weight that week?" in board
    assert "@Dana" in board


def test_tasks_are_late_due_taken_and_ended(page: Page) -> None:
    tasks = page("ravi", f"/patients/{{{MARIA}}}/tasks")
    assert "Write the taper letter to Dr. Sander" in tasks
    assert "late" in tasks
    assert "Send pool times to Maria" in tasks
    assert "from a comment" in tasks
    ended = page("ravi", f"/patients/{{{MARIA}}}/tasks?show=ended")
    assert "Full until spring" in ended
    assert "Write nutrition before today's conference" in page("aino", "/tasks")
    assert "Ring radiology for the date of the scan" in page("cora", "/tasks")
    assert "Ask at the pool for a place in the small group" in page("noor", "/tasks?whose=ours")


@pytest.mark.parametrize("who", ["dana", "lena", "ravi", "aino", "cora", "noor", "grace", "kofi", "yuki"])
def test_everyone_of_the_team_has_something_to_do_and_something_new(page: Page, who: str) -> None:
    assert page(who, "/tasks").count("Move to") >= 2
    notices = page(who, "/notices")
    assert notices.count(" ago") >= 2
    assert "new" in notices.split("newest first")[1]


@pytest.mark.usefixtures("inside")
def test_every_kind_state_and_priority_is_there_to_be_seen() -> None:
    def kinds(column: object) -> set[str]:
        return set(db.session.scalars(select(column)).unique())  # type: ignore[call-overload]

    assert kinds(Thread.kind) == set(ThreadKind)
    assert kinds(Task.state) == set(TaskState)
    assert kinds(Task.priority) == set(Priority)
    never = {NoticeKind.WITHDRAWN, NoticeKind.URGENT_QUESTION, NoticeKind.LATE_QUESTION}  # no plan had to be, and
    never |= ALARMS - {NoticeKind.ALERT}  # nobody waited for too long
    assert kinds(Notification.kind) == set(NoticeKind) - never
    for whose in (Task.assignee_id.is_not(None), Task.discipline_id.is_not(None), Task.for_patient):
        assert db.session.scalar(select(func.count()).select_from(Task).where(whose)) >= 5
    assert not db.session.scalar(select(func.count()).where(Notification.mail_after.is_not(None)))


@pytest.mark.usefixtures("inside")
def test_what_was_accepted_still_stands_in_the_text() -> None:
    rows = db.session.execute(
        select(Suggestion.replacement, Document.text)
        .join(Thread, Thread.id == Suggestion.thread_id)
        .join(Document, Document.id == Thread.document_id)
        .where(Suggestion.is_accepted)
    ).all()
    assert rows
    for replacement, text in rows:
        assert replacement in text


@pytest.mark.usefixtures("inside")
def test_nobody_wrote_a_placeholder_and_everything_was_said_in_order() -> None:
    said = [*db.session.scalars(select(Comment.body)), *db.session.scalars(select(Task.title + Task.details))]
    assert len(said) > 100
    for words in said:
        assert not PLACEHOLDER.search(words), words
    for thread in db.session.scalars(select(Thread)):
        times = [comment.at for comment in thread.comments]
        assert times == sorted(times)
    assert db.session.scalar(select(func.count()).select_from(User).where(User.name == "")) == 0


def test_the_audit_of_the_demo_is_whole(clinic: Flask) -> None:
    answer = clinic.test_cli_runner().invoke(args=["audit", "verify"])
    assert answer.exit_code == 0, answer.output
